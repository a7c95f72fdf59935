/** Which flows changed their verdict between two snapshots, and what did it. */
import { explain } from '../engine/index.ts';
import { type ChangedFlows, changedFlows, pairOf } from '../flows/changed.ts';
import { sizeOf } from '../flows/sets.ts';
import type { Answer, Verdict } from '../model/answer.ts';
import type { Change } from '../model/change.ts';
import { UserError } from '../model/errors.ts';
import type { Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { Blamer } from '../since/blame.ts';
import type { Context } from './context.ts';
import { assertOrder } from './diff.ts';
import type { Estate } from './estate.ts';
import { withLastKnown } from './last-known.ts';
import { idOf, inTurns, matrixFilter, type Progress, placeFilter } from './matrix.ts';
import { type Page, type PageInput, paginate } from './page.ts';
import { parseInput } from './parse-input.ts';
import { Turns } from './turns.ts';

/** So many different causes are looked for on a page. */
const MAX_LOOKED = 100;

export const flowDiffFilter = matrixFilter.pick({ host: true, container: true, network: true });

export interface FlowDiffEntry extends ChangedFlows {
  readonly id: string;
  /** One of them, as it would be asked. */
  readonly witness: Question;
  /** What did it, the most telling first; empty: it was not found, or not looked for any more. */
  readonly changes: readonly Change[];
  /** Undoing some of these changes, and nothing else, turned the witness back. */
  readonly proved: boolean;
}

export interface FlowDiff extends Page<FlowDiffEntry> {
  /** Null: live. */
  readonly from: SnapshotInfo | null;
  readonly to: SnapshotInfo | null;
  readonly summary: string;
}

export interface FlowDiffInput extends PageInput {
  readonly from?: string | null;
  readonly to?: string | null;
  readonly filter?: unknown;
  /** Hears how many sets of flows have been explained, of how many. */
  readonly onProgress?: Progress;
}

/**
 * Two snapshot references, or `live`; the last two snapshots when none is given. What did it is looked for on the page that is asked for.
 * Throws UserError UNKNOWN_SNAPSHOT, BAD_ARGUMENT, BAD_CURSOR or NOT_FOUND.
 */
export async function flowDiff(context: Context, input: FlowDiffInput): Promise<FlowDiff> {
  const filter = parseInput(flowDiffFilter, input.filter ?? {}, 'BAD_ARGUMENT', 'filter');
  const [first, after] = [await context.estates.at(input.from ?? 'previous'), await context.estates.at(input.to ?? 'latest')];
  const [from, to] = [first.snapshot, after.snapshot];
  assertOrder(from, to);
  const [before] = await withLastKnown(context, first, after);
  const [old, young] = pairOf(before.model, after.model);
  const places = [...new Map([...old.seats, ...young.seats].map(({ place }) => [place.reference, place])).values()];
  const turns = new Turns(context.allowance);
  const sets = await inTurns(changedFlows(old, young, placeFilter(filter, places)), turns, () => input.onProgress?.(0, 1));
  const all = sets.map((set) => ({ ...set, id: idOf(set, `${set.before} ${set.after}`) }));
  const page = paginate(all, ({ id }) => id, input);
  const blamed = explainer(before, after, old.otherPort);
  const items: FlowDiffEntry[] = [];
  for (const set of page.items) {
    input.onProgress?.(items.length, page.items.length);
    items.push(blamed(set));
    await turns.next();
  }
  return { from, to, summary: summaryOf(sets), ...page, items };
}

/** Those with which something worked that does not any more, and the other way round; each port counts, but those that nothing names. */
function summaryOf(sets: readonly ChangedFlows[]): string {
  const count = (fits: (set: ChangedFlows) => boolean) => sets.filter(fits).reduce((sum, set) => sum + Math.max(1, sizeOf(set)), 0);
  const closed = count(({ before }) => before === 'REACHABLE');
  const opened = count(({ after }) => after === 'REACHABLE');
  const others = count(({ before, after }) => before !== 'REACHABLE' && after !== 'REACHABLE');
  if (sets.length === 0) return 'No flow changed its verdict.';
  const rest = others > 0 ? `; of ${others} that did not work for certain, what is known changed` : '';
  return `${closed} flow${closed === 1 ? '' : 's'} closed, ${opened} opened${rest}.`;
}

const told = (model: Model, question: Question): Answer | null => {
  try {
    return explain(model, question);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
};

const verdictIn = (model: Model, question: Question): Verdict | null => told(model, question)?.verdict ?? null;

function explainer(before: Estate, after: Estate, otherPort: number): (set: ChangedFlows & { readonly id: string }) => FlowDiffEntry {
  const blamer = new Blamer(before.facts, after.facts);
  let looked = 0;
  return (set) => {
    const witness = witnessOf(set, otherPort);
    if (looked >= MAX_LOOKED) return { ...set, witness, changes: [], proved: false };
    looked++;
    const turns = (model: Model): boolean => verdictIn(model, witness) === set.before;
    const answers = [told(after.model, witness), told(before.model, witness)].flatMap((answer) => answer ?? []);
    const hosts = new Set([...set.sources, ...set.targets].flatMap(({ host }) => host ?? []));
    for (const { forward, reply } of answers) for (const { host } of [...forward.hops, ...(reply?.hops ?? [])]) hosts.add(host);
    const made = blamer.blame(answers, turns);
    const changes = made.proved ? made.changes : made.changes.filter(({ host }) => hosts.has(host));
    return { ...set, witness, changes, proved: made.proved };
  };
}

function witnessOf({ sources, targets, protocol, ports }: ChangedFlows, otherPort: number): Question {
  const pairs = sources.flatMap((from) => targets.map((to) => ({ from: from.reference, to: to.reference })));
  const { from, to } = pairs.find((pair) => pair.from !== pair.to) ?? pairs[0]!;
  return { from, to, protocol, port: protocol === 'icmp' ? null : (ports[0] ?? otherPort) };
}
