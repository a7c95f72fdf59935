/** What a reference turns out to be: where a packet starts, and where it is to go. */
import type { CauseCode } from '../../model/answer.ts';
import type { Container } from '../../model/docker.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Host } from '../../model/model.ts';
import type { Netns } from '../../model/network.ts';

export type Source =
  | { readonly kind: 'netns'; readonly host: Host; readonly netns: Netns; readonly container: Container | null; readonly label: string }
  /** A container without a namespace: it does not run, or its namespace was not read (then `container.state` says running). */
  | { readonly kind: 'stopped'; readonly host: Host; readonly container: Container; readonly label: string }
  /** Outside every known host; the address is null for `internet`. */
  | { readonly kind: 'outside'; readonly address: string | null; readonly label: string };

export type TargetVia = 'address' | 'container' | 'service' | 'host' | 'netns' | 'hosts-file' | 'embedded-dns' | 'extra-host';

export type Target =
  | {
      readonly kind: 'addresses';
      /** In order of preference; more than one for a service's replicas or a name with several addresses. */
      readonly addresses: readonly string[];
      readonly container: Container | null;
      readonly host: Host | null;
      readonly netns: Netns | null;
      readonly label: string;
      readonly via: TargetVia;
      readonly evidence: readonly Evidence[];
      /** Something a person should know although the address is known: the name does not resolve by DNS from the source. */
      readonly note: CauseCode | null;
    }
  | { readonly kind: 'stopped'; readonly container: Container; readonly host: Host; readonly label: string }
  | {
      readonly kind: 'no-address';
      /** Null where the place is a namespace and not a container. */
      readonly container: Container | null;
      readonly host: Host;
      readonly label: string;
      /** `unknown`: a fact is missing. */
      readonly why: 'none-mode' | 'no-endpoint' | 'family' | 'unknown';
    }
  | { readonly kind: 'name-not-found'; readonly name: string; readonly cause: CauseCode; readonly text: string; readonly evidence: readonly Evidence[] }
  /** Somebody outside the facts would have to be asked. */
  | { readonly kind: 'unknown-name'; readonly name: string; readonly text: string; readonly needs: readonly string[] }
  /** Outside every known host; no address stands for any. */
  | { readonly kind: 'outside'; readonly label: string; readonly addresses: readonly string[] };
