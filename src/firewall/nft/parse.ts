/** `nft -j -a list ruleset`, libnftables-json(5), and behind it the text of `nft list chains` where chains belong to devices. */
import { z } from 'zod';
import type { BaseChain, Chain, Hook, NamedSet, Rule, Statement, Table, TableFamily } from '../../model/firewall.ts';
import { chainDevices } from './devices.ts';
import { isObject, type Json, member, strange, strings, tagged, verbatim } from './json.ts';
import { namedSet } from './sets.ts';
import { toStatements } from './statement.ts';
import { ruleText } from './text.ts';

export interface NftOptions {
  /** Name of the fact, for evidence. */
  readonly source: string;
  /** Tables to leave out: those that iptables-nft owns and iptables-save prints better. */
  readonly skip?: (family: TableFamily, table: string) => boolean;
}

/** Something in the document that could not be read, by JSON pointer (RFC 6901). */
export interface PointerProblem {
  readonly pointer: string;
  readonly text: string;
  readonly reason: string;
}

const Family = z.enum(['ip', 'ip6', 'inet', 'bridge', 'arp', 'netdev']);
const Document = z.object({ nftables: z.array(z.unknown()) });
const TableObject = z.object({ family: Family, name: z.string() });
const ChainObject = z.object({
  family: Family,
  table: z.string(),
  name: z.string(),
  type: z.enum(['filter', 'nat', 'route']).optional(),
  hook: z.enum(['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress']).optional(),
  prio: z.int().optional(),
  policy: z.enum(['accept', 'drop']).optional(),
});
const RuleObject = z.object({
  family: Family,
  table: z.string(),
  chain: z.string(),
  handle: z.int().optional(),
  comment: z.string().optional(),
  expr: z.array(z.unknown()).optional(),
});

interface OpenChain {
  readonly chain: Chain;
  readonly rules: Rule[];
}
interface OpenTable {
  readonly family: TableFamily;
  readonly name: string;
  readonly dormant: boolean;
  readonly chains: Map<string, OpenChain>;
  readonly sets: Map<string, NamedSet>;
}

/** Objects that hold nothing a verdict depends on. */
const IGNORED = new Set(['metainfo', 'counter', 'quota', 'limit', 'flowtable', 'ct helper', 'ct timeout', 'ct expectation', 'secmark', 'synproxy', 'tunnel']);

/** `order`: every table as `family name` in order of registration, the skipped ones too. Never throws: what is not understood in a rule becomes an `unknown` statement, anything else a problem. */
export function parseNftJson(text: string, options: NftOptions): { tables: Table[]; problems: PointerProblem[]; order: string[] } {
  const problems: PointerProblem[] = [];
  const order: string[] = [];
  // the JSON is one line
  const [json, listed] = /\n\s*table /.test(text) ? [text.slice(0, text.search(/\n\s*table /)), text] : [text, ''];
  const items = read(json, problems);
  const devices = chainDevices(listed);
  const tables = new Map<string, OpenTable>();
  const id = (family: string, name: string) => `${family} ${name}`;
  const known = (family: TableFamily, name: string): OpenTable | 'skipped' | undefined =>
    options.skip?.(family, name) ? 'skipped' : tables.get(id(family, name));
  for (const [i, item] of items.entries()) {
    const [kind, body] = tagged(item) ?? ['', null];
    const pointer = `/nftables/${i}`;
    const problem = (reason: string) => problems.push({ pointer, text: verbatim(item), reason });
    switch (kind) {
      case 'table': {
        const table = TableObject.safeParse(body);
        if (table.success) order.push(id(table.data.family, table.data.name));
        if (!table.success) problem('is no table');
        else if (!options.skip?.(table.data.family, table.data.name)) {
          // nft 1.0.6 cuts the word short
          const dormant = strings(member(body, 'flags')).some((flag) => flag === 'dormant' || flag === 'dorm');
          tables.set(id(table.data.family, table.data.name), { ...table.data, dormant, chains: new Map(), sets: new Map() });
        }
        break;
      }
      case 'chain': {
        const chain = ChainObject.safeParse(body);
        const table = chain.success ? known(chain.data.family, chain.data.table) : undefined;
        if (!chain.success) problem('is no chain');
        else if (!table) problem('belongs to no listed table');
        else if (table !== 'skipped')
          addChain(table, chain.data, devicesOf(chain.data, body, devices), { source: options.source, locator: `${pointer}/chain` });
        break;
      }
      case 'set':
      case 'map': {
        const place = z.object({ family: Family, table: z.string(), name: z.string() }).safeParse(body);
        const table = place.success ? known(place.data.family, place.data.table) : undefined;
        if (!place.success || !isObject(body)) problem(`is no ${kind}`);
        else if (!table) problem('belongs to no listed table');
        else if (table !== 'skipped') table.sets.set(place.data.name, namedSet(kind, body, place.data.name));
        break;
      }
      case 'rule': {
        const rule = RuleObject.safeParse(body);
        const table = rule.success ? known(rule.data.family, rule.data.table) : undefined;
        const chain = rule.success && table && table !== 'skipped' ? table.chains.get(rule.data.chain) : undefined;
        if (!rule.success) problem('is no rule');
        else if (table === 'skipped') break;
        else if (!chain) problem('belongs to no listed chain');
        else chain.rules.push(toRule(rule.data, chain, { source: options.source, locator: `${pointer}/rule` }));
        break;
      }
      default:
        if (!IGNORED.has(kind)) problem(`${kind || 'this'} is not known`);
    }
  }
  return { tables: [...tables.values()].map(close), problems, order };
}

function read(text: string, problems: PointerProblem[]): readonly Json[] {
  // nft prints nothing at all for an empty ruleset of some versions
  if (text.trim() === '') return [];
  let json: Json;
  try {
    json = JSON.parse(text);
  } catch (error) {
    problems.push({ pointer: '', text: text.slice(0, 200), reason: `is no JSON: ${error instanceof Error ? error.message : String(error)}` });
    return [];
  }
  const document = Document.safeParse(json);
  if (document.success) return document.data.nftables.map((item, i) => usable(item, `/nftables/${i}`, problems));
  problems.push({ pointer: '', text: text.slice(0, 200), reason: 'is no listing of nftables' });
  return [];
}

/** What cannot be worked on is replaced by an empty item; what of it can be named is kept as a problem. */
function usable(item: Json, pointer: string, problems: PointerProblem[]): Json {
  const reason = strange(item);
  if (!reason) return item;
  problems.push({ pointer, text: tagged(item)?.[0] ?? '', reason });
  return { metainfo: null };
}

function devicesOf({ family, table, name }: z.infer<typeof ChainObject>, body: Json, listed: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const told = [...strings(member(body, 'dev')), ...strings(member(body, 'devices'))];
  return told.length > 0 ? told : (listed.get(`${family} ${table} ${name}`) ?? []);
}

function addChain(table: OpenTable, data: z.infer<typeof ChainObject>, devices: readonly string[], source: Rule['source']): void {
  const base: BaseChain | null =
    data.hook === undefined
      ? null
      : {
          type: data.type ?? 'filter',
          hook: data.hook satisfies Hook,
          priority: data.prio ?? 0,
          policy: data.policy ?? 'accept',
          devices,
        };
  const rules: Rule[] = [];
  const chain: Chain = { name: data.name, table: { backend: 'nftables', family: table.family, name: table.name }, base, rules, source };
  table.chains.set(data.name, { chain, rules });
}

function toRule(data: z.infer<typeof RuleObject>, { chain, rules }: OpenChain, source: Rule['source']): Rule {
  const expressions = data.expr ?? [];
  const statements: Statement[] = [];
  for (const json of expressions) statements.push(...toStatements(json, chain.table.family));
  const counter = expressions.map((json) => member(json, 'counter')).find(isObject);
  const [packets, bytes] = [member(counter, 'packets'), member(counter, 'bytes')];
  return {
    position: rules.length + 1,
    ...(data.handle === undefined ? {} : { handle: data.handle }),
    text: ruleText(expressions, data.comment ?? null, chain.table.family),
    ...(data.comment === undefined ? {} : { comment: data.comment }),
    ...(typeof packets === 'number' && typeof bytes === 'number' ? { counters: { packets, bytes } } : {}),
    statements,
    source,
  };
}

function close(table: OpenTable): Table {
  const chains = new Map<string, Chain>();
  for (const [name, { chain }] of table.chains) chains.set(name, chain);
  return { backend: 'nftables', family: table.family, name: table.name, dormant: table.dormant, chains, sets: table.sets };
}
