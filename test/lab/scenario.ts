/** Scenarios are data: what is set up, what is asked. What the answer should be is never written down: the kernel is asked at that moment. */
import type { CauseCode } from '../../src/model/answer.ts';
import type { Protocol } from '../../src/model/packet.ts';

/**
 * One command, split at spaces that are not in double quotes. In all words: `@name` is this host's container of that name; `{lan}` the host's address on the LAN,
 * `{peer}` the next host's, `{prev}` the previous one's; `{outside}` the LAN client's; `{address:name}` a container's (first) address, `{address:name:network}` its
 * address there; `{bridge:n}`, `{gateway:n}`, `{subnet:n}` of a network; `{name:x}` what the container is called on this host; `{lab}` this folder;
 * `{n}` and `{peern}` the numbers of this host and the next; `{pid}` the process that holds the host; `{veth:name}` the host's end of a container's eth0 (in `host` steps).
 */
export type Step =
  | { readonly docker: string }
  /** On the host, as root. */
  | { readonly host: string }
  /** On the LAN client. */
  | { readonly outside: string }
  /** With the host's tools in a container's network namespace. */
  | { readonly container: string; readonly run: string }
  /** A process of the host that listens (serve.py). */
  | { readonly serve: string };

export interface Ask {
  /** `@container`, `host`, `netns:NAME`, `outside` (the LAN client by address, a stranger whose facts nobody has) or `laptop` (the same by name, its facts known). */
  readonly from: string;
  /** `@container`, `peer:@container` of the next host, `host`, `peer`, `outside`, a placeholder's address, or `dns:NAME`. */
  readonly to: string;
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly source?: string;
  /** No fact can tell: the answer must be UNDETERMINED, whatever the kernel did. */
  readonly unknowable?: true;
  /** The kernel throws dice: the answer must be AMBIGUOUS. */
  readonly chance?: true;
  /** A caveat that a reachable answer must have, of what a small probe does not meet. */
  readonly caveat?: string;
  /** That the answer must name. */
  readonly cause?: CauseCode;
}

export interface Scenario {
  /** A fact about networks, in words. */
  readonly name: string;
  /** Hosts that it runs on; all when absent. */
  readonly on?: readonly string[];
  readonly setup?: readonly Step[];
  /** Takes the setup back. Containers are removed without being asked. */
  readonly undo?: readonly Step[];
  readonly ask: readonly Ask[];
}

/** Scenarios whose setups do not disturb each other: built together, asked together. */
export interface Batch {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  /** Hosts whose facts a recording of it holds. */
  readonly keep: readonly string[];
  /** Somebody in it waits for an ARP answer that does not come. */
  readonly patient?: true;
}
