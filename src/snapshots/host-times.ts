/** Which hosts are in a snapshot, and when each was read. */
import type { Snapshot as Row } from '../generated/sqlite/client.ts';
import { type Fact, factKey, type HostFacts } from '../model/facts.ts';
import type { Session } from './database.ts';
import { damaged, pack, unpack } from './segment.ts';

/** Milliseconds to when a run of its facts was read, place of the first in their order, and how many. */
type Run = readonly [number, number, number];

/** Host id, milliseconds from the snapshot's time to when its facts were read, 1 where not all could be read, and those read earlier. */
type HostTime = readonly [number, number, 0 | 1, (readonly Run[])?];

function runsOf({ facts, earlier = {} }: HostFacts, from: number): readonly Run[] {
  const runs: [number, number, number][] = [];
  for (const [i, fact] of facts.entries()) {
    const time = earlier[factKey(fact)];
    if (time === undefined) continue;
    const offset = Date.parse(time) - from;
    const last = runs.at(-1);
    if (last && last[0] === offset && last[1] + last[2] === i) last[2]++;
    else runs.push([offset, i, 1]);
  }
  return runs;
}

/** As HostFacts.earlier; null where all were read together. */
export function earlierOf(facts: readonly Fact[], runs: readonly Run[] | undefined, from: number): Record<string, string> | null {
  if (!runs) return null;
  const times = runs.map(([offset, first, count]) => [facts.slice(first, first + count), new Date(from + offset).toISOString()] as const);
  return Object.fromEntries(times.flatMap(([some, time]) => some.map((fact) => [factKey(fact), time] as const)));
}

export const packHostTimes = (takenAt: Date, hosts: readonly (readonly [id: number, facts: HostFacts])[]) =>
  pack(
    hosts.map(([id, host]): HostTime => {
      const from = takenAt.getTime();
      const failed = host.facts.some(({ status }) => status === 'failed') ? 1 : 0;
      const runs = runsOf(host, from);
      const offset = Date.parse(host.collectedAt) - from;
      return runs.length > 0 ? [id, offset, failed, runs] : [id, offset, failed];
    }),
  );

/** Throws UserError STORE_FAILED when they are damaged. */
export async function hostTimes(snapshot: Pick<Row, 'id' | 'hostTimes'>): Promise<readonly HostTime[]> {
  return unpack(snapshot.hostTimes).catch(() => {
    throw damaged(snapshot.id, 'the list of its hosts cannot be read');
  }) as Promise<readonly HostTime[]>;
}

/** Of all hosts, by id. */
export async function namesOf(session: Pick<Session, 'host'>): Promise<ReadonlyMap<number, string>> {
  return new Map((await session.host.findMany()).map(({ id, name }) => [id, name]));
}
