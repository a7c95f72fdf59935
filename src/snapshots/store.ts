/** Snapshots in the database: each whole or not there at all. */

import type { Snapshot as Row } from '../generated/sqlite/client.ts';
import type { UserError } from '../model/errors.ts';
import { type EstateFacts, type Fact, HOST_SOURCES, type HostFacts } from '../model/facts.ts';
import type { RunState, ScheduleRun } from '../model/schedule.ts';
import type { DatabaseCheck, EntityKind, SearchHit, SnapshotInfo } from '../model/snapshot.ts';
import type { Telemetry } from '../model/telemetry.ts';
import { apiTokens } from './api-tokens.ts';
import { type CheckProgress, check } from './check.ts';
import { type Database, openDatabase, type Session } from './database.ts';
import { lastWhere, updateEntities } from './entities.ts';
import { forget } from './forget.ts';
import { forgetRecords } from './forget-records.ts';
import { hostIds, hostsBefore, meanings, touchedHosts } from './host-changes.ts';
import { earlierOf, hostTimes, namesOf, packHostTimes } from './host-times.ts';
import { objectNames, objectValues, type StoredValue, type ValueQuery } from './object-values.ts';
import { resolveReference } from './reference.ts';
import { countRuns, readRuns, TakenBefore, writeRun } from './schedule-runs.ts';
import { search } from './search.ts';
import { type ChangedKind, changedKinds, changePoints, insertSectionHashes } from './section-hashes.ts';
import { damaged, type Head, headAfter, segmentOf } from './segment.ts';
import { headsAt, hostsWritten, insertSegments, marksAt } from './segments.ts';
import { giveBackSpace } from './space.ts';
import { type Totals, totals } from './totals.ts';
import type { NewSnapshot, SearchQuery } from './types.ts';
import { recordFindings, watchRecords } from './watch-records.ts';
import { write, written } from './write.ts';

/** Snapshots that are deleted in one transaction. */
const AT_ONCE = 500;

export class SnapshotStore {
  readonly #database: Database;
  /** The newest facts of each host, by its id, as this process wrote or read them. */
  readonly #known = new Map<number, Head>();
  /** The snapshot that this process wrote last, with the ids of its hosts: while it is the newest, what is known of it need not be asked. */
  #newest: { readonly id: number; readonly ids: ReadonlyMap<string, number> } | null = null;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** `file:PATH` or `postgresql://...`; the file is made, and the database migrated, when needed. */
  static async open(url: string, telemetry?: Telemetry): Promise<SnapshotStore> {
    return new SnapshotStore(await openDatabase(url, telemetry));
  }

  /** Throws TakenBefore when there is one for the time that it is due. */
  async take(snapshot: NewSnapshot): Promise<SnapshotInfo> {
    const { facts, entities, gaps, label, due } = snapshot;
    const sizes = { hosts: facts.length, networks: entities.network.length, endpoints: entities.endpoint.length, natRules: entities.natRule.length };
    const taken = await write(this.#database, async (session) => {
      const takenAt = new Date();
      const row = await session.snapshot.create({ data: { takenAt, label, gaps, ...sizes, hostTimes: new Uint8Array() } });
      if (due && !(await writeRun(session, { ...due, state: 'TAKEN', snapshotId: row.id, reason: null }))) throw new TakenBefore();
      const previous = await session.snapshot.findFirst({ where: { id: { lt: row.id } }, orderBy: { id: 'desc' }, select: { id: true, hostTimes: true } });
      const mine = previous !== null && previous.id === this.#newest?.id ? this.#newest : null;
      const ids = mine && facts.every(({ host }) => mine.ids.has(host)) ? only(mine.ids, facts) : await hostIds(session, facts);
      const times = await packHostTimes(
        takenAt,
        facts.map((host) => [ids.get(host.host)!, host]),
      );
      await session.snapshot.update({ where: { id: row.id }, data: { hostTimes: times }, select: { id: true } });
      const heads = await this.#heads(session, row.id, ids, mine !== null);
      const segments = await Promise.all(facts.map((host) => segmentOf(ids.get(host.host)!, row.id, heads.get(ids.get(host.host)!) ?? null, host.facts)));
      await insertSegments(
        session,
        segments.flatMap((segment) => segment ?? []),
      );
      const before = mine?.ids ?? (await hostsBefore(session, previous, new Set(ids.values())));
      const touched = touchedHosts(ids, heads, segments, before);
      await updateEntities(session, row.id, touched, entities);
      await insertSectionHashes(session, row.id, meanings(snapshot, touched, ids));
      await recordFindings(session, row, snapshot.watched);
      return { row, ids, heads, segments };
    });
    // Not before it is written: what is rolled back never was.
    for (const [i, host] of facts.entries()) {
      const segment = taken.segments[i];
      if (segment) this.#known.set(segment.hostId, headAfter(taken.heads.get(segment.hostId) ?? null, segment, host.facts));
    }
    this.#newest = { id: taken.row.id, ids: taken.ids };
    snapshot.wrote?.(taken.segments.reduce((sum, segment) => sum + (segment?.data.byteLength ?? 0), 0));
    return info(taken.row);
  }

  /** What each host's facts were last: from memory where that is still what the database has. Where it is damaged, they begin anew. */
  async #heads(session: Session, snapshotId: number, ids: ReadonlyMap<string, number>, current: boolean): Promise<ReadonlyMap<number, Head>> {
    if (current && [...ids.values()].every((id) => this.#known.has(id))) return new Map([...ids.values()].map((id) => [id, this.#known.get(id)!]));
    const last = await marksAt(session, snapshotId);
    const heads = new Map<number, Head>();
    const unknown = new Map<number, string>();
    for (const [name, id] of ids) {
      const known = this.#known.get(id);
      const now = last.get(id);
      if (known && now && known.snapshotId === now.snapshotId && known.sha256 === now.sha256) heads.set(id, known);
      else if (now) unknown.set(id, name);
    }
    const read = await headsAt(session, snapshotId, unknown);
    for (const [id, head] of read.heads) this.#known.set(id, head);
    return new Map([...heads, ...read.heads]);
  }

  /** Newest first. */
  async list(): Promise<SnapshotInfo[]> {
    return (await this.#database.snapshot.findMany({ orderBy: { id: 'desc' } })).map(info);
  }

  async find(id: number): Promise<SnapshotInfo | null> {
    const row = await this.#database.snapshot.findUnique({ where: { id } });
    return row && info(row);
  }

  /** The newest snapshot before another (null: of all) that has the entity, and has it so. */
  async lastWhere(key: string, before: number | null, so: (data: unknown) => boolean): Promise<SnapshotInfo | null> {
    const id = await lastWhere(this.#database, key, before, so);
    return id === null ? null : this.find(id);
  }

  /** An id, a label, a time, `latest` or `previous`; throws UserError UNKNOWN_SNAPSHOT. */
  async resolve(reference: string): Promise<SnapshotInfo> {
    return resolveReference(reference, await this.list(), Date.now());
  }

  /** Of all hosts, or of those named; where a host's are damaged, all that was to be read has failed, with the reason. Throws UserError STORE_FAILED. */
  async facts(id: number, only?: ReadonlySet<string>): Promise<EstateFacts> {
    const snapshot = await this.#database.snapshot.findUniqueOrThrow({ where: { id } });
    const names = await namesOf(this.#database);
    const nameOf = (hostId: number) => names.get(hostId) ?? `number ${hostId}`;
    const times = (await hostTimes(snapshot)).filter(([hostId]) => !only || only.has(nameOf(hostId)));
    const { heads, damage } = await headsAt(this.#database, id, new Map(times.map(([hostId]) => [hostId, nameOf(hostId)])));
    return times
      .map(([hostId, offset, , runs]): HostFacts => {
        const from = snapshot.takenAt.getTime();
        const collectedAt = new Date(from + offset).toISOString();
        const whole = heads.get(hostId)?.facts;
        const earlier = whole ? earlierOf(whole, runs, from) : null;
        const facts = whole ?? lostFacts(damage.get(hostId) ?? damaged(id, `the facts of host ${nameOf(hostId)} are not there`));
        return { version: 1, host: nameOf(hostId), collectedAt, ...(earlier && { earlier }), facts };
      })
      .sort((a, b) => (a.host < b.host ? -1 : 1));
  }

  /** Names of the hosts whose facts are not known to be the same in both snapshots: they differ, were not read whole, or only one has them. */
  async changedHosts(before: number, after: number): Promise<ReadonlySet<string>> {
    const names = await namesOf(this.#database);
    const [a, b] = [await this.#hostsOf(before), await this.#hostsOf(after)];
    const written = await hostsWritten(this.#database, Math.min(before, after), Math.max(before, after));
    const [was, is] = [await marksAt(this.#database, before, written), await marksAt(this.#database, after, written)];
    // What could not be read is not known to be the same.
    const differ = (id: number) => a.get(id) !== true || b.get(id) !== true || was.get(id)?.sha256 !== is.get(id)?.sha256;
    return new Set([...new Set([...a.keys(), ...b.keys()])].filter(differ).map((id) => names.get(id) ?? ''));
  }

  /** Hosts of a snapshot, and whether all of their facts could be read. */
  async #hostsOf(id: number): Promise<ReadonlyMap<number, boolean>> {
    const snapshot = await this.#database.snapshot.findUniqueOrThrow({ where: { id }, select: { id: true, hostTimes: true } });
    return new Map((await hostTimes(snapshot)).map(([hostId, , failed]) => [hostId, failed === 0]));
  }

  async label(id: number, label: string | null): Promise<SnapshotInfo> {
    return info(await write(this.#database, (session) => session.snapshot.update({ where: { id }, data: { label } })));
  }

  async pin(id: number, pinned: boolean): Promise<SnapshotInfo> {
    return info(await write(this.#database, (session) => session.snapshot.update({ where: { id }, data: { pinned } })));
  }

  /** Deletes those that are there and not pinned, some hundreds at a time: others may write in between. `onProgress` hears how many are done. */
  async delete(ids: readonly number[], onProgress: (done: number) => void = () => {}): Promise<number[]> {
    const sorted = [...ids].sort((a, b) => a - b);
    const deleted: number[] = [];
    for (let start = 0; start < sorted.length; start += AT_ONCE) {
      deleted.push(...(await write(this.#database, (session) => forget(session, sorted.slice(start, start + AT_ONCE)))));
      this.#known.clear();
      this.#newest = null;
      onProgress(Math.min(start + AT_ONCE, sorted.length));
    }
    if (deleted.length > 0) await giveBackSpace(this.#database);
    return deleted;
  }

  /** Delivered notices and runs of schedules from before a time (milliseconds since 1970). */
  async forgetRecords(before: number): Promise<void> {
    await write(this.#database, (session) => forgetRecords(session, new Date(before)));
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

  /** What was not as in the snapshot before, in the snapshots from `first` to `last`; all of the first of all. */
  async changedKinds(first: number, last: number): Promise<readonly ChangedKind[]> {
    return changedKinds(this.#database, first, last);
  }

  /** The values that things had; see ObjectHistory. */
  async objectValues(query: ValueQuery): Promise<readonly StoredValue[]> {
    return objectValues(this.#database, query);
  }

  async objectNames(kinds: readonly EntityKind[], limit: number): Promise<readonly string[]> {
    return objectNames(this.#database, kinds, limit);
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

  /** Reads everything: seconds to minutes. */
  async check(onProgress: CheckProgress = () => {}): Promise<DatabaseCheck> {
    return check(this.#database, onProgress);
  }

  get tokens() {
    return apiTokens(this.#database);
  }

  /** Of intents and notices. */
  get watch() {
    return watchRecords(this.#database);
  }

  /** The oldest snapshots with ids above this one, oldest first. */
  async after(id: number, limit: number): Promise<SnapshotInfo[]> {
    return (await this.#database.snapshot.findMany({ where: { id: { gt: id } }, orderBy: { id: 'asc' }, take: limit })).map(info);
  }

  /** The newest below this one, or of all. */
  async before(id: number | null): Promise<SnapshotInfo | null> {
    const row = await this.#database.snapshot.findFirst({ ...(id !== null && { where: { id: { lt: id } } }), orderBy: { id: 'desc' } });
    return row && info(row);
  }

  async totals(): Promise<Totals> {
    return totals(this.#database);
  }

  /** The database's URL without a password. */
  get shown(): string {
    return this.#database.shown;
  }

  /** Rejects when the database cannot be written to. */
  async touch(): Promise<void> {
    await write(this.#database, async () => {});
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

const only = (ids: ReadonlyMap<string, number>, facts: EstateFacts) => new Map(facts.map(({ host }) => [host, ids.get(host)!]));

const lostFacts = ({ message, hint }: UserError) =>
  HOST_SOURCES.map((source): Fact => ({ source, netns: null, status: 'failed', reason: `${message} ${hint}`, data: '' }));

function info(row: Row): SnapshotInfo {
  const { id, takenAt, label, pinned, hosts, networks, endpoints, natRules, gaps } = row;
  const counts = { hostCount: hosts, networkCount: networks, endpointCount: endpoints, natRuleCount: natRules, gapCount: gaps };
  return { id, takenAt: takenAt.toISOString(), label, pinned, ...counts };
}
