/** `@base,offset,length` of nft(8): bits of a header that the packet model knows. Offsets and lengths are in bits. */
import type { Expr, Field } from '../model/firewall.ts';
import type { EvalContext } from './context.ts';
import { FIELDS } from './fields.ts';
import { missing, type Result } from './result.ts';

type Layout = Readonly<Record<string, Field>>;

const TRANSPORT: Layout = { '0,16': 'th.sport', '16,16': 'th.dport' };
const TCP: Layout = { '104,8': 'tcp.flags' };
const IPV4: Layout = { '0,4': 'ip.version', '16,16': 'ip.length', '64,8': 'ip.ttl', '72,8': 'ip.protocol', '96,32': 'ip.saddr', '128,32': 'ip.daddr' };
const IPV6: Layout = { '32,16': 'ip6.length', '48,8': 'ip6.nexthdr', '56,8': 'ip6.hoplimit', '64,128': 'ip6.saddr', '192,128': 'ip6.daddr' };
const LINK: Layout = { '0,48': 'ether.daddr', '48,48': 'ether.saddr', '96,16': 'ether.type' };

function layout(base: 'link' | 'network' | 'transport', ctx: EvalContext): Layout {
  if (base === 'link') return LINK;
  if (base === 'network') return ctx.family === 4 ? IPV4 : IPV6;
  return ctx.packet.protocol === 'tcp' ? { ...TRANSPORT, ...TCP } : TRANSPORT;
}

export function rawBits(expr: Extract<Expr, { kind: 'raw' }>, ctx: EvalContext): Result {
  const place = `${expr.offset},${expr.length}`;
  if (!ctx.arp) {
    if (expr.base === 'transport' && place === '0,32') {
      const [high, low] = [FIELDS['th.sport'](ctx), FIELDS['th.dport'](ctx)];
      if (typeof high === 'bigint' && typeof low === 'bigint') return (high << 16n) | low;
    }
    const name = layout(expr.base, ctx)[place];
    if (name) return FIELDS[name](ctx);
  }
  return missing(`bits ${expr.offset} to ${expr.offset + expr.length - 1} of the ${expr.base} header`);
}
