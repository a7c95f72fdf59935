#!/bin/sh
# sh netns-watch.sh: what the kernel tells of the namespace that it stands in, until stdin ends: of rtnetlink on stdout, of
# nf_tables on 3. First it says the processes that listen on stderr: of ip(8), and of nft(8) or `-`.
# For each line on stdin, a word that no output can contain, it says on 4 of what nothing is told: settings ($NETWHY_SYSCTLS,
# files below /proc/sys/net) and sockets, each with the word and an exit code behind it. It only reads.
ip -o monitor label all </dev/null 3>&- 4>&- &
ip=$!
nft=-
if command -v nft >/dev/null; then
  nft monitor </dev/null >&3 3>&- 4>&- &
  nft=$!
fi
exec >/dev/null 3>&-
echo "$ip $nft" >&2
cd /proc/sys/net || exit
while read -r word; do
  # Unquoted: names and patterns of files.
  grep -rsH '' $NETWHY_SYSCTLS >&4 </dev/null
  printf '\n%s %s\n' "$word" "$?" >&4
  ss -H -l -n -t -u -e >&4 </dev/null 2>/dev/null
  printf '\n%s %s\n' "$word" "$?" >&4
done
kill "$ip"
[ "$nft" = - ] || kill "$nft"
