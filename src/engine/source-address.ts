/** The address that a namespace speaks with where none was chosen. */
import type { InterfaceAddress, Link, Netns } from '../model/network.ts';
import { inPrefix, toBigInt } from '../util/ip.ts';
import { linksOf } from './index-netns.ts';

const SCOPES: Record<string, number> = { global: 0, universe: 0, site: 200, link: 253, host: 254, nowhere: 255 };

export function scopeOf(name: string): number {
  return SCOPES[name] ?? Number(name);
}

/** inet_select_addr: the address a device speaks with towards `dst`, at most of `scope`; null: none anywhere. */
export function selectAddress(ns: Netns, dev: string, dst: string | null, scope: 'global' | 'link' | 'host'): string | null {
  const fits = (a: InterfaceAddress) => a.family === 4 && !a.secondary && scopeOf(a.scope) <= scopeOf(scope);
  const index = linksOf(ns);
  const own = index.links.get(dev)?.addresses.filter(fits) ?? [];
  const near = dst === null ? own[0] : own.find((a) => inPrefix(`${a.peer ?? a.address}/${a.prefix}`, dst));
  if (near ?? own[0]) return (near ?? own[0])!.address;
  // The kernel goes by order of registration: real interfaces stand before those that were made on them.
  const real = (l: Link) => (l.kind === 'physical' || l.kind === 'veth' ? 0 : 1);
  for (const link of [...index.links.values()].sort((a, b) => real(a) - real(b))) {
    const other = link.addresses.find((a) => fits(a) && scopeOf(a.scope) !== 253);
    if (other) return other.address;
  }
  return null;
}

/** ipv6_dev_get_saddr, RFC 6724 in short: fitting scope, the outgoing interface, the longest common prefix. */
export function selectAddress6(ns: Netns, dev: string, dst: string): string | null {
  const target = toBigInt(dst);
  const linkLocal = (address: string) => inPrefix('fe80::/10', address);
  let best: { address: string; score: number } | null = null;
  for (const link of linksOf(ns).links.values()) {
    for (const a of link.addresses) {
      if (a.family !== 6 || !a.usable || (a.address === '::1' && dst !== '::1')) continue;
      if (linkLocal(a.address) && link.name !== dev) continue;
      const common = 128 - (toBigInt(a.address) ^ target).toString(2).length;
      const score = (a.address === dst ? 4096 : 0) + (linkLocal(a.address) === linkLocal(dst) ? 1024 : 0) + (link.name === dev ? 512 : 0) + common;
      if (!best || score > best.score) best = { address: a.address, score };
    }
  }
  return best?.address ?? null;
}
