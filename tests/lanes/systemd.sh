# The real systemd --user with a bus of its own, in a mount namespace that hides the host's /run.
# Takes an empty folder, which becomes the home, and a command to run once systemd answers. Its log is FOLDER/log.
set -eu
W=$1 during=$2
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0 # by the first of the two systemctl knows that systemd is there
chmod 700 /run/user/0
export HOME="$W" XDG_RUNTIME_DIR=/run/user/0 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/0/bus
bus=$(dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --fork --nopidfile --print-pid)
/lib/systemd/systemd --user --log-target=console > "$W/log" 2>&1 &
manager=$!
trap 'kill "$manager" "$bus"' EXIT
for _ in $(seq 100); do
  systemctl --user is-system-running > "$W/state" 2>&1 && break
  sleep 0.1
done
sh -euc "$during"
