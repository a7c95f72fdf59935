import type { AnswerPart, TracePart } from '../../generated/page.ts';

export type Hop = TracePart['hops'][number];

/** The walks of the single packets of a conversation: one ends where a packet arrives, and the next begins there. */
export function segments(hops: readonly Hop[]): readonly (readonly Hop[])[] {
  const ends = hops.flatMap((hop, i) => (hop.oif === null && hops[i + 1]?.netns === hop.netns ? [i + 1] : []));
  return [...ends, hops.length].map((end, i) => hops.slice(ends[i - 1] ?? 0, end)).filter((segment) => segment.length > 0);
}

/** Which way the packet goes that does not arrive: a refusal that comes back does arrive. Null: all do. */
export function brokenWay({ verdict, blockers, reply }: AnswerPart): 'REQUEST' | 'REPLY' | null {
  if (verdict === 'REACHABLE') return null;
  return blockers[0]?.direction ?? (reply ? 'REPLY' : 'REQUEST');
}
