/** Snapshots in the database: each whole or not there at all. */

import type { Snapshot as Row } from '../generated/sqlite/client.ts';
import type { EstateFacts, HostFacts } from '../model/facts.ts';
import type { RunState, ScheduleRun } from '../model/schedule.ts';
import type { SearchHit, SnapshotInfo } from '../model/snapshot.ts';
import { type Database, openDatabase, type Session } from './database.ts';
import { forgetEntities, updateEntities } from './entities.ts';
import { resolveReference } from './reference.ts';
import { countRuns, readRuns, TakenBefore, writeRun } from './schedule-runs.ts';
import { search } from './search.ts';
import { changePoints, forgetSectionHashes, insertSectionHashes } from './section-hashes.ts';
import { damaged, type Head, pack, type Segment, segmentOf, unpack } from './segment.ts';
import { forgetSegments, headsAt, insertSegments, marksAt } from './segments.ts';
import type { NewSnapshot, SearchQuery } from './types.ts';
import { write, written } from './write.ts';

/** Host id, milliseconds from the snapshot's time to when its facts were read, and 1 where not all could be read. */
type HostTime = readonly [number, number, 0 | 1];

export class SnapshotStore {
  readonly #database: Database;
  /** The newest facts of each host, by its id, as this process wrote them. */
  readonly #known = new Map<number, Head>();

  private constructor(database: Database) {
    this.#database = database;
  }

  /** `file:PATH` or `postgresql://...`; the file is made, and the database migrated, when needed. */
  static async open(url: string): Promise<SnapshotStore> {
    return new SnapshotStore(await openDatabase(url));
  }

  /** Throws TakenBefore when there is one for the time that it is due. */
  async take(snapshot: NewSnapshot): Promise<SnapshotInfo> {
    const { facts, entities, gaps, label, due } = snapshot;
    const sizes = { hosts: facts.length, networks: entities.network.length, endpoints: entities.endpoint.length, natRules: entities.natRule.length };
    return write(this.#database, async (session) => {
      const takenAt = new Date();
      // The first write: from here on nobody else writes.
      const row = await session.snapshot.create({ data: { takenAt, label, gaps, ...sizes, hostTimes: new Uint8Array() } });
      if (due && !(await writeRun(session, { ...due, state: 'TAKEN', snapshotId: row.id, reason: null }))) throw new TakenBefore();
      const ids = await hostIds(session, facts);
      const times = facts.map(
        (host): HostTime => [
          ids.get(host.host)!,
          Date.parse(host.collectedAt) - takenAt.getTime(),
          host.facts.some(({ status }) => status === 'failed') ? 1 : 0,
        ],
      );
      await session.snapshot.update({ where: { id: row.id }, data: { hostTimes: await pack(times) }, select: { id: true } });
      const heads = await this.#heads(session, row.id, ids);
      const segments = await Promise.all(facts.map((host) => segmentOf(ids.get(host.host)!, row.id, heads.get(ids.get(host.host)!) ?? null, host.facts)));
      await insertSegments(
        session,
        segments.flatMap((segment) => segment ?? []),
      );
      const touched = await this.#touched(session, row.id, ids, heads, segments);
      await updateEntities(session, row.id, touched, entities);
      await insertSectionHashes(session, row.id, meanings(snapshot, touched, ids));
      for (const [i, host] of facts.entries()) {
        const segment = segments[i];
        if (segment) this.#known.set(segment.hostId, { snapshotId: row.id, sha256: segment.sha256, facts: host.facts });
      }
      return info(row);
    });
  }

  /** What each host's facts were last: from memory where that is still what the database has. */
  async #heads(session: Session, snapshotId: number, ids: ReadonlyMap<string, number>): Promise<ReadonlyMap<number, Head>> {
    const last = await marksAt(session, snapshotId);
    const heads = new Map<number, Head>();
    const unknown = new Map<number, string>();
    for (const [name, id] of ids) {
      const known = this.#known.get(id);
      const now = last.get(id);
      if (known && now && known.snapshotId === now.snapshotId && known.sha256 === now.sha256) heads.set(id, known);
      else if (now) unknown.set(id, name);
    }
    return new Map([...heads, ...(await headsAt(session, snapshotId, unknown))]);
  }

  /** Hosts whose entities may differ from the open ones: their facts changed, they came, or they went. */
  async #touched(
    session: Session,
    snapshotId: number,
    ids: ReadonlyMap<string, number>,
    heads: ReadonlyMap<number, Head>,
    segments: readonly (Segment | null)[],
  ): Promise<ReadonlyMap<string, number>> {
    const previous = await session.snapshot.findFirst({ where: { id: { lt: snapshotId } }, orderBy: { id: 'desc' } });
    const before = new Set(previous ? (await hostTimes(previous)).map(([id]) => id) : []);
    const changed = new Set(segments.flatMap((s) => (s && s.sha256 !== heads.get(s.hostId)?.sha256 ? [s.hostId] : [])));
    const here = [...ids].filter(([, id]) => changed.has(id) || !before.has(id));
    const present = new Set(ids.values());
    const gone = await session.host.findMany({ where: { id: { in: [...before].filter((id) => !present.has(id)) } } });
    return new Map([...here, ...gone.map(({ name, id }) => [name, id] as const)]);
  }

  /** Newest first. */
  async list(): Promise<SnapshotInfo[]> {
    const rows = await this.#database.snapshot.findMany({ orderBy: { id: 'desc' } });
    return rows.map(info);
  }

  async find(id: number): Promise<SnapshotInfo | null> {
    const row = await this.#database.snapshot.findUnique({ where: { id } });
    return row && info(row);
  }

  /** An id, a label, a time, `latest` or `previous`; throws UserError UNKNOWN_SNAPSHOT. */
  async resolve(reference: string): Promise<SnapshotInfo> {
    return resolveReference(reference, await this.list());
  }

  /** Of all hosts, or of those named. Throws UserError STORE_FAILED when what was stored is damaged. */
  async facts(id: number, only?: ReadonlySet<string>): Promise<EstateFacts> {
    const snapshot = await this.#database.snapshot.findUniqueOrThrow({ where: { id } });
    const names = await namesOf(this.#database);
    const times = (await hostTimes(snapshot)).filter(([hostId]) => !only || only.has(names.get(hostId) ?? ''));
    const heads = await headsAt(this.#database, id, new Map(times.map(([hostId]) => [hostId, names.get(hostId) ?? `number ${hostId}`])));
    if (heads.size !== times.length) throw damaged(id, `facts of ${heads.size} of ${times.length} hosts are there`);
    return times
      .map(([hostId, offset]): HostFacts => {
        const collectedAt = new Date(snapshot.takenAt.getTime() + offset).toISOString();
        return { version: 1, host: names.get(hostId) ?? '', collectedAt, facts: heads.get(hostId)?.facts ?? [] };
      })
      .sort((a, b) => (a.host < b.host ? -1 : 1));
  }

  /** Names of the hosts whose facts are not known to be the same in both snapshots: they differ, were not read whole, or only one has them. */
  async changedHosts(before: number, after: number): Promise<ReadonlySet<string>> {
    const names = await namesOf(this.#database);
    const [a, b] = [await this.#marks(before), await this.#marks(after)];
    const ids = [...new Set([...a.keys(), ...b.keys()])];
    return new Set(ids.filter((id) => a.get(id) !== b.get(id)).map((id) => names.get(id) ?? ''));
  }

  /** Hash of the facts of each host that is in a snapshot. */
  async #marks(id: number): Promise<ReadonlyMap<number, string>> {
    const snapshot = await this.#database.snapshot.findUniqueOrThrow({ where: { id } });
    const marks = await marksAt(this.#database, id);
    return new Map((await hostTimes(snapshot)).map(([hostId, , failed]) => [hostId, `${failed ? `${id} ` : ''}${marks.get(hostId)?.sha256}`]));
  }

  async label(id: number, label: string | null): Promise<SnapshotInfo> {
    return info(await write(this.#database, (session) => session.snapshot.update({ where: { id }, data: { label } })));
  }

  async delete(id: number): Promise<void> {
    await write(this.#database, async (session) => {
      const next = await session.snapshot.findFirst({ where: { id: { gt: id } }, orderBy: { id: 'asc' }, select: { id: true } });
      const names = await namesOf(session);
      await forgetEntities(session, id, next?.id ?? null);
      await forgetSegments(session, id, next?.id ?? null, names);
      await forgetSectionHashes(session, id, next?.id ?? null);
      await session.snapshot.deleteMany({ where: { id } });
      this.#known.clear();
    });
  }

  /** Ids of the snapshots until one in which something of these hosts changed in meaning, oldest first; the first of all is one of them. */
  async changePoints(hosts: ReadonlySet<string>, until: number): Promise<readonly number[]> {
    const rows = await this.#database.host.findMany();
    return changePoints(
      this.#database,
      rows.flatMap(({ id, name }) => (hosts.has(name) ? [id] : [])),
      until,
    );
  }

  async search(query: SearchQuery): Promise<SearchHit[]> {
    return search(this.#database, query);
  }

  /** What became of a time at which a schedule was due, unless as much or more is known of it. */
  async writeRun(run: ScheduleRun): Promise<void> {
    await write(this.#database, (session) => writeRun(session, run));
  }

  /** Of a schedule, newest first. */
  async runs(schedule: string, first: number): Promise<ScheduleRun[]> {
    return readRuns(this.#database, schedule, first);
  }

  async countRuns(schedule: string, state: RunState): Promise<number> {
    return countRuns(this.#database, schedule, state);
  }

  /** Rejects when the database cannot be read. */
  async ping(): Promise<void> {
    await this.#database.snapshot.findFirst({ select: { id: true } });
  }

  /** A snapshot that is being written is finished first. */
  async close(): Promise<void> {
    await written(this.#database);
    await this.#database.$disconnect();
  }
}

/** That a host is there is one of its hashes too. */
function meanings(
  snapshot: NewSnapshot,
  touched: ReadonlyMap<string, number>,
  present: ReadonlyMap<string, number>,
): ReadonlyMap<number, ReadonlyMap<string, string>> {
  return new Map([...touched].map(([name, id]) => [id, present.has(name) ? new Map([...snapshot.meaning(name), ['', 'here']]) : new Map([['', 'gone']])]));
}

/** Of hosts, by id. */
async function namesOf(session: Session): Promise<ReadonlyMap<number, string>> {
  return new Map((await session.host.findMany()).map(({ id, name }) => [id, name]));
}

async function hostTimes(snapshot: Row): Promise<readonly HostTime[]> {
  return unpack(snapshot.hostTimes).catch(() => {
    throw damaged(snapshot.id, 'the list of its hosts cannot be read');
  }) as Promise<readonly HostTime[]>;
}

/** Ids by name; hosts seen for the first time get one. */
async function hostIds(session: Session, facts: EstateFacts): Promise<ReadonlyMap<string, number>> {
  const names = facts.map(({ host }) => host);
  const known = new Set((await session.host.findMany()).map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) await session.host.createMany({ data: unknown.map((name) => ({ name })) });
  const rows = await session.host.findMany();
  const wanted = new Set(names);
  return new Map(rows.filter(({ name }) => wanted.has(name)).map(({ name, id }) => [name, id]));
}

function info(row: Row): SnapshotInfo {
  const { id, takenAt, label, hosts, networks, endpoints, natRules, gaps } = row;
  const counts = { hostCount: hosts, networkCount: networks, endpointCount: endpoints, natRuleCount: natRules, gapCount: gaps };
  return { id, takenAt: takenAt.toISOString(), label, ...counts };
}
