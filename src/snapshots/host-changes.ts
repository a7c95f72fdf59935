/** Which hosts a snapshot has, which of them are new, and of which something may differ from before. */
import type { EstateFacts } from '../model/facts.ts';
import type { Session } from './database.ts';
import { hostTimes, namesOf } from './host-times.ts';
import type { Head, Segment } from './segment.ts';
import type { NewSnapshot } from './types.ts';

/** Ids by name; hosts seen for the first time get one. */
export async function hostIds(session: Session, facts: EstateFacts): Promise<ReadonlyMap<string, number>> {
  const wanted = new Set(facts.map(({ host }) => host));
  const known = new Map([...(await namesOf(session))].flatMap(([id, name]) => (wanted.has(name) ? [[name, id]] : [])));
  const unknown = [...wanted].filter((name) => !known.has(name));
  if (unknown.length === 0) return known;
  await session.host.createMany({ data: unknown.map((name) => ({ name })) });
  const made = await session.host.findMany({ where: { name: { in: unknown } } });
  return new Map([...known, ...made.map(({ name, id }) => [name, id] as const)]);
}

/** Hosts of the snapshot before, by name. Where they cannot be told, every host that is not present now may have gone and every other may have come. */
export async function hostsBefore(
  session: Session,
  previous: { readonly id: number; readonly hostTimes: Uint8Array<ArrayBuffer> } | null,
  present: ReadonlySet<number>,
): Promise<ReadonlyMap<string, number>> {
  const names = await namesOf(session);
  const times = previous && (await hostTimes(previous).catch(() => null));
  const there = times ? new Set(times.map(([id]) => id)) : null;
  return new Map([...names].flatMap(([id, name]) => ((there ? there.has(id) : !present.has(id)) ? [[name, id] as const] : [])));
}

/** Hosts whose entities may differ from the open ones: their facts changed, they came, or they went. */
export function touchedHosts(
  ids: ReadonlyMap<string, number>,
  heads: ReadonlyMap<number, Head>,
  segments: readonly (Segment | null)[],
  before: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const changed = new Set(segments.flatMap((s) => (s && s.sha256 !== heads.get(s.hostId)?.sha256 ? [s.hostId] : [])));
  return new Map([...[...ids].filter(([name, id]) => changed.has(id) || !before.has(name)), ...[...before].filter(([name]) => !ids.has(name))]);
}

/** That a host is there is one of its hashes too. */
export function meanings(
  snapshot: NewSnapshot,
  touched: ReadonlyMap<string, number>,
  present: ReadonlyMap<string, number>,
): ReadonlyMap<number, ReadonlyMap<string, string>> {
  return new Map([...touched].map(([name, id]) => [id, present.has(name) ? new Map([...snapshot.meaning(name), ['', 'here']]) : new Map([['', 'gone']])]));
}
