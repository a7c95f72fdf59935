/** The text of iptables-save(8), with or without counters, of the legacy and the nft variant. */
import type { Counters } from '../../model/evidence.ts';
import type { BaseChain, Chain, Rule, Table } from '../../model/firewall.ts';
import { baseChain } from './chains.ts';
import { parseRule } from './rule.ts';
import { split } from './split.ts';

export interface IptablesOptions {
  readonly backend: 'iptables-legacy' | 'iptables-nft';
  readonly family: 4 | 6;
  /** Name of the fact, for evidence. */
  readonly source: string;
}

/** A line that could not be read. */
export interface LineProblem {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

interface OpenChain {
  readonly name: string;
  readonly base: BaseChain | null;
  readonly rules: Rule[];
  readonly line: number;
}

interface OpenTable {
  readonly name: string;
  readonly chains: Map<string, OpenChain>;
  readonly names: Set<string>;
  readonly line: number;
}

const COUNTERS = /^\[(\d+):(\d+)\]\s*/;
const CHAIN = /^:(\S+) (\S+)(?: \[(\d+):(\d+)\])?\s*$/;

function counters(packets: string | undefined, bytes: string | undefined): { readonly counters: Counters } | Record<string, never> {
  return packets === undefined ? {} : { counters: { packets: Number(packets), bytes: Number(bytes) } };
}

/** Never throws: what is no rule becomes a problem, what is not understood in a rule an `unknown` statement. */
export function parseIptablesSave(text: string, options: IptablesOptions): { tables: Table[]; problems: LineProblem[] } {
  const tables: Table[] = [];
  const problems: LineProblem[] = [];
  let table: OpenTable | null = null;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const problem = (reason: string) => problems.push({ line: number, text: line, reason });
    if (line.startsWith('*')) {
      if (table) problem(`table ${table.name} ends without COMMIT`);
      if (table) tables.push(close(table, options));
      const name = line.slice(1).trim();
      if (tables.some((other) => other.name === name)) problem('is listed twice');
      table = { name, chains: new Map(), names: new Set(), line: number };
    } else if (!table) problem('stands outside of any table');
    else if (line === 'COMMIT') {
      tables.push(close(table, options));
      table = null;
    } else if (line.startsWith(':')) chain(table, line, number, problem);
    else rule(table, line, number, options, problem);
  }
  if (table) {
    problems.push({ line: number, text: `*${table.name}`, reason: `table ${table.name} ends without COMMIT: the listing is cut off` });
    tables.push(close(table, options));
  }
  return { tables, problems };
}

function chain(table: OpenTable, line: string, number: number, problem: (reason: string) => void): void {
  const parts = CHAIN.exec(line);
  if (!parts) return void problem('is no chain');
  const [, name, policy] = parts as unknown as [string, string, string];
  const verdict = policy === 'ACCEPT' ? 'accept' : policy === 'DROP' ? 'drop' : null;
  if (!verdict && policy !== '-') return void problem(`policy ${policy} is not known`);
  const base = verdict && baseChain(table.name, name, verdict);
  if (verdict && !base) return void problem(`table ${table.name} has no built-in chain ${name}`);
  if (table.chains.has(name)) return void problem('is listed twice');
  table.names.add(name);
  const counted = counters(parts[3], parts[4]).counters;
  table.chains.set(name, { name, base: base && { ...base, ...(counted ? { policyCounters: counted } : {}) }, rules: [], line: number });
}

function rule(table: OpenTable, line: string, number: number, options: IptablesOptions, problem: (reason: string) => void): void {
  const counted = COUNTERS.exec(line);
  const text = counted ? line.slice(counted[0].length) : line;
  if (!text.startsWith('-A ')) return void problem('is no rule');
  const words = split(text);
  if (!words) return void problem('has a quote that is not closed');
  const target = table.chains.get(words[1]?.text ?? '');
  if (!target) return void problem('adds to a chain that is not listed');
  const { statements, comment } = parseRule(words.slice(2), options.family, table.names);
  target.rules.push({
    position: target.rules.length + 1,
    text,
    ...(comment === null ? {} : { comment }),
    ...counters(counted?.[1], counted?.[2]),
    statements,
    source: { source: options.source, locator: `line ${number}` },
  });
}

function close(open: OpenTable, options: IptablesOptions): Table {
  const table = { backend: options.backend, family: options.family === 4 ? 'ip' : 'ip6', name: open.name } as const;
  const chains = new Map<string, Chain>();
  for (const [name, { base, rules, line }] of open.chains)
    chains.set(name, { name, table, base, rules, source: { source: options.source, locator: `line ${line}` } });
  return { ...table, dormant: false, chains, sets: new Map() };
}
