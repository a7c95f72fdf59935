/** Which hosts are in a snapshot, and when each was read. */
import type { Snapshot as Row } from '../generated/sqlite/client.ts';
import type { HostFacts } from '../model/facts.ts';
import type { Session } from './database.ts';
import { damaged, pack, unpack } from './segment.ts';

/** Host id, milliseconds from the snapshot's time to when its facts were read, and 1 where not all could be read. */
type HostTime = readonly [number, number, 0 | 1];

export const packHostTimes = (takenAt: Date, hosts: readonly (readonly [id: number, facts: HostFacts])[]) =>
  pack(
    hosts.map(
      ([id, { collectedAt, facts }]): HostTime => [id, Date.parse(collectedAt) - takenAt.getTime(), facts.some(({ status }) => status === 'failed') ? 1 : 0],
    ),
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
