import type { FindingCode, Severity } from '../model/finding.ts';
import type { Found } from './found.ts';
import type { Scene } from './scene.ts';

export interface FindingRule {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The kind of defect, in a few words. */
  readonly title: string;
  /** What follows from it. */
  readonly why: string;
  /** How to mend it, in general. */
  readonly mend: string;
  /** What, on the same subject or the whole host, this follows from. */
  readonly dependsOn: readonly FindingCode[];
  /** What is wrong on one host. A fact that is missing proves nothing: then nothing is found. */
  check(scene: Scene): Iterable<Found>;
}
