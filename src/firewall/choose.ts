/** Questions to the walk about what is not known. One key a question: namespace, chain, rule, statement, hook and packet. */
import type { Chain, Rule, SetElement } from '../model/firewall.ts';
import type { EvalContext } from './context.ts';
import type { Found } from './lookup.ts';
import type { Indefinite } from './result.ts';

export interface Place {
  readonly chain: Chain;
  readonly rule: Rule;
  /** Index of the statement in its rule. */
  readonly statement: number;
}

function keyOf(place: Place, ctx: EvalContext): string {
  const { backend, family, name } = place.chain.table;
  const p = ctx.packet;
  const packet = `${p.protocol} ${p.src}:${p.sport} ${p.dst}:${p.dport} ${p.tcpFlags} ${p.icmp?.type ?? ''}`;
  return `${ctx.netns.id}|${backend}|${family}|${name}|${place.chain.name}|${place.rule.position}|${place.statement}|${ctx.hook}|${packet}`;
}

const where = (place: Place) => `${place.chain.table.name} ${place.chain.name} rule ${place.rule.position}`;

/** Whether a match of unknown outcome holds. */
export function matchHolds(place: Place, because: Indefinite, ctx: EvalContext): boolean {
  return ctx.choose({ key: keyOf(place, ctx), why: because.why, text: `${where(place)}: ${because.text}` });
}

/** What a target does that is not modelled: it may accept, drop, or let the packet go on. */
export function unknownEffect(place: Place, text: string, ctx: EvalContext): 'accept' | 'drop' | 'continue' {
  const key = keyOf(place, ctx);
  if (!ctx.choose({ key: `${key}|ends`, why: 'missing', text: `${where(place)}: whether ${text} ends the packet's way through the chain` })) return 'continue';
  return ctx.choose({ key: `${key}|drops`, why: 'missing', text: `${where(place)}: whether ${text} drops the packet` }) ? 'drop' : 'accept';
}

/** The element that is taken; null: none. */
export function elementTaken(found: Found, place: Place, ctx: EvalContext): SetElement | null {
  if (found.kind === 'none') return null;
  if (found.kind === 'one') return found.element;
  const { candidates, orNone, because } = found;
  const key = keyOf(place, ctx);
  for (const [i, candidate] of candidates.entries()) {
    if (!orNone && i === candidates.length - 1) return candidate;
    if (ctx.choose({ key: `${key}|${i}`, why: because.why, text: `${where(place)}: ${because.text}` })) return candidate;
  }
  return null;
}
