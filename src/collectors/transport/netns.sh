#!/bin/sh
# sh netns.sh SECONDS [WANTED PATH]...
# Reads every network namespace named by a PATH; `-` is the one this process stands in. WANTED: `all`, or of what the caller
# wants something, as net,neigh,fdb,rules,legacy,ipset,sysctl,ss. Needs $NETWHY_SYSCTLS, the files below /proc/sys/net, and
# $NETWHY_BOUNDARY, a word that no output can contain: lines that begin with it part the sections, on stdout and on stderr alike.
# Fast mode runs a namespace under one time-out and asks ip(8) several things per fork. If that is killed, careful mode
# asks again, one command and one time-out at a time, so that a single hanging command costs only its own fact.
# Only reads: iptables-legacy-save makes the kernel create its tables, so it runs only where ip_tables_names lists some.

mark() { # with the seconds since the machine started, for how long each section takes
  now=''
  read -r now _ </proc/uptime
  printf '\n%s %s\n' "$NETWHY_BOUNDARY" "$* $now"
  printf '\n%s %s\n' "$NETWHY_BOUNDARY" "$*" >&2
}

run() { # SOURCE COMMAND...
  mark begin "$mode" "$1"
  shift
  $limit "$@" </dev/null
  code=$?
  mark end "$code"
}

batch() { # FLAGS SOURCE,SOURCE... LINES: several ip(8) commands by one process, one line of JSON each
  mark begin "$mode" "$2"
  output=$(printf '%s\n' "$3" | ip -j $1 -batch -)
  code=$?
  printf '%s\n' "$output"
  mark end "$code"
}

links() {
  if [ "$mode" = fast ]; then
    batch -d ip.addr,ip.neigh 'addr show
neigh show'
    links=$output
    [ "$code" = 0 ] && return
  fi
  mark begin "$mode" ip.addr
  links=$($limit ip -j -d addr show </dev/null)
  code=$?
  printf '%s\n' "$links"
  mark end "$code"
  [ "$code" = 0 ] || links='"info_kind":"bridge"' # not known, so asked for
  run ip.neigh ip -j neigh show
}

routes() { # FAMILY SUFFIX
  if [ "$mode" = fast ]; then
    batch "-$1" "ip.route$2,ip.rule$2" 'route show table all
rule show'
    [ "$code" = 0 ] && return
  fi
  run "ip.route$2" ip -j "-$1" route show table all
  run "ip.rule$2" ip -j "-$1" rule show
}

bridges() { # reads $links
  case $links in
  *'"info_kind":"bridge"'* | *'"info_kind":"vxlan"'*)
    run bridge.link bridge -j -d link show
    run bridge.vlan bridge -j vlan show
    run bridge.fdb bridge -j fdb show
    ;;
  *) mark absent bridge ;;
  esac
}

sysctls() (
  cd /proc/sys/net || exit
  # Unquoted: names and patterns of files.
  run sysctl grep -rsH '' $NETWHY_SYSCTLS
)

legacy() { # SOURCE NAMES_FILE COMMAND
  names=''
  if { read -r names <"$2"; } 2>/dev/null || [ -n "$names" ]; then
    run "$1" "$3" -c
  elif [ -e "$2" ] && ! [ -r "$2" ]; then
    mark unreadable "$1"
  else
    mark absent "$1"
  fi
}

rules() {
  mark begin "$mode" nft
  output=$($limit nft -j -a list ruleset </dev/null)
  code=$?
  printf '%s\n' "$output"
  # nft before 1.0.7 tells the devices of a chain in its text alone.
  case $code$output in 0*'"ingress"'* | 0*'"egress"'*) $limit nft list chains </dev/null ;; esac
  mark end "$code"
  # Whatever iptables-nft-save could print stands in a table of family ip or ip6, so that word is in the listing.
  [ "$code" = 0 ] || output='"ip" "ip6"'
  case $output in *'"ip"'*) run iptables-nft "$nft4" -c ;; *) mark absent iptables-nft ;; esac
  case $output in *'"ip6"'*) run ip6tables-nft "$nft6" -c ;; *) mark absent ip6tables-nft ;; esac
}

wants() {
  case ,$wanted, in *,all,* | *,$1,*) ;; *) return 1 ;; esac
}

inside() {
  if wants net; then
    links
    bridges
    routes 4 ''
    routes 6 6
  else
    ! wants neigh || run ip.neigh ip -j neigh show
    ! wants fdb || run bridge.fdb bridge -j fdb show
  fi
  ! wants sysctl || sysctls
  ! wants ss || run ss ss -H -l -n -t -u -e
  ! wants rules || rules
  if wants legacy; then
    legacy iptables-legacy /proc/self/net/ip_tables_names "$legacy4"
    legacy ip6tables-legacy /proc/self/net/ip6_tables_names "$legacy6"
  fi
  ! wants ipset || run ipset ipset save
  mark done
}

enter() { # the namespace at $path, in $mode
  if [ "$path" = - ]; then
    set --
  else
    set -- nsenter --net="$path" --
  fi
  if [ "$mode" = fast ]; then
    $killer "$@" sh "$self" inside
  else
    "$@" sh "$self" inside
  fi
}

if [ "$1" = inside ]; then
  inside
  exit 0
fi

self=$0
seconds=$1
shift
killer=''
command -v timeout >/dev/null && killer="timeout -s KILL $seconds"

# Without the named variants a plain iptables-save is either of them, iptables(8).
nft4=iptables-nft-save nft6=ip6tables-nft-save legacy4=iptables-legacy-save legacy6=ip6tables-legacy-save
if ! command -v iptables-nft-save >/dev/null && ! command -v iptables-legacy-save >/dev/null; then
  case $(iptables-save -V 2>/dev/null) in
  '') ;;
  *nf_tables*) nft4=iptables-save nft6=ip6tables-save ;;
  *) legacy4=iptables-save legacy6=ip6tables-save ;;
  esac
fi
export nft4 nft6 legacy4 legacy6 mode limit wanted

index=0
while [ "$#" -gt 1 ]; do
  wanted=$1 path=$2
  shift 2
  mark open "$index"
  mode=fast limit=''
  enter
  status=$?
  if [ "$status" = 137 ]; then
    mode=careful limit=$killer
    enter
    status=$?
  fi
  mark close "$status"
  index=$((index + 1))
done
