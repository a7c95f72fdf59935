/** What is wrong or risky on a host without anybody asking about a flow. */
import type { Evidence } from './evidence.ts';

export const SEVERITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;
/** HIGH: something does not work, or is open that must not be. MEDIUM: something does not work as meant. LOW: it may fail one day. */
export type Severity = (typeof SEVERITIES)[number];

/** Causes before what follows from them. */
export const FINDING_CODES = [
  'IP_FORWARD_OFF',
  'CONTAINER_RESTARTING',
  'CONTAINER_UNHEALTHY',
  'STALE_DNAT',
  'LISTENS_ON_LOOPBACK_ONLY',
  'PORT_WITHOUT_LISTENER',
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
