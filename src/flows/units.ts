/** Namespaces of containers that may be like one another: what is their own in them, and alone tells them apart. */
import type { Host, Model } from '../model/model.ts';
import type { Link, Netns } from '../model/network.ts';
import { familyOf, inPrefix, toBigInt } from '../util/ip.ts';

export interface Unit {
  readonly netns: Netns;
  /** Ends of its interfaces in the host's namespace, in the order of the interfaces. */
  readonly ports: readonly Link[];
  /** What is its own (text of addresses and MAC addresses, names of ports), and what stands for it. */
  readonly names: ReadonlyMap<string, string>;
  /** The same, as rules have it. */
  readonly values: ReadonlyMap<bigint | string, string>;
}

const isLoopback = (address: string) => inPrefix('127.0.0.0/8', address) || address === '::1';

export function macValue(mac: string): bigint {
  return BigInt(`0x${mac.replaceAll(':', '')}`);
}

/** Null: it is wired in a way of its own. */
function unitOf(model: Model, host: Host, netns: Netns): Unit | null {
  if (netns.kind !== 'container' || !netns.links.known || host.ownNetns === null) return null;
  const own = model.namespaces.get(host.ownNetns);
  const ports: Link[] = [];
  const names = new Map<string, string>();
  const values = new Map<bigint | string, string>();
  const add = (text: string, value: bigint | string) => {
    if (names.has(text)) return;
    const name = `@${names.size}`;
    names.set(text, name);
    values.set(value, name);
  };
  for (const link of [...netns.links.value].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const { address } of link.addresses) if (!isLoopback(address)) add(address, toBigInt(address));
    if (link.kind === 'loopback') continue;
    if (link.kind !== 'veth' || link.master !== null || link.peer === null || link.peer.netns !== own?.id || !own.links.known) return null;
    const port = own.links.value.find((l) => l.name === link.peer?.link);
    if (!port) return null;
    ports.push(port);
    for (const { mac } of [link, port]) if (mac) add(mac, macValue(mac));
    for (const { address } of port.addresses) add(address, toBigInt(address));
    add(port.name, port.name);
  }
  return { netns, ports, names, values };
}

/** By namespace. What two of them have in common is nobody's own: neither is like another then. */
export function unitsOf(model: Model, host: Host): ReadonlyMap<string, Unit> {
  const found = host.namespaces.flatMap((netns) => unitOf(model, host, netns) ?? []);
  const holders = new Map<string, number>();
  for (const netns of host.namespaces) {
    const mine = new Set<string>();
    for (const link of netns.links.known ? netns.links.value : []) {
      if (link.mac && link.kind !== 'loopback') mine.add(link.mac);
      for (const { address } of link.addresses) if (!isLoopback(address)) mine.add(address);
    }
    for (const text of mine) holders.set(text, (holders.get(text) ?? 0) + 1);
  }
  const alone = found.filter(({ names }) => [...names.keys()].every((text) => (holders.get(text) ?? 1) === 1));
  return new Map(alone.map((unit) => [unit.netns.id, unit]));
}

/** Facts as text, without where they were read; `name` renames whole words, null keeps them. */
export function renamed(value: unknown, name: (text: string) => string | null): string {
  return JSON.stringify(value, (key, v: unknown) =>
    key === 'source' ? undefined : typeof v === 'string' ? (name(v) ?? v) : typeof v === 'bigint' ? String(v) : v,
  );
}

export const addressesOf = (unit: Unit): readonly string[] => [...unit.names.keys()].filter((text) => familyOf(text) !== null);
