/** What a list of rules shows of each: read from its statements, never from its text. */
import { createHash } from 'node:crypto';
import type { Chain, NatStatement, Rule, Statement, Table, Value } from '../../model/firewall.ts';
import type { Model } from '../../model/model.ts';
import type { Netns } from '../../model/network.ts';
import { never } from '../../util/invariant.ts';
import { fromBigInt } from '../../util/ip.ts';

export interface PlacedRule {
  readonly netns: Netns;
  readonly table: Table;
  readonly chain: Chain;
  /** Null: the chain's policy. */
  readonly rule: Rule | null;
}

/** Every rule, and the policy of every base chain after its rules; in the order of the facts. */
export function placedRules(model: Model, nat: boolean): PlacedRule[] {
  return model.hosts
    .flatMap((host) => host.namespaces)
    .flatMap((netns) =>
      netns.firewall.tables.flatMap((table) => {
        const natChains = chainsOfNat(table);
        return [...table.chains.values()]
          .filter((chain) => natChains.has(chain.name) === nat)
          .flatMap((chain) => [
            ...chain.rules.map((rule): PlacedRule => ({ netns, table, chain, rule })),
            ...(chain.base && !nat ? [{ netns, table, chain, rule: null }] : []),
          ]);
      }),
    );
}

const targets = (rule: Rule): string[] =>
  rule.statements.flatMap((statement) => {
    if (statement.kind === 'verdict') return 'chain' in statement.verdict ? [statement.verdict.chain] : [];
    if (statement.kind !== 'vmap' || !('elements' in statement.map)) return [];
    return statement.map.elements.flatMap(({ verdict }) => (verdict && 'chain' in verdict ? [verdict.chain] : []));
  });

/** Chains of type nat and those that are jumped to from them; in x_tables all of table nat. */
function chainsOfNat(table: Table): ReadonlySet<string> {
  const all = [...table.chains.values()];
  if (table.backend !== 'nftables') return new Set(table.name === 'nat' ? all.map((chain) => chain.name) : []);
  const found = new Set<string>();
  const todo = all.filter((chain) => chain.base?.type === 'nat' || chain.rules.some((rule) => rule.statements.some(({ kind }) => kind === 'nat')));
  for (let chain = todo.pop(); chain; chain = todo.pop()) {
    if (found.has(chain.name)) continue;
    found.add(chain.name);
    for (const name of chain.rules.flatMap(targets)) {
      const target = table.chains.get(name);
      if (target && !target.base) todo.push(target);
    }
  }
  return found;
}

/** Survives counters, handles and moves inside the chain: it is made of the rule's text. */
export function ruleId(kind: string, { netns, table, chain, rule }: PlacedRule): string {
  const place = `${kind}:${netns.host}/${netns.key}/${table.backend}/${table.family}/${table.name}/${chain.name}`;
  return rule === null ? `${place}/policy` : `${place}/${createHash('sha256').update(rule.text).digest('hex').slice(0, 12)}`;
}

const range = <T>(from: T, to: T) => (from === to ? `${from}` : `${from}-${to}`);

/** The value of a field that one match states positively; null when none or several do, or by a set. */
export function matched(rule: Rule, fields: readonly string[], show: (value: Value) => string): string | null {
  const found = rule.statements.flatMap((statement) =>
    statement.kind === 'match' && statement.left.kind === 'field' && fields.includes(statement.left.field)
      ? [{ negate: statement.negate, text: statement.values.map(show).join(',') }]
      : [],
  );
  const [only] = found;
  return found.length === 1 && only ? `${only.negate ? '!' : ''}${only.text}` : null;
}

export const showNumber = (value: Value) => ('ifname' in value ? value.ifname : range(value.from, value.to));

export const showAddress = (family: 4 | 6) => (value: Value) => {
  if ('ifname' in value) return value.ifname;
  const bits = family === 4 ? 32 : 128;
  const size = value.to - value.from + 1n;
  const length = bits - (size.toString(2).length - 1);
  const prefix = (size & (size - 1n)) === 0n && value.from % size === 0n;
  if (prefix) return size === 1n ? fromBigInt(value.from, family) : `${fromBigInt(value.from, family)}/${length}`;
  return range(fromBigInt(value.from, family), fromBigInt(value.to, family));
};

const PROTOCOLS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6', '132': 'sctp' };
export const showProtocol = (value: Value) => PROTOCOLS[showNumber(value)] ?? showNumber(value);

/** Addresses in `ip6` tables and rules with an `ip6.` match are IPv6. */
export function familyOfRule(table: Table, rule: Rule): 4 | 6 {
  if (table.family === 'ip6') return 6;
  const six = (statement: Statement) =>
    (statement.kind === 'match' && statement.left.kind === 'field' && statement.left.field.startsWith('ip6.')) ||
    (statement.kind === 'nat' && (statement.family === 6 || (statement.address !== undefined && statement.address.to > 0xffff_ffffn)));
  return rule.statements.some(six) ? 6 : 4;
}

export const natOf = (rule: Rule): NatStatement | null => rule.statements.find((statement) => statement.kind === 'nat') ?? null;

/** What the rule does in the end: `dnat`, `drop`, `jump DOCKER`, `continue` for one that only counts, `unknown`. */
export function actionOf(rule: Rule): string {
  const words = rule.statements.flatMap((statement) => actionWord(statement) ?? []);
  return words.at(-1) ?? 'continue';
}

function actionWord(statement: Statement): string | null {
  switch (statement.kind) {
    case 'verdict':
      return 'chain' in statement.verdict ? `${statement.verdict.kind} ${statement.verdict.chain}` : statement.verdict.kind;
    case 'nat':
      return statement.nat;
    case 'reject':
    case 'queue':
    case 'tproxy':
    case 'notrack':
    case 'vmap':
    case 'unknown':
      return statement.kind;
    case 'set':
      return `set ${statement.field}`;
    case 'match':
    case 'bits':
    case 'equal':
    case 'lookup':
    case 'ipset':
    case 'rpfilter':
    case 'maybe':
    case 'never':
    case 'noop':
      return null;
    default:
      return never(statement);
  }
}

export function natTarget(nat: NatStatement | null, family: 4 | 6): { address: string | null; port: string | null } {
  const address = nat?.address ? showAddress(nat.family ?? family)(nat.address) : null;
  return { address, port: nat?.port ? range(nat.port.from, nat.port.to) : null };
}
