/** Small packets pass; a full one may meet a narrower link, whose router says so by ICMP (RFC 1191, RFC 8201) in vain. */
import type { Netns } from '../model/network.ts';
import { linksOf } from './index-netns.ts';
import type { RecordedHop } from './recorder.ts';
import type { Fate, Skb, World } from './types.ts';
import { caveat, MissingFact } from './world.ts';

interface Way {
  /** Whom an error has to reach; null for somebody outside the model. */
  readonly sender: Netns | null;
  /** `length` in bytes, with the IP header. */
  send(length: number): Fate;
}

/** Null: a fact is missing, which what is known already does not need. */
function attempt(way: () => Fate): Fate | null {
  try {
    return way();
  } catch (e) {
    if (e instanceof MissingFact) return null;
    throw e;
  }
}

/** `path` as a small packet and its answer went; what gets lost is a caveat. */
export function tryFullSize(
  world: World,
  target: Netns,
  path: { readonly forward: readonly RecordedHop[]; readonly reply: readonly RecordedHop[] | null },
  ways: readonly Way[],
  answer: (from: Netns, error: Skb) => Fate,
): void {
  const hops = [...path.forward, ...(path.reply ?? [])];
  const mtus = hops.flatMap((h) => linksOf(h.netns).links.get(h.oif ?? '')?.mtu ?? []);
  const ends = [path.forward[0], path.reply?.[0]].flatMap((h) => linksOf(h?.netns ?? target).links.get(h?.oif ?? '')?.mtu ?? []);
  const size = Math.min(...ends);
  if (ends.length < 2 || mtus.every((mtu) => mtu >= size) || hops.some((h) => h.steps.some((s) => s.action.includes('TCPMSS')))) return;
  for (const { sender, send } of ways) {
    const fate = attempt(() => send(size));
    if (fate?.kind !== 'died' || fate.why.disposition !== 'packet-too-big') continue;
    const error = fate.error?.skb;
    const told = error && attempt(() => answer(fate.netns, error));
    if (told === null) continue;
    if (told?.kind === 'delivered' ? told.netns === sender : told?.kind === 'left') continue;
    const lost = told?.kind === 'died' ? ` (${told.why.text})` : '';
    caveat(world, 'MTU_BLACK_HOLE', `small packets pass, large ones do not: ${fate.why.text}, and the message that says so gets lost${lost}`);
  }
}
