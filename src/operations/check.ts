import { checkIntent } from '../intents/check.ts';
import { parseAll } from '../intents/read.ts';
import type { Intent, IntentFinding } from '../model/intent.ts';
import type { Model } from '../model/model.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';
import { flowsOf } from './matrix.ts';

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

/** Throws UserError BAD_INTENT or UNKNOWN_SNAPSHOT; an intent that names nobody is a finding. */
export async function check(context: Context, input: CheckInput): Promise<CheckResult> {
  const intents = input.intents === null ? (context.watch?.intents ?? []) : parseAll(input.intents.map((text, place) => [`intents.${place}`, text]));
  const estate = await context.estates.at(input.at);
  return { snapshot: estate.snapshot, findings: await checkAll(estate.model, intents, input.onProgress) };
}

/** Questions to the engine, of all intents together and of one: what anybody may ask for has an end. One that takes more is checked in part, and says so. */
const MAX_ALL = 20_000;
const MAX_OF_ONE = 5000;
/** Milliseconds of work before others get their turn. */
const TURN = 20;

export async function checkAll(model: Model, intents: readonly Intent[], onProgress: OnProgress = () => {}): Promise<IntentFinding[]> {
  const findings: IntentFinding[] = [];
  let turn = performance.now();
  let left = MAX_ALL;
  for (const intent of intents) {
    const work = checkIntent(model, intent, flowsOf, Math.min(left, MAX_OF_ONE));
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) {
        findings.push(step.value);
        break;
      }
      left -= step.value;
      if (performance.now() - turn < TURN) continue;
      onProgress(findings.length, intents.length);
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }
  return findings;
}
