/** Frames on links, and what becomes of them. */
import type { Link, Netns } from '../model/network.ts';
import type { Death, Skb } from './types.ts';

export const BROADCAST = '*';

export interface Arp {
  readonly operation: 'request' | 'reply';
  readonly senderIp: string;
  readonly targetIp: string;
  readonly senderMac: string;
  readonly targetMac: string | null;
}

export interface Frame {
  readonly src: string;
  /** A MAC address, or BROADCAST for broadcast and multicast alike. */
  readonly dst: string;
  readonly vlan: number | null;
  /** Interfaces at the end of uncollected links that it has come to, or left by; shared by all its copies. */
  readonly heard?: Set<Link>;
  readonly payload: { readonly kind: 'ip'; readonly skb: Skb } | { readonly kind: 'arp'; readonly arp: Arp };
}

/** A frame on its way: leaving by a device, coming in by one, handed to the network layer, lost, or out of sight. */
export type FrameEvent =
  | { readonly kind: 'out' | 'in'; readonly netns: Netns; readonly dev: string; readonly frame: Frame }
  | {
      readonly kind: 'arrived';
      readonly netns: Netns;
      readonly dev: string;
      readonly frame: Frame /** br_netfilter has run PREROUTING already. */;
      readonly prerouted: boolean;
    }
  | { readonly kind: 'lost'; readonly death: Death }
  | { readonly kind: 'left'; readonly netns: Netns; readonly dev: string; readonly frame: Frame };

/** A frame for one more receiver: rules that rewrite one copy must not touch the other. */
export function copyOf(frame: Frame): Frame {
  return frame.payload.kind === 'ip' ? { ...frame, payload: { kind: 'ip', skb: { ...frame.payload.skb } } } : frame;
}

/** Ends of a frame's life that leave no other trace: for ARP only that nobody answered matters. */
export function packetOf(frame: Frame): Skb | null {
  return frame.payload.kind === 'ip' ? frame.payload.skb : null;
}
