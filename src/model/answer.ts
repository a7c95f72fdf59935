/** The answer: verdict, symptom, cause, evidence. Codes are closed lists; docs tie each disposition to verdict and symptom. */
import type { Evidence } from './evidence.ts';
import type { Packet } from './packet.ts';
import type { Question } from './question.ts';
import type { Since } from './since.ts';

export const VERDICTS = ['REACHABLE', 'UNREACHABLE', 'AMBIGUOUS', 'UNDETERMINED'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SYMPTOMS = [
  'CONNECTED',
  'DELIVERED',
  'REFUSED',
  'TIMED_OUT',
  'HOST_UNREACHABLE',
  'NET_UNREACHABLE',
  'PROTOCOL_UNREACHABLE',
  'PERMISSION_DENIED',
  'INVALID_ARGUMENT',
  'ADDRESS_NOT_AVAILABLE',
  'NAME_NOT_FOUND',
  'UNKNOWN',
] as const;
export type Symptom = (typeof SYMPTOMS)[number];

export const DISPOSITIONS = [
  'accepted',
  'refused-no-listener',
  'dropped-by-rule',
  'dropped-by-policy',
  'rejected-by-rule',
  'no-route',
  'blackholed',
  'interface-down',
  'neighbour-unreachable',
  'reverse-path-filtered',
  'martian',
  'forwarding-disabled',
  'ttl-loop',
  'packet-too-big',
  'leaves-model',
  'reply-lost',
  'name-not-found',
  'no-source',
  'dropped-by-kernel',
  'insufficient-information',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

export const CAUSES = [
  'DIFFERENT_NETWORKS',
  'INTERNAL_NETWORK',
  'ICC_DISABLED',
  'NO_LISTENER',
  'LISTENS_ON_LOOPBACK_ONLY',
  'LISTENS_ON_OTHER_ADDRESS',
  'LISTENS_ON_OTHER_PROTOCOL',
  'WRONG_PORT_PUBLISHED_VS_CONTAINER',
  'PORT_NOT_PUBLISHED',
  'PUBLISHED_ON_OTHER_ADDRESS',
  'STALE_DNAT',
  'HOST_FIREWALL_DROP',
  'DOCKER_USER_DROP',
  'FORWARD_POLICY_DROP',
  'IP_FORWARD_DISABLED',
  'BRIDGE_NETFILTER',
  'RAW_TABLE_DIRECT_ACCESS_DROP',
  'NO_ROUTE',
  'RETURN_ROUTE_MISSING',
  'REVERSE_PATH_FILTER',
  'SUBNET_OVERLAP',
  'NO_NETWORK',
  'HOST_NETWORK',
  'SHARED_NAMESPACE_OWNER_STOPPED',
  'CONTAINER_NOT_RUNNING',
  'CONTAINER_PAUSED',
  'NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE',
  'NAME_NOT_ON_SHARED_NETWORK',
  'NAME_NOT_FOUND',
  'NAMESERVER_UNREACHABLE',
  'MACVLAN_HOST_ISOLATION',
  'OVERLAY_UNDERLAY_BLOCKED',
  'MTU_BLACK_HOLE',
  'LINK_DOWN',
  'NEIGHBOUR_UNRESOLVED',
  'IPV6_NOT_ENABLED',
  'HAIRPIN_NOT_TRANSLATED',
  'NETWORK_POLICY_DENY',
  'SERVICE_WITHOUT_ENDPOINTS',
  'ACCEPT_QUEUE_FULL',
  'POLICY_ROUTED',
  'DUPLICATE_ADDRESS',
  'BRIDGE_PORT_MISSING',
  // the mechanism itself, where no cause of a person's making fits
  'RULE_DROP',
  'RULE_REJECT',
  'POLICY_DROP',
  'ROUTE_BLOCKED',
  'MARTIAN',
  'TTL_EXCEEDED',
  'REPLY_DROPPED',
  'REPLY_NOT_TRANSLATED',
  'REPLY_FROM_OTHER_ADDRESS',
  'KERNEL_DROP',
  'SOURCE_ADDRESS',
  'MISSING_FACTS',
  'CHANCE',
] as const;
export type CauseCode = (typeof CAUSES)[number];

export interface Cause {
  readonly code: CauseCode;
  /** Names and numbers the sentence is made of: container, network, rule, port, ... */
  readonly parameters: Readonly<Record<string, string>>;
  /** One sentence for a person. */
  readonly text: string;
}

export interface Step {
  /** For example `route`, `prerouting`, `bridge`, `neighbour`, `socket`. */
  readonly stage: string;
  /** What happened, in words: `DNAT to 172.17.0.2:80 by nat DOCKER rule 3`. */
  readonly action: string;
  readonly certainty: 'certain' | 'assumed';
  /** Present when the packet changed here. */
  readonly before?: Packet;
  readonly after?: Packet;
  readonly evidence: readonly Evidence[];
}

/** One namespace that the packet passes. */
export interface Hop {
  /** Netns.id */
  readonly netns: string;
  /** What a person calls it: container name, host name. */
  readonly name: string;
  readonly host: string;
  readonly iif: string | null;
  readonly oif: string | null;
  readonly steps: readonly Step[];
}

export interface Trace {
  readonly disposition: Disposition;
  readonly hops: readonly Hop[];
}

/** Something on the path that alone would stop it. */
export interface Blocker {
  readonly cause: Cause;
  readonly disposition: Disposition;
  readonly direction: 'request' | 'reply';
  /** Where: host, namespace name. */
  readonly host: string;
  readonly netns: string;
  readonly namespaceName: string;
  /** The rule or policy, where one did it. */
  readonly rule: {
    readonly backend: string;
    readonly family: string;
    readonly table: string;
    readonly chain: string;
    readonly position: number | null;
    readonly text: string;
  } | null;
  readonly symptom: Symptom;
  readonly evidence: readonly Evidence[];
}

export interface Caveat {
  readonly code: string;
  readonly text: string;
}

export interface Remedy {
  readonly text: string;
  readonly commands: readonly { readonly host: string; readonly argv: readonly string[] }[];
  /** Other flows that it would open or close. */
  readonly sideEffects: readonly string[];
}

/** `ANSWERED`: the connection was taken, the datagram answered. `FAILED`: an error came. `SILENT`: nothing came in time. */
export const PROBE_OUTCOMES = ['ANSWERED', 'FAILED', 'SILENT'] as const;
export type ProbeOutcome = (typeof PROBE_OUTCOMES)[number];

/** One real packet beside an answer: what it met, and whether the answer says the same. */
export interface Probe {
  readonly outcome: ProbeOutcome;
  /** What the program at the source saw; UNKNOWN where silence says nothing, as of a datagram. */
  readonly symptom: Symptom;
  /** From sending to the outcome. */
  readonly milliseconds: number;
  /** Null: the answer is not certain, or the outcome proves nothing. */
  readonly agrees: boolean | null;
  /** One sentence for a person. */
  readonly text: string;
}

export interface Answer {
  readonly question: Question;
  readonly verdict: Verdict;
  readonly symptom: Symptom;
  readonly summary: string;
  readonly cause: Cause | null;
  readonly disposition: Disposition;
  readonly blockers: readonly Blocker[];
  readonly forward: Trace;
  /** Null when no packet comes back to be traced. */
  readonly reply: Trace | null;
  readonly evidence: readonly Evidence[];
  readonly caveats: readonly Caveat[];
  /** UNDETERMINED and AMBIGUOUS: what would settle it. */
  readonly needs: readonly string[];
  readonly remedies: readonly Remedy[];
  /** Null unless it was asked for. */
  readonly since: Since | null;
  /** What a real packet met; null unless it was asked for. */
  readonly probe: Probe | null;
}
