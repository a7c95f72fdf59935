/** Asks netwhy what the kernel was asked, compares, and knows which disagreements are known. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { why } from '../../src/engine/index.ts';
import type { Answer } from '../../src/model/answer.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { disagreements, report } from './compare.ts';
import { labFolder } from './engines.ts';
import type { Truth } from './truth.ts';

const gapSchema = z.object({
  scenario: z.string(),
  ask: z.string(),
  /** Hosts; all when absent. */
  on: z.array(z.string()).optional(),
  /** The disagreement, each part of it. Another one is not known. */
  says: z.array(z.string()),
  why: z.string(),
});
export type Gap = z.infer<typeof gapSchema>;

export const KNOWN_GAPS: readonly Gap[] = z.array(gapSchema).parse(parse(readFileSync(join(labFolder, '../known-gaps.yaml'), 'utf8')) ?? []);

export const knownGap = (truth: Truth): Gap | undefined =>
  KNOWN_GAPS.find((gap) => gap.scenario === truth.scenario && gap.ask === truth.ask && (gap.on?.includes(truth.host) ?? true));

export interface Judged {
  readonly truth: Truth;
  readonly answer: Answer;
  /** Null: answer and kernel agree, or the disagreement is a known gap. */
  readonly failure: string | null;
}

/** The facts must hold the host `laptop`; a question from its address is asked as from a stranger, without those facts. */
export function judge(facts: EstateFacts, truths: readonly Truth[]): readonly Judged[] {
  const known = buildModel(facts);
  const stranger = buildModel(facts.filter(({ host }) => host !== 'laptop'));
  return truths.map((truth) => {
    const answer = why(truth.ask.startsWith('outside ') ? stranger : known, truth.question);
    const said = disagreements(truth, answer);
    const gap = knownGap(truth);
    if (!gap) return { truth, answer, failure: said.length > 0 ? report(truth, answer, said) : null };
    if (said.length === 0) return { truth, answer, failure: `${truth.ask} agrees now: take it out of known-gaps.yaml` };
    const other = said.filter((line) => !gap.says.includes(line));
    return { truth, answer, failure: other.length > 0 ? report(truth, answer, other) : null };
  });
}
