# Sourced by the lanes, in mount and process namespaces of their own: nothing but $HOME and /tmp can be written, and
# the machine's /run, with the sockets that reach its daemons, is hidden. What a lane needs besides, it mounts.
mount --bind /tmp /tmp
case $HOME in
/tmp/*) ;;
*) mount --bind "$HOME" "$HOME" ;;
esac
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /dev/shm
while read -r _ point _; do
  point=$(printf '%b' "$point") # a space is \040 there
  case $point in
  /tmp | "$HOME" | /run | /dev/shm | /proc | /proc/* | /sys/fs/cgroup*) ;;
  *) mount -o remount,bind,ro "$point" 2> /dev/null || [ ! -w "$point" ] ;;
  esac
done < /proc/self/mounts
