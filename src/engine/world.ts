/** State of one walk: the model, what was assumed, and what the packets so far left behind (conntrack). */
import type { Gap, Known } from '../model/evidence.ts';
import type { Netns } from '../model/network.ts';
import type { World } from './types.ts';

/** Ends the walk: without this fact nothing more can be said. Caught where walks begin. */
export class MissingFact extends Error {
  readonly gap: Gap;
  constructor(gap: Gap) {
    super(gap.reason);
    this.gap = gap;
  }
}

export function need<T>(known: Known<T>): T {
  if (!known.known) throw new MissingFact(known.gap);
  return known.value;
}

/** Numeric sysctl, `ipv4.ip_forward`; `fallback` where the kernel does not have the key. */
export function sysctl(ns: Netns, key: string, fallback = 0): number {
  const text = need(ns.sysctls).get(key);
  return text === undefined ? fallback : Number(text.split(/\s/)[0]);
}

/** ipv4.conf: the larger of `all` and the interface's (IN_DEV_MAXCONF; for switches the same as IN_DEV_ORCONF). */
export function conf(ns: Netns, dev: string, name: string): number {
  return Math.max(sysctl(ns, `ipv4.conf.all.${name}`), sysctl(ns, `ipv4.conf.${sysctlName(dev)}.${name}`));
}

/** Interface names keep their dots as slashes in keys, as sysctl(8) prints them. */
export function sysctlName(dev: string): string {
  return dev.replaceAll('.', '/');
}

export function caveat(world: World, code: string, text: string): void {
  if (!world.caveats.has(code)) world.caveats.set(code, text);
}
