/** Where a packet died: from trace events to the rule as its own tool prints it. */
import { enter, inside, type Place } from './namespaces.ts';
import type { Probe, TraceEvent } from './probe.ts';

/** A namespace whose rules are traced. */
export interface TracedPlace {
  readonly host: string;
  /** Empty for the host's own. */
  readonly container: string;
  readonly place: Place;
}

export interface DropPlace {
  readonly host: string;
  /** Empty for the host's own namespace. */
  readonly container: string;
  readonly backend: 'iptables-legacy' | 'iptables-nft' | 'nftables';
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** 1-based; null: the chain's policy. */
  readonly position: number | null;
  readonly text: string;
  readonly direction: 'request' | 'reply';
}

/** `table chain` -> rules in order, and policies; of one save listing. */
interface Saved {
  readonly rules: ReadonlyMap<string, readonly string[]>;
  readonly policies: ReadonlyMap<string, string>;
}

export function readSave(text: string): Saved {
  const rules = new Map<string, string[]>();
  const policies = new Map<string, string>();
  let table = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1);
    const chain = /^:(\S+) (\S+)/.exec(line);
    if (chain) {
      rules.set(`${table} ${chain[1]}`, []);
      policies.set(`${table} ${chain[1]}`, chain[2]!);
    }
    const rule = /^-A (\S+)/.exec(line);
    if (rule) rules.get(`${table} ${rule[1]}`)!.push(line);
  }
  return { rules, policies };
}

/** `family table chain` -> [handle, text] in order, of `nft -a list ruleset`. */
export function readHandles(text: string): ReadonlyMap<string, readonly (readonly [number, string])[]> {
  const chains = new Map<string, [number, string][]>();
  let table = '';
  let chain = '';
  for (const line of text.split('\n')) {
    const opened = /^(\t?)(table|chain) (.*) \{ # handle \d+$/.exec(line);
    if (opened?.[2] === 'table') table = opened[3]!;
    if (opened?.[2] === 'chain') {
      chain = `${table} ${opened[3]}`;
      chains.set(chain, []);
    }
    const rule = /^\t\t(.*) # handle (\d+)$/.exec(line);
    if (rule) chains.get(chain)?.push([Number(rule[2]), rule[1]!]);
  }
  return chains;
}

interface Listings {
  readonly legacy: Saved;
  readonly nft: Saved;
  readonly handles: ReturnType<typeof readHandles>;
}

async function list(place: Place): Promise<Listings> {
  const run = (...argv: string[]): Promise<string> => inside(enter.network(place), argv);
  // iptables-legacy-save makes the tables that it looks for; only those that exist are asked.
  const tables = (await run('cat', '/proc/net/ip_tables_names')).split('\n').filter(Boolean);
  const legacy = await Promise.all(tables.map((table) => run('iptables-legacy-save', '-t', table)));
  const [nft, handles] = await Promise.all([run('iptables-nft-save'), run('nft', '-a', 'list', 'ruleset')]);
  return { legacy: readSave(legacy.join('\n')), nft: readSave(nft), handles: readHandles(handles) };
}

function place(event: TraceEvent, listings: Listings): Omit<DropPlace, 'host' | 'container' | 'direction'> | null {
  const { family, table, chain } = event;
  const key = `${table} ${chain}`;
  if (event.backend === 'iptables-legacy') {
    const backend = 'iptables-legacy';
    if (event.what === 'policy') {
      return listings.legacy.policies.get(key) === 'DROP' ? { backend, family, table, chain, position: null, text: 'policy DROP' } : null;
    }
    const text = event.what === 'rule' ? listings.legacy.rules.get(key)?.[event.number - 1] : undefined;
    return text && / -j (DROP|REJECT)\b/.test(text) ? { backend, family, table, chain, position: event.number, text } : null;
  }
  if (!event.dropped) return null;
  const saved = family === 'ip' ? listings.nft.rules.get(key) : undefined;
  const backend = saved ? 'iptables-nft' : 'nftables';
  if (event.what === 'policy') return { backend, family, table, chain, position: null, text: saved ? 'policy DROP' : 'policy drop' };
  const rules = listings.handles.get(`${family} ${key}`) ?? [];
  const index = rules.findIndex(([handle]) => handle === event.number);
  return { backend, family, table, chain, position: index + 1, text: saved?.[index] ?? rules[index]?.[1] ?? '' };
}

/** The first drop of each probe's packets, by the probe's id. `places` are named as the events name them; each concerned one's rules are read once. */
export async function findDrops(
  probes: readonly Probe[],
  events: readonly TraceEvent[],
  places: ReadonlyMap<string, TracedPlace>,
): Promise<ReadonlyMap<string, DropPlace>> {
  const listings = new Map<string, Promise<Listings>>();
  const drops = new Map<string, DropPlace>();
  const byPort = new Map(probes.map((probe) => [`${probe.protocol} ${probe.sport}`, probe]));
  for (const event of events) {
    if (event.backend === 'nft' && !event.dropped) continue;
    const [protocol, from, to] = event.flow;
    const request = byPort.get(`${protocol} ${from}`);
    const probe = request ?? byPort.get(`${protocol} ${to}`);
    const traced = places.get(event.at);
    if (!probe || !traced || drops.has(probe.id)) continue;
    if (!listings.has(event.at)) listings.set(event.at, list(traced.place));
    const found = place(event, await listings.get(event.at)!);
    if (found) drops.set(probe.id, { host: traced.host, container: traced.container, ...found, direction: request ? 'request' : 'reply' });
  }
  return drops;
}
