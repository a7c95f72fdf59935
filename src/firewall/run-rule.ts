/** One rule against the packet. */
import type { Rule, Statement, Verdict } from '../model/firewall.ts';
import { never } from '../util/invariant.ts';
import { elementTaken, matchHolds, type Place, unknownEffect } from './choose.ts';
import type { ChainOutcome, EvalContext } from './context.ts';
import { natText, rejectText, verdictText } from './describe.ts';
import { evaluateStatement } from './evaluate.ts';
import { evaluate, lookup, type Scope } from './expression.ts';
import { connection } from './fields.ts';
import { resolveNat } from './nat.ts';
import type { Indefinite } from './result.ts';
import { writeField } from './write.ts';

type Chain = Place['chain'];
/** How a matched rule ends: a verdict, an outcome of the chain, or null when the next rule is asked. */
export interface RuleEnd {
  readonly verdict: Verdict | null;
  readonly outcome: ChainOutcome | null;
  readonly effect: string;
}

/** One action: where it leaves the rule. */
type Done = { readonly effect: string | null; readonly verdict?: Verdict; readonly outcome?: ChainOutcome } | 'break';

/** Null: the rule does not match. What is not known is asked only when everything before it holds and something depends on it. */
export function runRule(rule: Rule, chain: Chain, ctx: EvalContext, scope: Scope): RuleEnd | null {
  const { statements } = rule;
  let open: { readonly index: number; readonly because: Indefinite }[] | null = null;
  let effects: string[] | null = null;
  let tproxy: ChainOutcome | null = null;
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i]!;
    if (!acts(statement)) {
      const truth = evaluateStatement(statement, ctx, scope);
      if (truth === 'no') return null;
      if (truth !== 'yes') {
        open ??= [];
        open.push({ index: i, because: truth });
      }
      continue;
    }
    if (open) {
      // a later match that fails for certain settles the rule without a question
      if (failsLater(statements, i, ctx, scope)) return null;
      for (const { index, because } of open) if (!matchHolds({ chain, rule, statement: index }, because, ctx)) return null;
      open = null;
    }
    const done = act(statement, { chain, rule, statement: i }, ctx, scope);
    if (done === 'break') return effects ? { verdict: null, outcome: null, effect: effects.join(', ') } : null;
    if (done.effect !== null) {
      effects ??= [];
      effects.push(done.effect);
    }
    if (done.outcome?.kind === 'tproxy') tproxy = done.outcome;
    else if (done.outcome || done.verdict) return end(effects, done.verdict ?? null, done.outcome ?? null, tproxy);
  }
  // an open question with nothing after it decides nothing
  return open ? null : end(effects, null, null, tproxy);
}

function end(effects: readonly string[] | null, verdict: Verdict | null, outcome: ChainOutcome | null, tproxy: ChainOutcome | null): RuleEnd {
  return { verdict: tproxy ? null : verdict, outcome: tproxy ?? outcome, effect: effects ? effects.join(', ') : 'count' };
}

function acts(statement: Statement): boolean {
  switch (statement.kind) {
    case 'match':
    case 'bits':
    case 'equal':
    case 'lookup':
    case 'ipset':
    case 'rpfilter':
    case 'maybe':
    case 'never':
      return false;
    case 'unknown':
      return statement.effect === true;
    case 'noop':
    case 'verdict':
    case 'vmap':
    case 'reject':
    case 'nat':
    case 'set':
    case 'notrack':
    case 'queue':
    case 'tproxy':
      return true;
    default:
      return never(statement);
  }
}

/** Only past actions without effect: what a rule writes may change what it matches afterwards. */
function failsLater(statements: readonly Statement[], from: number, ctx: EvalContext, scope: Scope): boolean {
  for (let i = from; i < statements.length; i++) {
    const statement = statements[i]!;
    if (statement.kind === 'noop') continue;
    if (acts(statement)) return false;
    if (evaluateStatement(statement, ctx, scope) === 'no') return true;
  }
  return false;
}

function act(statement: Statement, place: Place, ctx: EvalContext, scope: Scope): Done {
  const { chain, rule } = place;
  switch (statement.kind) {
    case 'noop':
      return { effect: statement.name };
    case 'verdict':
      return verdictDone(statement.verdict);
    case 'vmap': {
      const found = lookup(statement.key, statement.map, ctx, scope);
      if (found === null) return 'break';
      if (typeof found === 'string') return unknownDone(found, place, ctx);
      const verdict = elementTaken(found, place, ctx)?.verdict;
      return verdict ? verdictDone(verdict) : 'break';
    }
    case 'reject':
      return { effect: rejectText(statement.with), outcome: { kind: 'reject', with: statement.with, chain, rule } };
    case 'nat': {
      // nft_nat_inet_eval does nothing to the other family
      if (statement.family !== undefined && statement.family !== ctx.family) return { effect: null };
      const nat = resolveNat(statement, place, ctx, scope);
      if (nat === 'absent') return 'break';
      if ('unknown' in nat) return unknownDone(nat.unknown, place, ctx);
      return { effect: natText(nat), outcome: { kind: 'nat', nat, chain, rule } };
    }
    case 'set': {
      const value = evaluate(statement.value, ctx, scope);
      if (value === null) return statement.field === 'ct.mark' && !connection(ctx) ? { effect: null } : 'break';
      if (typeof value !== 'bigint') return unknownDone(`the value written to ${statement.field}`, place, ctx);
      const written = writeField(statement.field, value, ctx);
      if (written === 'absent') return 'break';
      return written === 'unknown'
        ? unknownDone(`a change of ${statement.field}`, place, ctx)
        : { effect: `${label(statement.field)} ${shown(statement.field, ctx)}` };
    }
    case 'notrack':
      // xt_CT.c, nft_ct.c: a packet that is already tracked stays so
      if (!connection(ctx)) ctx.notrack = true;
      return { effect: 'notrack' };
    case 'queue':
      return { effect: 'queue', outcome: { kind: 'queue', bypass: statement.bypass, chain, rule } };
    case 'tproxy':
      return { effect: 'tproxy', outcome: { kind: 'tproxy', chain, rule } };
    case 'unknown':
      return unknownDone(`${statement.name} (${statement.text})`, place, ctx);
    default:
      return { effect: null };
  }
}

function verdictDone(verdict: Verdict): Done {
  return verdict.kind === 'continue' ? { effect: 'continue' } : { effect: verdictText(verdict), verdict };
}

function unknownDone(text: string, place: Place, ctx: EvalContext): Done {
  const choice = unknownEffect(place, text, ctx);
  return choice === 'continue' ? { effect: `unknown: ${text}` } : { effect: choice, verdict: { kind: choice } };
}

const label = (field: string) => field.replace(/^meta\./, '').replace('.', ' ');
function shown(field: string, ctx: EvalContext): string {
  if (field === 'meta.mark') return `0x${ctx.packet.mark.toString(16)}`;
  if (field === 'ct.mark') return `0x${ctx.ctMark.toString(16)}`;
  if (field.endsWith('dscp')) return `${ctx.packet.dscp}`;
  if (field.endsWith('saddr')) return ctx.packet.src;
  if (field.endsWith('daddr')) return ctx.packet.dst;
  if (field.endsWith('sport')) return `${ctx.packet.sport}`;
  return `${field.endsWith('dport') ? ctx.packet.dport : ctx.packet.ttl}`;
}
