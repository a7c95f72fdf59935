#!/bin/bash
# engines.sh FOLDER: unpacks Docker Engine 26.1 and 28.5 from Debian's packages into FOLDER/26.1/bin and FOLDER/28.5/bin.
# Nothing is installed: each suite gets an apt root of its own, on the mirror that this machine's apt already uses.
# Pinned versions first; where the suite has moved on, what it holds now, as long as the release line is the same.
set -euo pipefail
cache=$(realpath -m "$1")
mirror=$(apt-get indextargets --format '$(SITE)' | grep -v security | head -n 1)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

unpack() { # release-line suite docker.io-version containerd-version
  local line=$1 suite=$2 docker=$3 containerd=$4 target=$cache/$1 root
  [ -x "$target/bin/dockerd" ] && return
  root=$(mktemp -d "$cache/apt-$line.XXXXXX")
  mkdir -p "$root"/{state/lists/partial,cache/archives/partial,debs,files}
  : > "$root/status"
  echo "deb [signed-by=$keyring] $mirror $suite main" > "$root/sources.list"
  cat > "$root/apt.conf" << CONF
Dir::State "$root/state";
Dir::State::status "$root/status";
Dir::Cache "$root/cache";
Dir::Etc::sourcelist "$root/sources.list";
Dir::Etc::sourceparts "/dev/null";
APT::Sandbox::User "root";
CONF
  export APT_CONFIG=$root/apt.conf
  apt-get -qq update
  (
    cd "$root/debs"
    apt-get -qq download "docker.io=$docker" "containerd=$containerd" 2> /dev/null || apt-get -qq download docker.io containerd
    for package in *.deb; do dpkg-deb -x "$package" "$root/files"; done
  )
  unset APT_CONFIG
  "$root/files/usr/sbin/dockerd" --version | grep -q "version $line" || { echo "suite $suite no longer holds engine $line: $("$root/files/usr/sbin/dockerd" --version)" >&2; rm -rf "$root"; return 1; }
  mkdir -p "$root/bin"
  cp "$root"/files/usr/sbin/{dockerd,docker-proxy} "$root"/files/usr/bin/{containerd,containerd-shim-runc-v2} "$root/bin"
  mkdir -p "$target"
  rm -rf "$target/bin"
  mv "$root/bin" "$target/bin"
  rm -rf "$root"
}

mkdir -p "$cache"
exec 9> "$cache/lock"
flock 9
# In the background, because `unpack || ...` would switch off `set -e` inside.
unpack 26.1 trixie '26.1.5+dfsg1-9+deb13u1' '1.7.24~ds1-6+deb13u1' &
first=$!
unpack 28.5 sid '28.5.2+dfsg4-5' '2.1.9+ds1-5' &
second=$!
failed=0
wait $first || failed=1
wait $second || failed=1
exit $failed
