import type { CauseCode } from '../../src/model/answer.ts';
import type { Question } from '../../src/model/question.ts';
import type { Outcome, ProbeResult } from './probe.ts';
import type { DropPlace } from './trace.ts';

/** One question and what really happened. */
export interface Truth {
  readonly scenario: string;
  /** The host that the scenario ran on. */
  readonly host: string;
  /** As the scenario has it, with the placeholders: `@api > {lan} tcp/8080`. */
  readonly ask: string;
  readonly question: Question;
  /** That the answer must name, where a scenario says so. */
  readonly cause: CauseCode | null;
  readonly unknowable: boolean;
  readonly chance?: true;
  readonly caveat?: string;
  /** Null: there was no address to send to, so nothing was sent. */
  readonly result: ProbeResult | null;
  readonly outcome: Outcome;
  /** The rule or policy that dropped it, where one did. */
  readonly drop: DropPlace | null;
}
