import { checkIntent } from '../intents/check.ts';
import { parseAll } from '../intents/read.ts';
import type { Intent, IntentFinding } from '../model/intent.ts';
import type { Model } from '../model/model.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Allowance } from './allowance.ts';
import type { Context } from './context.ts';
import { flowsOf } from './matrix.ts';
import { Turns } from './turns.ts';

export interface CheckResult {
  /** Null: live. */
  readonly snapshot: SnapshotInfo | null;
  readonly findings: readonly IntentFinding[];
}

export interface CheckInput {
  /** Null: those of the configuration. */
  readonly intents: readonly string[] | null;
  readonly at?: string | null;
  /** Hears how many intents are done. */
  readonly onProgress?: OnProgress;
}

type OnProgress = (done: number, total: number) => void;

interface Hearers {
  readonly onProgress?: OnProgress | undefined;
  readonly allowance?: Allowance | undefined;
}

/** Throws UserError BAD_INTENT or UNKNOWN_SNAPSHOT; an intent that names nobody is a finding. */
export async function check(context: Context, input: CheckInput): Promise<CheckResult> {
  const intents = input.intents === null ? (context.watch?.intents ?? []) : parseAll(input.intents.map((text, place) => [`intents.${place}`, text]));
  const estate = await context.estates.at(input.at);
  return { snapshot: estate.snapshot, findings: await checkAll(estate.model, intents, { onProgress: input.onProgress, allowance: context.allowance }) };
}

/** Questions to the engine, of all intents together and of one: what anybody may ask for has an end. One that takes more is checked in part, and says so. */
const MAX_ALL = 20_000;
const MAX_OF_ONE = 5000;
export async function checkAll(model: Model, intents: readonly Intent[], hear: Hearers = {}): Promise<IntentFinding[]> {
  const findings: IntentFinding[] = [];
  const turns = new Turns(hear.allowance);
  let left = MAX_ALL;
  for (const intent of intents) {
    const work = checkIntent(model, intent, flowsOf, Math.min(left, MAX_OF_ONE));
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) {
        findings.push(step.value);
        break;
      }
      left -= step.value;
      if (await turns.next()) hear.onProgress?.(findings.length, intents.length);
    }
  }
  return findings;
}
