/** What a rule compares a packet's addresses, interfaces and ports with. */
import type { Expr, Field, MapRef, NamedSet, Rule, SetElement, Statement, Table, Value } from '../model/firewall.ts';

/** Inclusive. */
export interface Span<N> {
  readonly from: N;
  readonly to: N;
}

const ADDRESS = /addr|^ether\./;
const DEVICE = /ifname|brname|^physdev\.(in|out)$/;
const PORT = /port$|proto-(src|dst)$/;
const LAST_PORT = 65535n;

const isPlace = (field: Field) => ADDRESS.test(field) || DEVICE.test(field);

/** Whether the numbers and names in it may stand for addresses and interfaces. Marks and masks are none, whatever they look like. */
function namesPlaces(statement: Statement): boolean {
  if (statement.kind === 'match') return statement.left.kind !== 'field' || isPlace(statement.left.field);
  return statement.kind !== 'set' && statement.kind !== 'bits' && statement.kind !== 'equal';
}

const json = (statement: Statement, name: (value: bigint | string) => string | null) =>
  JSON.stringify(statement, (key, value: unknown) => {
    if (typeof value === 'bigint') return name(value) ?? String(value);
    return key === 'ifname' && typeof value === 'string' ? (name(value) ?? value) : value;
  });

/** The rule's meaning as text; `name` renames addresses and interfaces, null keeps them. */
export function written(rule: Rule, name: (value: bigint | string) => string | null): string {
  return rule.statements.map((s) => json(s, namesPlaces(s) ? name : () => null)).join(' ');
}

export interface Constants {
  /** Single addresses (numbers above any port) and interface names. */
  readonly places: ReadonlySet<bigint | string>;
  /** Of those, the ones that the rule wants of a packet, and does not only write into it. */
  readonly asked: ReadonlySet<bigint | string>;
  readonly spans: readonly Span<bigint>[];
  /** Beginnings of interface names. */
  readonly patterns: readonly string[];
  /** Looks at parts of an address: what it tells apart is not known. */
  readonly opaque: boolean;
}

export function valuesOf(value: Value, places: Set<bigint | string>, spans: Span<bigint>[], patterns: string[]): void {
  if ('ifname' in value) {
    if (value.ifname.endsWith('*')) patterns.push(value.ifname.slice(0, -1));
    else places.add(value.ifname);
  } else if (value.to > LAST_PORT) {
    if (value.from === value.to) places.add(value.from);
    else spans.push(value);
  }
}

const isOpaque = (text: string) =>
  text.includes('"kind":"raw"') || /"meta\.[io]if"/.test(text) || (/"kind":"(bitwise|set)"/.test(text) && /addr|port|ether|proto-/.test(text));

function collect(node: unknown, see: (value: Value) => void): void {
  if (typeof node === 'bigint') see({ from: node, to: node });
  else if (Array.isArray(node)) for (const item of node) collect(item, see);
  else if (typeof node === 'object' && node !== null) {
    const record = node as Record<string, unknown>;
    if (typeof record.ifname === 'string') see({ ifname: record.ifname });
    else if (typeof record.from === 'bigint' && typeof record.to === 'bigint') see({ from: record.from, to: record.to });
    else for (const item of Object.values(record)) collect(item, see);
  }
}

const known = new WeakMap<Rule, Constants>();

export function constantsOf(rule: Rule): Constants {
  let found = known.get(rule);
  if (!found) {
    const places = new Set<bigint | string>();
    const asked = new Set<bigint | string>();
    const spans: Span<bigint>[] = [];
    const patterns: string[] = [];
    let opaque = false;
    for (const statement of rule.statements) {
      if (isOpaque(json(statement, () => null))) opaque = true;
      if (!namesPlaces(statement)) continue;
      collect(statement, (value) => {
        valuesOf(value, places, spans, patterns);
        if (statement.kind !== 'nat') valuesOf(value, asked, [], []);
      });
    }
    found = { places, asked, spans, patterns, opaque };
    known.set(rule, found);
  }
  return found;
}

/** Addresses and interfaces of which the rule wants one and no other. */
export function wants(rule: Rule): ReadonlyMap<Field, bigint | string> {
  const found = new Map<Field, bigint | string>();
  for (const s of rule.statements) {
    if (s.kind !== 'match' || s.negate || s.values.length !== 1 || s.left.kind !== 'field' || !isPlace(s.left.field)) continue;
    const value = s.values[0]!;
    if ('ifname' in value) found.set(s.left.field, value.ifname);
    else if (value.from === value.to) found.set(s.left.field, value.from);
  }
  return found;
}

const fieldsOf = (key: readonly Expr[]) => key.map((expr) => (expr.kind === 'field' ? expr.field : ''));

function ofElements(elements: readonly SetElement[], isPort: readonly boolean[]): Span<number>[] {
  return elements.flatMap(({ key }) => key.flatMap((value, i) => (isPort[i] && 'from' in value ? [{ from: Number(value.from), to: Number(value.to) }] : [])));
}

const elementsOf = (map: MapRef, table: Table) => ('elements' in map ? map.elements : (table.sets.get(map.name)?.elements ?? []));

/** Ports that a rule tells from others; null: it cannot be said which. `sets`: the ipsets of the namespace. */
export function portsOf(rule: Rule, table: Table, sets: ReadonlyMap<string, NamedSet>): readonly Span<number>[] | null {
  const spans: Span<number>[] = [];
  for (const statement of rule.statements) {
    const text = json(statement, () => null);
    if (statement.kind === 'nat' && statement.port) spans.push(statement.port);
    if (statement.kind === 'ipset') {
      for (const name of [statement.set, ...(sets.get(statement.set)?.members ?? [])]) {
        const set = sets.get(name);
        const isPort = (set?.type.split(':')[1] ?? '').split(',').map((part) => part === 'port');
        for (const { key } of set?.elements ?? []) {
          for (const [i, value] of key.entries()) {
            if (!isPort[i] || !('from' in value)) continue;
            // hash types keep the protocol above the port
            if (value.from >> 16n !== value.to >> 16n) return null;
            spans.push({ from: Number(value.from & LAST_PORT), to: Number(value.to & LAST_PORT) });
          }
        }
      }
    }
    if (!/port"|proto-(src|dst)"|"kind":"raw"/.test(text) || (statement.kind === 'nat' && !statement.addressExpr && !statement.portExpr)) continue;
    if (statement.kind === 'match' && statement.left.kind === 'field' && PORT.test(statement.left.field))
      spans.push(
        ...ofElements(
          [{ key: statement.values }],
          statement.values.map(() => true),
        ),
      );
    else if (statement.kind === 'lookup' || statement.kind === 'vmap') {
      const isPort = fieldsOf(statement.key).map((field) => PORT.test(field));
      if (statement.key.some((expr) => expr.kind !== 'field')) return null;
      spans.push(...ofElements(elementsOf(statement.kind === 'lookup' ? statement.set : statement.map, table), isPort));
    } else return null;
  }
  return spans;
}
