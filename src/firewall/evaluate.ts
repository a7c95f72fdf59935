/**
 * Whether a statement lets the rule go on: yes, no, or not known. Statements that act always do.
 * Membership in sets is that of the moment the facts were read, also where elements expire.
 */
import type { Expr, Statement } from '../model/firewall.ts';
import { RTN } from '../model/firewall.ts';
import { never } from '../util/invariant.ts';
import { among, boundedAmong, truthOf } from './compare.ts';
import type { EvalContext } from './context.ts';
import { evaluate, lookup, type Scope } from './expression.ts';
import { connection } from './fields.ts';
import { inIpset } from './ipset/member.ts';
import { missing, type Result, type Truth } from './result.ts';

export function evaluateStatement(statement: Statement, ctx: EvalContext, scope: Scope): Truth {
  if ('orUntracked' in statement && !connection(ctx)) return 'yes';
  switch (statement.kind) {
    case 'match':
      return matches(statement, evaluate(statement.left, ctx, scope));
    case 'bits': {
      const left = evaluate(statement.left, ctx, scope);
      if (typeof left === 'bigint') return ((left & statement.mask) !== 0n) === statement.negate ? 'no' : 'yes';
      return left === null ? 'no' : typeof left === 'object' ? left : missing('bits of a name');
    }
    case 'equal':
      return equal(statement.left, statement.right, statement.negate, ctx, scope);
    case 'lookup': {
      const found = lookup(statement.key, statement.set, ctx, scope);
      if (found === null) return 'no';
      if (typeof found === 'string') return missing(found);
      if (found.kind === 'many') return found.orNone ? found.because : statement.negate ? 'no' : 'yes';
      return (found.kind === 'one') === statement.negate ? 'no' : 'yes';
    }
    case 'ipset':
      return inIpset(statement, ctx, scope.ipsets);
    case 'rpfilter':
      return rpfilter(statement, ctx);
    case 'maybe':
      return { why: statement.why === 'state' ? 'missing' : 'chance', text: `${statement.name} (${statement.text})` };
    case 'never':
      return 'no';
    case 'unknown':
      return statement.effect ? 'yes' : missing(`${statement.name} (${statement.text})`);
    case 'verdict':
    case 'vmap':
    case 'reject':
    case 'nat':
    case 'set':
    case 'notrack':
    case 'queue':
    case 'tproxy':
    case 'noop':
      return 'yes';
    default:
      return never(statement);
  }
}

function matches(statement: Extract<Statement, { kind: 'match' }>, left: Result): Truth {
  if (left === null) return 'no';
  if (typeof left !== 'object') return among(statement.values, left) === statement.negate ? 'no' : 'yes';
  const share = boundedAmong(statement.values, left);
  if (share === 'some') return left;
  return (share === 'all') === statement.negate ? 'no' : 'yes';
}

function equal(left: Expr, right: Expr, negate: boolean, ctx: EvalContext, scope: Scope): Truth {
  const other = evaluate(right, ctx, scope);
  if (other === null) return 'no';
  if (typeof other === 'object') return other;
  return truthOf(evaluate(left, ctx, scope), (actual) => actual === other, negate);
}

/** net/ipv4/netfilter/ipt_rpfilter.c, net/ipv6/netfilter/ip6t_rpfilter.c */
function rpfilter(statement: Extract<Statement, { kind: 'rpfilter' }>, ctx: EvalContext): Truth {
  if (ctx.iif !== null && ctx.link(ctx.iif)?.kind === 'loopback') return statement.invert ? 'no' : 'yes';
  const mark = statement.validmark ? (['mark'] as const) : [];
  const out = ctx.fib('saddr', 'oifname', statement.loose ? mark : ['iif', ...mark]);
  if (typeof out === 'object') return out;
  let valid = out !== '';
  if (statement.acceptLocal && !valid) {
    const type = ctx.fib('saddr', 'type', statement.loose ? [] : ['iif']);
    if (typeof type === 'object') return type;
    valid = type === RTN.local;
  }
  return valid === statement.invert ? 'no' : 'yes';
}
