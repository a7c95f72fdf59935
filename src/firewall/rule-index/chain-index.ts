/**
 * The rules of one chain by what they ask of a packet. A tuple is a set of fields that some rules fix; per tuple one hash finds
 * the rules that fix them as the packet has them (tuple space search, Srinivasan et al., SIGCOMM 1999; prefixes rounded and fields
 * left out of the key as TupleMerge does, Daly et al., IEEE/ACM ToN 2019). What it finds may match; what it passes over cannot.
 */
import type { Rule } from '../../model/firewall.ts';
import { packRule } from './pack.ts';
import { fits, PACKET, RULE, RULE_WORDS } from './words.ts';

export interface ChainIndex {
  /** Numbers of the interface names in `rules`, from 1. */
  readonly names: ReadonlyMap<string, number>;
  /** `RULE_WORDS` a rule. */
  readonly rules: Int32Array;
  /** Signature, first and last rule of each, by first rule, and where its hash begins. */
  readonly tuples: Int32Array;
  /** Open addressing, a power of two of slots: hash, begin and end in `order`, nothing; an end of 0 is a free slot. */
  readonly slots: Int32Array;
  /** Rules of each slot, ascending. */
  readonly order: Int32Array;
}

export const TUPLE_WORDS = 4;
export const SLOT_WORDS = 4;
/** From this class of the destination on the source no longer narrows the choice. */
const NARROW = 3;

/** Bits of a signature: class of destination (3), of source (3), destination port, incoming and outgoing interface, family (2). */
const SOURCE = 3;
const DPORT = 1 << 6;
const IIF = 1 << 7;
const OIF = 1 << 8;
const FAMILY = 9;

function signatureOf(rules: Int32Array, at: number): number {
  const dst = rules[at + RULE.dstClass]!;
  const src = dst >= NARROW ? 0 : rules[at + RULE.srcClass]!;
  const family = dst + src === 0 ? 0 : rules[at + RULE.family] === 4 ? 1 : 2;
  let signature = dst | (src << SOURCE) | (family << FAMILY);
  if (rules[at + RULE.dportFrom] === rules[at + RULE.dportTo]) return signature | DPORT;
  if (dst !== 0) return signature;
  if (rules[at + RULE.iif]! > 0) signature |= IIF;
  if (rules[at + RULE.oif]! > 0) signature |= OIF;
  return signature;
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function hashOfRule(rules: Int32Array, at: number, signature: number): number {
  let hash = mix(signature, 0);
  if ((signature & 7) !== 0) hash = mix(hash, rules[at + RULE.dst]!);
  if (((signature >> SOURCE) & 7) !== 0) hash = mix(hash, rules[at + RULE.src]!);
  if ((signature & DPORT) !== 0) hash = mix(hash, rules[at + RULE.dportFrom]!);
  if ((signature & IIF) !== 0) hash = mix(hash, rules[at + RULE.iif]!);
  if ((signature & OIF) !== 0) hash = mix(hash, rules[at + RULE.oif]!);
  return hash;
}

function hashOfPacket(packet: Int32Array, signature: number, seed: number): number {
  let hash = seed;
  const dst = signature & 7;
  const src = (signature >> SOURCE) & 7;
  if (dst !== 0) hash = mix(hash, packet[PACKET.dst + dst]!);
  if (src !== 0) hash = mix(hash, packet[PACKET.src + src]!);
  if ((signature & DPORT) !== 0) hash = mix(hash, packet[PACKET.dport]!);
  if ((signature & IIF) !== 0) hash = mix(hash, packet[PACKET.iif]!);
  if ((signature & OIF) !== 0) hash = mix(hash, packet[PACKET.oif]!);
  return hash;
}

/** Where `hash` stands, or the free slot for it. */
function slotOf(slots: Int32Array, hash: number): number {
  const mask = slots.length - SLOT_WORDS;
  let slot = (hash << 2) & mask;
  while (slots[slot + 2] !== 0 && slots[slot] !== hash) slot = (slot + SLOT_WORDS) & mask;
  return slot;
}

/** Linear in the number of rules. */
export function indexRules(list: readonly Rule[]): ChainIndex {
  const names = new Map<string, number>();
  const rules = new Int32Array(list.length * RULE_WORDS);
  const slots = new Int32Array(SLOT_WORDS * 2 ** (32 - Math.clz32(list.length * 2)));
  const slotOfRule = new Int32Array(list.length);
  const seen = new Map<number, { readonly first: number; last: number }>();
  for (let i = 0; i < list.length; i++) {
    const at = i * RULE_WORDS;
    if (!packRule(list[i]!, rules, at, names)) {
      slotOfRule[i] = -1;
      continue;
    }
    const signature = signatureOf(rules, at);
    const tuple = seen.get(signature);
    if (tuple) tuple.last = i;
    else seen.set(signature, { first: i, last: i });
    const hash = hashOfRule(rules, at, signature);
    const slot = slotOf(slots, hash);
    slots[slot] = hash;
    slots[slot + 2] = slots[slot + 2]! + 1;
    slotOfRule[i] = slot;
  }
  let used = 0;
  for (let slot = 0; slot < slots.length; slot += SLOT_WORDS) {
    const count = slots[slot + 2]!;
    if (count === 0) continue;
    slots[slot + 1] = used;
    slots[slot + 2] = used;
    used += count;
  }
  const order = new Int32Array(used);
  for (let i = 0; i < list.length; i++) {
    const slot = slotOfRule[i]!;
    if (slot < 0) continue;
    const end = slots[slot + 2]!;
    order[end] = i;
    slots[slot + 2] = end + 1;
  }
  const tuples = Int32Array.from([...seen].flatMap(([signature, { first, last }]) => [signature, first, last, mix(signature, 0)]));
  return { names, rules, tuples, slots, order };
}

/** Place of the first rule at or after `from` in a part of `order`. */
function atOrAfter(order: Int32Array, begin: number, end: number, from: number): number {
  let low = begin;
  for (let high = end; low < high; ) {
    const middle = (low + high) >> 1;
    if (order[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first rule at or after `from` that may match; -1: none. */
export function nextRule({ rules, tuples, slots, order }: ChainIndex, from: number, packet: Int32Array): number {
  let best = 0x7fffffff;
  const family = packet[PACKET.family] === 4 ? 1 : 2;
  for (let t = 0; t < tuples.length; t += TUPLE_WORDS) {
    if (tuples[t + 1]! >= best) break;
    if (tuples[t + 2]! < from) continue;
    const signature = tuples[t]!;
    const wanted = signature >> FAMILY;
    if (wanted !== 0 && wanted !== family) continue;
    const slot = slotOf(slots, hashOfPacket(packet, signature, tuples[t + 3]!));
    const end = slots[slot + 2]!;
    let low = slots[slot + 1]!;
    if (low < end && order[low]! < from) low = atOrAfter(order, low + 1, end, from);
    for (; low < end; low++) {
      const rule = order[low]!;
      if (rule >= best) break;
      if (fits(rules, rule * RULE_WORDS, packet)) {
        best = rule;
        break;
      }
    }
  }
  return best === 0x7fffffff ? -1 : best;
}
