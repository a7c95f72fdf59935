/** Writes a field that a rule sets: the packet is replaced, marks change in the context. */
import type { Field } from '../model/firewall.ts';
import type { Packet } from '../model/packet.ts';
import { fromBigInt } from '../util/ip.ts';
import type { EvalContext } from './context.ts';
import { connection, FIELDS } from './fields.ts';

const clamp = (value: bigint, top: bigint) => Number(value < 0n ? 0n : value > top ? top : value);

function change(field: Field, value: bigint, packet: Packet): Partial<Packet> | null {
  switch (field) {
    case 'meta.mark':
      return { mark: Number(value & 0xffffffffn) };
    case 'ip.ttl':
    case 'ip6.hoplimit':
      return { ttl: clamp(value, 255n) };
    case 'ip.dscp':
    case 'ip6.dscp':
      return { dscp: Number(value & 63n) };
    case 'ip.saddr':
    case 'ip6.saddr':
      return { src: fromBigInt(value, packet.family) };
    case 'ip.daddr':
    case 'ip6.daddr':
      return { dst: fromBigInt(value, packet.family) };
    case 'th.sport':
    case 'tcp.sport':
    case 'udp.sport':
      return packet.protocol === 'icmp' ? null : { sport: Number(value & 0xffffn) };
    case 'th.dport':
    case 'tcp.dport':
    case 'udp.dport':
      return packet.protocol === 'icmp' ? null : { dport: Number(value & 0xffffn) };
    default:
      return null;
  }
}

/** `absent`: the packet has no such field, which ends the rule. `unknown`: the packet model cannot hold it. */
export function writeField(field: Field, value: bigint, ctx: EvalContext): 'done' | 'absent' | 'unknown' {
  if (field === 'ct.mark') {
    // nft_ct_set_eval and connmark_tg leave a packet without a connection alone
    if (connection(ctx)) ctx.ctMark = Number(value & 0xffffffffn);
    return 'done';
  }
  if (FIELDS[field](ctx) === null) return 'absent';
  const changed = change(field, value, ctx.packet);
  if (changed === null) return 'unknown';
  ctx.packet = { ...ctx.packet, ...changed };
  return 'done';
}
