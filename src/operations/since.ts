/** Since when is it so, and what turned it? */
import { explain } from '../engine/index.ts';
import type { Answer } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import type { EstateFacts } from '../model/facts.ts';
import type { Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';
import type { Since } from '../model/since.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { buildModel } from '../normalize/index.ts';
import { Blamer } from '../since/blame.ts';
import { findTurn, type Kind } from '../since/search.ts';
import { never } from '../util/invariant.ts';
import type { Context } from './context.ts';
import { Estate } from './estate.ts';

/** Snapshots that are evaluated at most. */
const BUDGET = 40;
/** On more hosts than this only those are looked at that the packets of now pass. */
const MAX_HOSTS = 16;

interface Told {
  readonly kind: Kind;
  readonly answer: Answer | null;
}

function kindOf({ verdict }: Answer): Kind {
  switch (verdict) {
    case 'REACHABLE':
      return 'works';
    case 'UNREACHABLE':
      return 'broken';
    case 'AMBIGUOUS':
    case 'UNDETERMINED':
      return 'unknown';
    default:
      return never(verdict);
  }
}

/** What is not there has a name that nobody knows. */
function ask(model: Model, question: Question): Told {
  try {
    const answer = explain(model, question);
    return { kind: kindOf(answer), answer };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const unread = model.gaps.some(({ source }) => source.startsWith('docker.'));
    return { kind: error.code === 'UNKNOWN_ENDPOINT' && !unread ? 'absent' : 'unknown', answer: null };
  }
}

function hostsOf(estate: Estate, answer: Answer): ReadonlySet<string> {
  const all = estate.model.hosts.map(({ name }) => name);
  if (all.length <= MAX_HOSTS) return new Set(all);
  return new Set([...answer.forward.hops, ...(answer.reply?.hops ?? []), ...answer.blockers, ...answer.evidence].map(({ host }) => host));
}

const only = (facts: EstateFacts, hosts: ReadonlySet<string>) => facts.filter(({ host }) => hosts.has(host));

/** Throws UserError STORE_FAILED or TIMEOUT. */
export async function since(context: Context, answer: Answer): Promise<Since> {
  const estate = Estate.of(answer);
  const now = kindOf(answer);
  const none = { lastOther: null, first: null, changes: [], proved: false, evaluated: 0, certain: true };
  if (now === 'unknown') return { ...none, state: 'UNKNOWN', text: 'Whether it works now is not certain, so there is no turn to look for.' };
  const store = await context.store();
  const all = await store.list();
  const until = estate.snapshot ? estate.snapshot.id - 1 : (all[0]?.id ?? 0);
  const kept = new Map(all.filter(({ id }) => id <= until).map((snapshot) => [snapshot.id, snapshot]));
  const hosts = hostsOf(estate, answer);
  const points = (await store.changePoints(hosts, until)).filter((id) => kept.has(id));
  const { question } = answer;
  const factsAt = (id: number) => store.facts(id, hosts);
  const kindAt = async (i: number): Promise<Kind> => {
    context.allowance?.check();
    return ask(buildModel(await factsAt(points[i]!)), question).kind;
  };
  const turn = await findTurn(points.length, now, kindAt, BUDGET);
  const { evaluated, certain } = turn;
  if (turn.last === null) return { ...none, evaluated, certain, ...unturned(now, kept.size, certain, [...kept.values()].at(-1)) };

  // What holds at a change holds until the next one.
  const at = (moment: number) => [...kept.values()].find(({ id }) => id < (points[moment + 1] ?? Number.POSITIVE_INFINITY))!;
  const lastOther = at(turn.last);
  const first = turn.first === null ? (estate.snapshot ?? null) : kept.get(points[turn.first]!)!;
  const before = await factsAt(lastOther.id);
  const after = turn.first === null ? only(estate.facts, hosts) : await factsAt(points[turn.first]!);
  const blamer = new Blamer(before, after);
  const was = ask(blamer.old, question);
  const is = ask(blamer.young, question);
  const { happened, changes, proved } = blamer.blame(
    [is, was].flatMap((told) => told.answer ?? []),
    (model) => ask(model, question).kind === was.kind,
  );
  const told = happened ?? changes[0]?.text ?? 'nothing that is compared changed';
  const more = changes.length > 1 ? ` (${happened ? `${changes.length} changes` : `and ${changes.length - 1} more`})` : '';
  const [verb, other] = now === 'works' ? ['works', was.kind === 'absent' ? 'was not there' : 'did not work'] : ['broken', 'worked'];
  const from =
    first === null
      ? `after snapshot ${lastOther.id} of ${lastOther.takenAt}`
      : `snapshot ${first.id} of ${first.takenAt} (${other} in snapshot ${lastOther.id})`;
  return { state: 'CHANGED', text: `${verb} since ${from}: ${told}${more}`, lastOther, first, changes, proved, evaluated, certain };
}

function unturned(now: Kind, count: number, certain: boolean, oldest: SnapshotInfo | undefined): Pick<Since, 'state' | 'text'> {
  const state = now === 'works' ? 'ALWAYS_WORKED' : 'NEVER_WORKED';
  if (!oldest) return { state, text: 'There are no earlier snapshots to compare with.' };
  const history = `the kept history (${count} snapshots since ${oldest.takenAt})`;
  const doubt = certain ? '' : ', as far as it was looked at';
  return { state, text: now === 'works' ? `worked in all of ${history}${doubt}` : `never worked in ${history}${doubt}` };
}
