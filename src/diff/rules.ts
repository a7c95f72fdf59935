/** NAT and filter rules, by what they say and not by where they stand. */
import type { FactSource } from '../model/facts.ts';
import type { Chain, Rule, Statement, Table, Verdict } from '../model/firewall.ts';
import type { Netns } from '../model/network.ts';
import { type Entry, numbered, type Section } from './entry.ts';
import type { Side } from './names.ts';

const DNS = '127.0.0.11';

/** The engine's DNS redirection in a container names ports that are drawn at each start. */
function withoutDrawnPorts(text: string): string {
  return text.includes(DNS) ? text.replace(/(?<![\d.])[1-6]\d{4}(?![\d.])/g, 'PORT') : text;
}

function jumpsOf(statement: Statement): readonly string[] {
  const target = (verdict: Verdict | undefined) => (verdict && (verdict.kind === 'jump' || verdict.kind === 'goto') ? [verdict.chain] : []);
  if (statement.kind === 'verdict') return target(statement.verdict);
  if (statement.kind === 'vmap' && 'elements' in statement.map) return statement.map.elements.flatMap((element) => target(element.verdict));
  return [];
}

function namedMapJumps(table: Table, statement: Statement): readonly string[] {
  if (statement.kind !== 'vmap' || !('name' in statement.map)) return [];
  const elements = table.sets.get(statement.map.name)?.elements ?? [];
  return elements.flatMap((e) => (e.verdict && (e.verdict.kind === 'jump' || e.verdict.kind === 'goto') ? [e.verdict.chain] : []));
}

/** Chains of the table that translate: nat base chains, and what is reached from them. */
function natChains(table: Table): ReadonlySet<string> {
  if (table.backend !== 'nftables') return new Set(table.name === 'nat' ? table.chains.keys() : []);
  const open = [...table.chains.values()].filter((chain) => chain.base?.type === 'nat').map((chain) => chain.name);
  const reached = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const rule of table.chains.get(name)?.rules ?? []) {
      for (const statement of rule.statements) open.push(...jumpsOf(statement), ...namedMapJumps(table, statement));
    }
  }
  return reached;
}

function ruleEntry(side: Side, where: string, rule: Rule): Entry {
  const text = withoutDrawnPorts(side.stable(rule.text.replace(/^-A \S+ ?/, '')));
  return { key: `${where} ${text}`.trim(), fields: {}, label: `${where} ${rule.text}`, place: { chain: where, position: rule.position, rule } };
}

function chainEntries(side: Side, netns: Netns, table: Table, chain: Chain): readonly Entry[] {
  const where = `${netns.key}/${table.backend}/${table.family}/${table.name}/${side.stable(chain.name)}`;
  const rules = chain.rules.map((rule) => ruleEntry(side, where, rule));
  if (chain.base === null) return rules;
  const { policy, hook, priority, type, devices } = chain.base;
  return [{ key: `${where} policy`, fields: { policy, hook, priority, type, devices: [...devices], dormant: table.dormant } }, ...rules];
}

const X_TABLES: ReadonlySet<string> = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

interface Part {
  readonly name: string;
  readonly sources: readonly FactSource[];
  readonly holds: (table: Table) => boolean;
}

/**
 * Parts that are known or unknown together. Tables that iptables-nft keeps in nf_tables show as nftables' where
 * iptables-save failed: they hang on both sources.
 */
const PARTS: readonly Part[] = [
  { name: 'iptables-nft ip', sources: ['iptables-nft'], holds: (t) => t.backend === 'iptables-nft' && t.family === 'ip' },
  { name: 'iptables-nft ip6', sources: ['ip6tables-nft'], holds: (t) => t.backend === 'iptables-nft' && t.family === 'ip6' },
  { name: 'iptables-legacy ip', sources: ['iptables-legacy'], holds: (t) => t.backend === 'iptables-legacy' && t.family === 'ip' },
  { name: 'iptables-legacy ip6', sources: ['ip6tables-legacy'], holds: (t) => t.backend === 'iptables-legacy' && t.family === 'ip6' },
  { name: 'nftables ip', sources: ['nft', 'iptables-nft'], holds: (t) => t.backend === 'nftables' && t.family === 'ip' && X_TABLES.has(t.name) },
  { name: 'nftables ip6', sources: ['nft', 'ip6tables-nft'], holds: (t) => t.backend === 'nftables' && t.family === 'ip6' && X_TABLES.has(t.name) },
  {
    name: 'nftables',
    sources: ['nft'],
    holds: (t) => t.backend === 'nftables' && !(X_TABLES.has(t.name) && (t.family === 'ip' || t.family === 'ip6')),
  },
];

export function ruleSections(side: Side, netns: Netns): readonly Section[] {
  const { tables, gaps } = netns.firewall;
  return PARTS.flatMap((part): Section[] => {
    const unknown = gaps.find(({ gap }) => part.sources.some((source) => source === gap.source))?.gap.reason ?? null;
    const nat: Entry[] = [];
    const filter: Entry[] = [];
    for (const table of unknown === null ? tables.filter(part.holds) : []) {
      const translating = natChains(table);
      for (const chain of table.chains.values()) (translating.has(chain.name) ? nat : filter).push(...chainEntries(side, netns, table, chain));
    }
    return [
      { kind: 'natRule', netns: netns.key, part: part.name, entries: numbered(nat), unknown },
      { kind: 'filterRule', netns: netns.key, part: part.name, entries: numbered(filter), unknown },
    ];
  });
}
