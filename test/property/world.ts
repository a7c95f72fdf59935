/** A small world as plain data: what is built, in which order, and what is then asked. Any part may be left out and it still can be built. */
import type { Protocol } from '../../src/model/packet.ts';

export interface Listen {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** SO_BINDTODEVICE. */
  readonly dev?: string;
  readonly v6only?: boolean;
}

export type Program = 'iptables-nft' | 'iptables-legacy' | 'ip6tables-nft' | 'ip6tables-legacy';

/** One thing that is done to a namespace. The kernel may refuse it: what holds is what is read afterwards. */
export type Item =
  /** A veth pair: `node device`, twice. */
  | { readonly kind: 'wire'; readonly on: string; readonly dev: string; readonly peer: string; readonly peerDev: string }
  /** A line for `ip -batch`. */
  | { readonly kind: 'ip'; readonly on: string; readonly line: string }
  | { readonly kind: 'bridge'; readonly on: string; readonly line: string }
  /** Below /proc/sys/net. */
  | { readonly kind: 'sysctl'; readonly on: string; readonly key: string; readonly value: string }
  | { readonly kind: 'ipset'; readonly on: string; readonly line: string }
  /** A line of iptables-save: `:INPUT DROP` or `-A INPUT ...`. */
  | { readonly kind: 'iptables'; readonly on: string; readonly program: Program; readonly table: string; readonly line: string }
  /** A command of nft(8). */
  | { readonly kind: 'nft'; readonly on: string; readonly line: string }
  | { readonly kind: 'listen'; readonly on: string; readonly socket: Listen };

export interface Ask {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  /** 0 for icmp. */
  readonly port: number;
  /** Address that the sender binds to. */
  readonly source?: string;
}

export interface World {
  readonly seed: number;
  readonly nodes: readonly string[];
  readonly items: readonly Item[];
  readonly asks: readonly Ask[];
}
