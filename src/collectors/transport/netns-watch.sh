#!/bin/sh
# sh netns-watch.sh: what the kernel tells of the namespace that it stands in, until stdin ends: of rtnetlink on stdout, of
# nf_tables on 3. First it says the processes that listen on stderr: of ip(8), and of nft(8) or `-`. It only listens.
ip -o monitor label all </dev/null 3>&- &
ip=$!
nft=-
if command -v nft >/dev/null; then
  nft monitor </dev/null >&3 3>&- &
  nft=$!
fi
exec >/dev/null 3>&-
echo "$ip $nft" >&2
while read -r _; do :; done
kill "$ip"
[ "$nft" = - ] || kill "$nft"
