/** What walks looked at: whatever differs from them in nothing of this ends as they do. */
import type { Chain, Table } from '../model/firewall.ts';
import type { Netns } from '../model/network.ts';

export interface Reads {
  /** Chains that packets went through, each with the table whose sets it may name. */
  readonly chains: Map<Chain, Table>;
  /** Namespaces whose hooks packets came to. */
  readonly namespaces: Set<Netns>;
  /** Namespaces in which a socket was looked for. */
  readonly homes: Set<Netns>;
  /** Addresses that the link was asked for. */
  readonly sought: Set<string>;
  /** A link that leads out of the host, or a tunnel, was asked: other hosts had a say. */
  beyond: boolean;
  /** What the kernel happens to remember was asked: neighbours that do not answer, MAC addresses learned once. */
  remembered: boolean;
}

export function newReads(): Reads {
  return { chains: new Map(), namespaces: new Set(), homes: new Set(), sought: new Set(), beyond: false, remembered: false };
}
