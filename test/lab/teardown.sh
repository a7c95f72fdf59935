#!/bin/sh
# teardown.sh FOLDER: waits until its standard input closes, which the end of the lab's maker does in any case, even by kill -9;
# then takes away what outlives the lab's processes: their cgroups, leaf by leaf (cgroups(7)), and the folder.
trap '' INT TERM HUP
cat > /dev/null
name=$(basename "$1")
cgroups() { find /sys/fs/cgroup -depth -type d -path "*/$name-*" "$@" 2> /dev/null; }
# A frozen process (docker pause) does not die of SIGKILL before it is thawed.
cgroups -exec sh -c '[ -e "$1/freezer.state" ] && echo THAWED > "$1/freezer.state"; [ -e "$1/cgroup.freeze" ] && echo 0 > "$1/cgroup.freeze"' - {} \;
for _ in $(seq 200); do
  left=$(cgroups)
  [ -z "$left" ] && break
  echo "$left" | xargs rmdir 2> /dev/null || sleep 0.05
done
rm -rf "$1"
