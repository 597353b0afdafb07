# The real systemd --user, with a bus and a crontab of its own.
# Takes a command to run once systemd answers. The log is $HOME/log.
set -eu
during=$1
. "$(dirname "$0")/alone.sh"
if [ -d /var/spool/cron/crontabs ]; then mount -t tmpfs tmpfs /var/spool/cron/crontabs; fi
mkdir -p /run/systemd/system /run/user/0 # by the first of the two systemctl knows that systemd is there
chmod 700 /run/user/0
export XDG_RUNTIME_DIR=/run/user/0 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/0/bus
dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --fork --nopidfile
/lib/systemd/systemd --user --log-target=console > "$HOME/log" 2>&1 &
for _ in $(seq 100); do
  systemctl --user is-system-running > "$HOME/state" 2>&1 && break
  sleep 0.1
done
sh -euc "$during"
