/** Statements of `nft -j`: libnftables-json(5) STATEMENTS. */
import type { Statement, TableFamily } from '../../model/firewall.ts';
import { noop, unknown, unknownEffect } from '../build.ts';
import { verdict } from './elements.ts';
import { type Guards, mapRef, toExpr, toKey } from './expression.ts';
import { type Json, member, strings, tagged, verbatim } from './json.ts';
import { matchStatements } from './match.ts';
import { natStatements, tproxyStatements } from './nat.ts';
import { rejectStatements } from './reject.ts';
import { statementText } from './text.ts';

/** Without influence on the verdict. A flow added to a flowtable changes how later packets travel, not where this one goes. */
const NOOPS = new Set(['log', 'counter', 'last', 'ct helper', 'ct timeout', 'ct expectation', 'secmark', 'flow', 'dup', 'map', 'reset', 'comment']);
/** Matches and targets of x_tables in a table of nft's that say and change nothing. */
const XT_NOOPS = new Set(['comment', 'LOG', 'NFLOG', 'TRACE', 'CHECKSUM', 'AUDIT', 'TCPMSS', 'CLASSIFY']);

export function toStatements(json: Json, family: TableFamily): readonly Statement[] {
  const tag = tagged(json);
  const text = () => statementText(json) ?? verbatim(json);
  if (!tag) return [unknown('statement', verbatim(json))];
  const [kind, body] = tag;
  const reached = verdict(json);
  if (reached) return [{ kind: 'verdict', verdict: reached }];
  if (kind === 'counter') return [];
  if (NOOPS.has(kind)) return [noop(kind)];
  switch (kind) {
    case 'match':
      return matchStatements(body, family);
    case 'vmap':
      return vmap(body, text());
    case 'dnat':
    case 'snat':
    case 'masquerade':
    case 'redirect':
      return natStatements(kind, body, json);
    case 'tproxy':
      return tproxyStatements(body, json);
    case 'mangle':
      return mangle(body, text());
    case 'reject':
      return rejectStatements(body, family) ?? [unknownEffect('reject', text())];
    case 'notrack':
      return [{ kind: 'notrack' }];
    case 'queue':
      return [{ kind: 'queue', bypass: strings(member(body, 'flags')).includes('bypass'), text: text() }];
    case 'limit':
    case 'meter':
      return [{ kind: 'maybe', name: kind, text: text(), why: 'rate' }];
    case 'quota':
    case 'ct count':
      return [{ kind: 'maybe', name: kind, text: text(), why: 'state' }];
    case 'set':
      return update(body, text());
    case 'xt':
      return xt(body);
    default:
      return [unknownEffect(kind, text())];
  }
}

function vmap(body: Json, text: string): readonly Statement[] {
  const guards: Guards = [];
  const key = toKey(member(body, 'key'), guards);
  const map = mapRef(member(body, 'data'), key, null);
  if (!map || key.length === 0) return [unknownEffect('vmap', text)];
  return [...guards, { kind: 'vmap', key: key.map((part) => part.expr), map }];
}

/** What is written to a packet or its connection. The maximum segment size, priority and the like decide nothing. */
const QUIET_META = new Set(['priority', 'nftrace', 'secmark']);
function mangle(body: Json, text: string): readonly Statement[] {
  const [kind, what] = tagged(member(body, 'key')) ?? ['', null];
  const key = String(member(what, 'key'));
  if (kind === 'tcp option' || (kind === 'meta' && QUIET_META.has(key))) return [noop('mangle')];
  if (kind === 'ct' && (key === 'label' || key === 'event' || key === 'secmark' || key === 'helper')) return [noop('mangle')];
  const guards: Guards = [];
  const left = toExpr(member(body, 'key'), guards);
  const right = toExpr(member(body, 'value'), guards, left.type);
  if (left.expr.kind !== 'field' || right.expr.kind === 'unknown') return [unknownEffect('mangle', text)];
  return [...guards, { kind: 'set', field: left.expr.field, value: right.expr }];
}

/** `add @s { ip saddr limit rate ... }` matches as its own statement does; a plain one always. */
function update(body: Json, text: string): readonly Statement[] {
  const inner = member(body, 'stmt');
  const conditions = Array.isArray(inner) ? inner.filter((part) => tagged(part)?.[0] !== 'counter') : [];
  return conditions.length > 0 ? [{ kind: 'maybe', name: 'set', text, why: 'rate' }] : [noop('set')];
}

function xt(body: Json): readonly Statement[] {
  const name = String(member(body, 'name'));
  const target = member(body, 'type') === 'target';
  if (XT_NOOPS.has(name)) return target ? [noop(name)] : [];
  const text = `xt ${target ? 'target' : 'match'} "${name}", printed without its options`;
  return [target ? unknownEffect(name, text) : unknown(name, text)];
}
