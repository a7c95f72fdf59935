/** How packets die: one shape for every mechanism, with the line that did it. */
import type { Netns } from '../model/network.ts';
import type { Death, Skb, Why } from './types.ts';

export function death(netns: Netns, why: Why, extra: { errno?: string | null; error?: Skb | null } = {}): Death {
  return { kind: 'died', netns, why, errno: extra.errno ?? null, error: extra.error ? { skb: extra.error } : null };
}
