/** What is wrong or risky on a host without anybody asking about a flow. */
import type { Evidence } from './evidence.ts';

export const SEVERITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;
/** HIGH: something does not work, or is open that must not be. MEDIUM: something does not work as meant. LOW: it may fail one day. */
export type Severity = (typeof SEVERITIES)[number];

/** Causes before what follows from them. */
export const FINDING_CODES = [
  'HOST_UNREADABLE',
  'CONNTRACK_FULL',
  'LINK_DOWN',
  'BRIDGE_PORT_MISSING',
  'GATEWAY_ADDRESS_MISSING',
  'IP_FORWARD_OFF',
  'ENGINE_RULES_MISSING',
  'FORWARD_POLICY_DROP',
  'NO_DEFAULT_ROUTE',
  'DUPLICATE_ADDRESS',
  'SUBNET_OVERLAP',
  'SHARED_NAMESPACE_OWNER_STOPPED',
  'CONTAINER_RESTARTING',
  'CONTAINER_UNHEALTHY',
  'EXPOSED_DESPITE_FIREWALL',
  'ICC_NOT_ENFORCED',
  'UNREACHABLE_NAMESERVER',
  'ACCEPT_QUEUE_FULL',
  'LISTENS_ON_LOOPBACK_ONLY',
  'PORT_WITHOUT_LISTENER',
  'PUBLISHED_ON_INTERNAL_NETWORK',
  'STALE_DNAT',
  'STALE_PROXY',
  'LEGACY_AND_NFT',
  'MTU_MISMATCH',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

export interface Subject {
  /** What it is: host, network, container, natRule, interface or process. */
  readonly kind: string;
  readonly name: string;
  /** The id that lists give it; one of its own kind where no list has it. */
  readonly id: string;
}

export interface Finding {
  /** Stable id: host, code and subject. */
  readonly id: string;
  readonly host: string;
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The kind of defect, in a few words. */
  readonly title: string;
  readonly subject: Subject;
  /** The container that it concerns: its name. */
  readonly container: string | null;
  /** What was found, in one sentence. */
  readonly text: string;
  /** What follows from it. */
  readonly why: string;
  readonly evidence: readonly Evidence[];
  /** A command that mends it; null where there is no single one. */
  readonly remedy: string | null;
  /** Id of the finding that this one follows from: mend that first. */
  readonly causedBy: string | null;
}
