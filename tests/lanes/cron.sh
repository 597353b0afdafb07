# The real cron, on a clock 60 times as fast, with tables, mails and pid file of its own.
# Takes an empty folder in $HOME, a command to run before cron starts, and a test that ends it all when it holds.
# Mails go to FOLDER/mail.
set -eu
W=$1 before=$2 enough=$3
. "$(dirname "$0")/alone.sh"
mkdir -p "$W/spool" "$W/crond" "$W/mail" "$W/run" "$W/sbin"
touch "$W/crontab"
chown root:crontab "$W/spool"
chmod 1730 "$W/spool"
cp /usr/sbin/cron "$W/sbin/"
printf '#!/bin/sh\ncat > "%s/mail/$(date +%%s.%%N)"\n' "$W" > "$W/sbin/sendmail"
chmod 755 "$W/sbin/sendmail"
mount --bind "$W/spool" /var/spool/cron/crontabs
mount --bind "$W/crond" /etc/cron.d
mount --bind "$W/crontab" /etc/crontab
mount --bind "$W/run" /run
mount --bind "$W/sbin" /usr/sbin
sh -euc "$before"
touch "$W/started"
timeout 60 faketime -f '+0 x60' /usr/sbin/cron -f > "$W/log" 2>&1 & # faketime does not hand signals on, timeout does
for _ in $(seq 450); do
  sh -c "$enough" && break
  sleep 0.1
done
sleep 0.5 # for a mail that is being written, or that ought not to come
kill $!
