import type { IpVersion } from './network.ts';
import type { Protocol } from './packet.ts';

/** "Why can't FROM reach TO?" as asked; references are resolved against a model. */
export interface Question {
  /** Container name, id or id prefix; `project/service`; `host:NAME`; `netns:NAME`; an IP address; `internet`. */
  readonly from: string;
  /** As `from`, and also a DNS name as the source would resolve it. Without the port. */
  readonly to: string;
  readonly protocol: Protocol;
  /** 1 to 65535; null only for icmp. */
  readonly port: number | null;
  readonly sourcePort?: number;
  /** Address that the source binds to. */
  readonly sourceAddress?: string;
  readonly family?: IpVersion;
}
