/** Which rule of a chain is asked next: the index kept for each chain, and the packet in its words. */
import type { Chain } from '../../model/firewall.ts';
import type { Packet } from '../../model/packet.ts';
import { toBigInt } from '../../util/ip.ts';
import type { EvalContext } from '../context.ts';
import { protocolOf } from '../packet-fields.ts';
import { type ChainIndex, indexRules, nextRule } from './chain-index.ts';
import { digestV4, digestV6 } from './digest.ts';
import { PACKET, PACKET_WORDS } from './words.ts';

/** Place of the next rule to ask at or after `from`; every rule that is passed over cannot match. */
export type NextRule = (chain: Chain, from: number, ctx: EvalContext) => number;

/** So few rules are asked faster than looked up. */
const FEW = 8;
const indexes = new WeakMap<Chain, ChainIndex>();

let last: { readonly packet: Packet; readonly words: Int32Array } | null = null;

function wordsOf(packet: Packet): Int32Array {
  if (last?.packet === packet) return last.words;
  const words = new Int32Array(PACKET_WORDS);
  words[PACKET.family] = packet.family;
  words[PACKET.protocol] = protocolOf(packet);
  words[PACKET.sport] = packet.sport;
  words[PACKET.dport] = packet.dport;
  const [src, dst] = [toBigInt(packet.src), toBigInt(packet.dst)];
  for (let klass = 1; klass <= 4; klass++) {
    words[PACKET.src + klass] = packet.family === 4 ? digestV4(Number(src), klass) : digestV6(src, klass);
    words[PACKET.dst + klass] = packet.family === 4 ? digestV4(Number(dst), klass) : digestV6(dst, klass);
  }
  last = { packet, words };
  return words;
}

/** The packet as this index has it; overwritten by the next call. */
export function packetWords(index: ChainIndex, ctx: EvalContext): Int32Array {
  const words = wordsOf(ctx.packet);
  words[PACKET.iif] = index.names.get(ctx.iif ?? '') ?? 0;
  words[PACKET.oif] = index.names.get(ctx.oif ?? '') ?? 0;
  return words;
}

/** The index of a chain, made when it is first asked for; null: it has too few rules for one. */
export function indexOf(chain: Chain): ChainIndex | null {
  if (chain.rules.length <= FEW) return null;
  let index = indexes.get(chain);
  if (!index) {
    index = indexRules(chain.rules);
    indexes.set(chain, index);
  }
  return index;
}

/** By the index of the chain. */
export const byIndex: NextRule = (chain, from, ctx) => {
  // what is a packet's field here is not one of an ARP packet
  const index = ctx.arp ? null : indexOf(chain);
  if (!index) return from;
  const found = nextRule(index, from, packetWords(index, ctx));
  return found < 0 ? chain.rules.length : found;
};

/** Every rule is asked. */
export const inTurn: NextRule = (_chain, from) => from;
