/**
 * A base chain against the packet, as ipt_do_table() and nft_do_chain() walk it: a jump returns to the rule behind it,
 * a goto does not; the end of its target returns to where the calling chain would have.
 */
import type { Chain } from '../model/firewall.ts';
import { unknownEffect } from './choose.ts';
import type { ChainOutcome, ChainRun, EvalContext, MatchedRule } from './context.ts';
import type { Scope } from './expression.ts';
import { byIndex, type NextRule } from './rule-index/next.ts';
import { runRule } from './run-rule.ts';

/** Loops cannot be loaded into a kernel, but can stand in a damaged listing. */
const DEEPEST = 64;
/** What the jumps of one walk may cost together: 20 each, and a little for the rules they lead to. */
const MOST_WORK = 2_000_000;

/** `nextRule` passes over rules that cannot match: the run is the same whichever it is. */
export function runChain(scope: Scope, base: Chain, ctx: EvalContext, nextRule: NextRule = byIndex): ChainRun {
  const matched: MatchedRule[] = [];
  const callers: { readonly chain: Chain; readonly next: number }[] = [];
  let chain = base;
  let next = 0;
  let work = 0;
  const by = (kind: 'accept' | 'drop', rule: MatchedRule['rule'] | null): ChainRun => ({ outcome: { kind, chain: rule ? chain : base, rule }, matched });

  for (;;) {
    next = nextRule(chain, next, ctx);
    const rule = chain.rules[next];
    if (rule === undefined) {
      const caller = callers.pop();
      if (!caller) return by(base.base?.policy ?? 'accept', null);
      ({ chain, next } = caller);
      continue;
    }
    next++;
    const end = runRule(rule, chain, ctx, scope);
    if (end === null) continue;
    matched.push({ chain, rule, effect: end.effect });
    if (end.outcome) return { outcome: end.outcome satisfies ChainOutcome, matched };
    const { verdict } = end;
    let doubt: string | null = null;
    switch (verdict?.kind) {
      case 'accept':
      case 'drop':
        return by(verdict.kind, rule);
      case 'return':
        next = chain.rules.length;
        break;
      case 'jump':
      case 'goto': {
        const target = scope.table.chains.get(verdict.chain);
        if (!target) {
          doubt = `${verdict.kind} to ${verdict.chain}, which is not listed`;
          break;
        }
        work += 20 + (target.rules.length >> 4);
        if (target === chain || work > MOST_WORK || callers.length >= DEEPEST || callers.some((c) => c.chain === target))
          doubt = `a loop through ${verdict.chain}`;
        else {
          if (verdict.kind === 'jump') callers.push({ chain, next });
          chain = target;
          next = 0;
        }
        break;
      }
      case 'continue':
      case undefined:
        break;
    }
    if (doubt === null) continue;
    const choice = unknownEffect({ chain, rule, statement: -1 }, doubt, ctx);
    if (choice !== 'continue') return by(choice, rule);
    if (work > MOST_WORK) return by(base.base?.policy ?? 'accept', null);
  }
}
