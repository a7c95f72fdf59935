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
  /** Null: neighbour discovery, on the way of either. */
  readonly direction: 'request' | 'reply' | null;
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
  /** By family: `ip`, `ip6`. */
  readonly legacy: Readonly<Record<string, Saved>>;
  readonly nft: Readonly<Record<string, Saved>>;
  readonly handles: ReturnType<typeof readHandles>;
}

async function list(place: Place): Promise<Listings> {
  const run = (...argv: string[]): Promise<string> => inside(enter.network(place), argv);
  // iptables-legacy-save makes the tables that it looks for; only those that exist are asked.
  const legacy = async (program: string): Promise<Saved> => {
    const tables = (await run('cat', `/proc/net/${program.replace('tables', '_tables')}_names`)).split('\n').filter(Boolean);
    return readSave((await Promise.all(tables.map((table) => run(`${program}-legacy-save`, '-t', table)))).join('\n'));
  };
  const nft = async (program: string): Promise<Saved> => readSave(await run(`${program}-nft-save`));
  const [ip, ip6, ipNft, ip6Nft, handles] = await Promise.all([
    legacy('iptables'),
    legacy('ip6tables'),
    nft('iptables'),
    nft('ip6tables'),
    run('nft', '-a', 'list', 'ruleset'),
  ]);
  return { legacy: { ip, ip6 }, nft: { ip: ipNft, ip6: ip6Nft }, handles: readHandles(handles) };
}

function place(event: TraceEvent, listings: Listings): Omit<DropPlace, 'host' | 'container' | 'direction'> | null {
  const { family, table, chain } = event;
  const key = `${table} ${chain}`;
  if (event.backend === 'iptables-legacy') {
    const backend = 'iptables-legacy';
    const legacy = listings.legacy[family];
    if (event.what === 'policy') {
      return legacy?.policies.get(key) === 'DROP' ? { backend, family, table, chain, position: null, text: 'policy DROP' } : null;
    }
    const text = event.what === 'rule' ? legacy?.rules.get(key)?.[event.number - 1] : undefined;
    return text && / -j (DROP|REJECT)\b/.test(text) ? { backend, family, table, chain, position: event.number, text } : null;
  }
  if (!event.dropped) return null;
  const saved = listings.nft[family]?.rules.get(key);
  const backend = saved ? 'iptables-nft' : 'nftables';
  if (event.what === 'policy') return { backend, family, table, chain, position: null, text: saved ? 'policy DROP' : 'policy drop' };
  const rules = listings.handles.get(`${family} ${key}`) ?? [];
  const index = rules.findIndex(([handle]) => handle === event.number);
  return { backend, family, table, chain, position: index + 1, text: saved?.[index] ?? rules[index]?.[1] ?? '' };
}

export interface Drops {
  /** The first drop of each probe's packets, by the probe's id. */
  readonly first: ReadonlyMap<string, DropPlace>;
  /** What became of questions and answers of neighbour discovery meanwhile, where each probe was sent alone. */
  readonly neighbours: ReadonlyMap<string, readonly DropPlace[]>;
}

/** `places` are named as the events name them; each concerned one's rules are read once. */
export async function findDrops(probes: readonly Probe[], events: readonly TraceEvent[], places: ReadonlyMap<string, TracedPlace>): Promise<Drops> {
  const listings = new Map<string, Promise<Listings>>();
  const first = new Map<string, DropPlace>();
  const neighbours = new Map<string, DropPlace[]>();
  const byId = new Map(probes.map((probe) => [probe.id, probe]));
  const byPort = new Map(probes.map((probe) => [`${probe.protocol} ${probe.sport}`, probe]));
  for (const event of events) {
    if (event.backend === 'nft' && !event.dropped) continue;
    const [protocol, from, to, error] = event.flow;
    // Whatever becomes of an error or a reset, the packet that it answers had died already.
    if (error) continue;
    const request = byPort.get(`${protocol} ${from}`);
    const probe = protocol === 'neighbour' ? byId.get(event.probe ?? '') : (request ?? byPort.get(`${protocol} ${to}`));
    const traced = places.get(event.at);
    const asked = protocol === 'neighbour';
    if (!probe || !traced || (!asked && first.has(probe.id))) continue;
    if (!listings.has(event.at)) listings.set(event.at, list(traced.place));
    const found = place(event, await listings.get(event.at)!);
    if (!found) continue;
    const drop = { host: traced.host, container: traced.container, ...found, direction: asked ? null : request ? ('request' as const) : ('reply' as const) };
    if (asked) neighbours.set(probe.id, [...(neighbours.get(probe.id) ?? []), drop]);
    else first.set(probe.id, drop);
  }
  return { first, neighbours };
}
