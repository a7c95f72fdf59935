/** Snapshots in the database: each whole or not there at all. */

import type { Snapshot as Row } from '../generated/sqlite/client.ts';
import type { EstateFacts } from '../model/facts.ts';
import { ENTITY_KINDS, type SearchHit, type SnapshotInfo } from '../model/snapshot.ts';
import { bulkInsert, TABLES } from './bulk-insert.ts';
import { type Database, openDatabase } from './database.ts';
import { resolveReference } from './reference.ts';
import { search } from './search.ts';
import { damaged, pack, unpack } from './segment.ts';
import type { NewSnapshot, SearchQuery } from './types.ts';

/** Milliseconds. */
const TRANSACTION = { timeout: 120_000, maxWait: 60_000 };

export class SnapshotStore {
  readonly #database: Database;
  /** Writes go one after the other; `close` waits for the last. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(database: Database) {
    this.#database = database;
  }

  /** `file:PATH`; the file is made and migrated when needed. */
  static async open(url: string): Promise<SnapshotStore> {
    return new SnapshotStore(await openDatabase(url));
  }

  async take(snapshot: NewSnapshot): Promise<SnapshotInfo> {
    const segments = await Promise.all(snapshot.facts.map(pack));
    const { facts, entities, gaps, label } = snapshot;
    const sizes = { hosts: facts.length, networks: entities.network.length, endpoints: entities.endpoint.length, natRules: entities.natRule.length };
    return this.#write(() =>
      this.#database.$transaction(async (session) => {
        const row = await session.snapshot.create({ data: { takenAt: new Date(), label, gaps, ...sizes } });
        for (const segment of segments) await session.segment.create({ data: { snapshotId: row.id, ...segment } });
        for (const kind of ENTITY_KINDS) await bulkInsert(session, kind, row.id, entities[kind]);
        return info(row);
      }, TRANSACTION),
    );
  }

  /** Newest first. */
  async list(): Promise<SnapshotInfo[]> {
    const rows = await this.#database.snapshot.findMany({ orderBy: { id: 'desc' } });
    return rows.map(info);
  }

  /** An id, a label, a time, `latest` or `previous`; throws UserError UNKNOWN_SNAPSHOT. */
  async resolve(reference: string): Promise<SnapshotInfo> {
    return resolveReference(reference, await this.list());
  }

  /** Throws UserError STORE_FAILED when what was stored is damaged. */
  async facts(id: number): Promise<EstateFacts> {
    const segments = await this.#database.segment.findMany({ where: { snapshotId: id }, orderBy: { host: 'asc' } });
    const snapshot = await this.#database.snapshot.findUnique({ where: { id }, select: { hosts: true } });
    if (snapshot?.hosts !== segments.length) throw damaged(id, `facts of ${segments.length} of ${snapshot?.hosts ?? 0} hosts are there`);
    return Promise.all(segments.map((segment) => unpack(segment, id)));
  }

  async label(id: number, label: string | null): Promise<SnapshotInfo> {
    return info(await this.#write(() => this.#database.snapshot.update({ where: { id }, data: { label } })));
  }

  async delete(id: number): Promise<void> {
    await this.#write(() =>
      this.#database.$transaction(async (session) => {
        for (const kind of ENTITY_KINDS) await session.$executeRawUnsafe(`DELETE FROM "${TABLES[kind]}" WHERE "snapshotId" = ?`, id);
        await session.segment.deleteMany({ where: { snapshotId: id } });
        await session.snapshot.deleteMany({ where: { id } });
      }, TRANSACTION),
    );
  }

  async search(query: SearchQuery): Promise<SearchHit[]> {
    return search(this.#database, query);
  }

  /** Rejects when the database cannot be read. */
  async ping(): Promise<void> {
    await this.#database.snapshot.findFirst({ select: { id: true } });
  }

  /** A snapshot that is being written is finished first. */
  async close(): Promise<void> {
    await this.#last;
    await this.#database.$disconnect();
  }

  async #write<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function info(row: Row): SnapshotInfo {
  const { id, takenAt, label, hosts, networks, endpoints, natRules, gaps } = row;
  const counts = { hostCount: hosts, networkCount: networks, endpointCount: endpoints, natRuleCount: natRules, gapCount: gaps };
  return { id, takenAt: takenAt.toISOString(), label, ...counts };
}
