/** Kernel settings of a namespace. */
import type { Netns } from '../model/network.ts';
import type { Entry, Section } from './entry.ts';
import type { Side } from './names.ts';

/** Readings and secrets, not settings. */
const NOT_SETTINGS: ReadonlySet<string> = new Set(['netfilter.nf_conntrack_count', 'ipv4.tcp_fastopen_key']);

/** `ipv4.conf.veth45ea3c1.rp_filter`; dots in an interface's name are slashes here (sysctl(8)). */
const OF_INTERFACE = /^((?:ipv4|ipv6)\.(?:conf|neigh)\.)([^.]+)(\..+)$/;

function stableKey(side: Side, key: string): string {
  const match = OF_INTERFACE.exec(key);
  return match?.[2] === undefined ? key : `${match[1]}${side.stable(match[2])}${match[3]}`;
}

function isOfInterface(key: string): boolean {
  const name = OF_INTERFACE.exec(key)?.[2];
  return name !== undefined && name !== 'all' && name !== 'default';
}

function keysOf(side: Side, netns: Netns): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const [key, value] of netns.sysctls.known ? netns.sysctls.value : []) if (!NOT_SETTINGS.has(key)) keys.set(stableKey(side, key), value);
  return keys;
}

/**
 * Writing `all` writes every interface (inet_forward_change, addrconf_fixup_forwarding): what only followed is not told again.
 * net.ipv4.ip_forward is `all` by its older name.
 */
function follows(keys: ReadonlyMap<string, string>, key: string): boolean {
  const [, family, name] = /^(ipv[46])\.conf\.([^.]+)\.forwarding$/.exec(key) ?? [];
  if (name === undefined) return false;
  if (name === 'all') return keys.get(key) === keys.get('ipv4.ip_forward') && family === 'ipv4';
  return keys.get(key) === keys.get(`${family}.conf.all.forwarding`);
}

/** Settings of an interface that only one side has come and go with the interface: its link stands for them. */
export function sysctlSection(side: Side, netns: Netns, otherSide: Side, other: Netns | undefined): Section {
  const theirs = other ? keysOf(otherSide, other) : new Map<string, string>();
  const own = keysOf(side, netns);
  const entries = [...own]
    .filter(([key]) => theirs.has(key) || !isOfInterface(key))
    .filter(([key]) => !(follows(own, key) && follows(theirs, key)))
    .map(([key, value]): Entry => ({ key: `${netns.key}/net.${key}`, fields: { value } }));
  return {
    kind: 'sysctl',
    netns: netns.key,
    part: '',
    entries: netns.sysctls.known ? entries : [],
    unknown: netns.sysctls.known ? null : netns.sysctls.gap.reason,
  };
}
