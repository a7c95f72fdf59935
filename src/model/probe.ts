/** A real packet: what is to be sent, and what came of it. */
import type { ProbeOutcome } from './answer.ts';
import type { Protocol } from './packet.ts';

/** What is to be sent, and from where. */
export interface Errand {
  readonly namespace: { readonly inode: string; readonly paths: readonly string[] };
  readonly protocol: Exclude<Protocol, 'icmp'>;
  readonly address: string;
  readonly port: number;
  readonly sourcePort: number | null;
  readonly sourceAddress: string | null;
}

export interface Sent {
  readonly outcome: ProbeOutcome;
  /** errno(3) name of what failed. */
  readonly errno: string | null;
  readonly milliseconds: number;
}

/** One packet or connection. Throws UserError BAD_ARGUMENT for what cannot be sent from here, and RATE_LIMITED while too many are under way. */
export type SendProbe = (errand: Errand) => Promise<Sent>;
