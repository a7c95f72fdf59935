/** Takes snapshots out: what began or changed in them did so in the next one that is kept. */
import { Prisma } from '../generated/sqlite/client.ts';
import type { Session } from './database.ts';
import { forgetSegments } from './forget-segments.ts';

/** Tables whose rows hold from one snapshot until another. */
const INTERVALS = ['Entity', 'IntentState'];

/** All of them at once, but for pinned ones; at most some hundreds. Returns the ids of those that are gone, ascending. */
export async function forget(session: Session, ids: readonly number[]): Promise<readonly number[]> {
  const found = await session.snapshot.findMany({ where: { id: { in: [...ids] }, pinned: false }, orderBy: { id: 'asc' }, select: { id: true } });
  const gone = found.map(({ id }) => id);
  const [first, last] = [gone[0], gone.at(-1)];
  if (first === undefined || last === undefined) return [];
  await session.snapshot.deleteMany({ where: { id: { in: gone } } });
  const kept = await session.snapshot.findMany({ where: { id: { gte: first } }, orderBy: { id: 'asc' }, select: { id: true } });
  await forgetSegments(
    session,
    first,
    last,
    kept.map(({ id }) => id),
  );
  for (const table of INTERVALS) await forgetIntervals(session, Prisma.raw(`"${table}"`), first, last);
  await forgetSectionHashes(session, first, last);
  return gone;
}

const lost = (column: Prisma.Sql, first: number, last: number) =>
  Prisma.sql`${column} BETWEEN ${first} AND ${last} AND NOT EXISTS (SELECT 1 FROM "Snapshot" k WHERE k."id" = ${column})`;
const nextAfter = (column: Prisma.Sql) => Prisma.sql`(SELECT MIN(k."id") FROM "Snapshot" k WHERE k."id" >= ${column})`;

const [FROM, TO, CHANGED] = [Prisma.raw('"fromSnapshot"'), Prisma.raw('"toSnapshot"'), Prisma.raw('"SectionHash"."snapshotId"')];

/** What was not there in any snapshot that is kept never was. */
async function forgetIntervals(session: Session, table: Prisma.Sql, first: number, last: number): Promise<void> {
  await session.$executeRaw`UPDATE ${table} SET ${TO} = ${nextAfter(TO)} WHERE ${lost(TO, first, last)}`;
  await session.$executeRaw`DELETE FROM ${table} WHERE ${lost(FROM, first, last)} AND (${nextAfter(FROM)} IS NULL OR ${nextAfter(FROM)} >= ${TO})`;
  await session.$executeRaw`UPDATE ${table} SET ${FROM} = ${nextAfter(FROM)} WHERE ${lost(FROM, first, last)}`;
}

/** Unless it changed again until then. */
async function forgetSectionHashes(session: Session, first: number, last: number): Promise<void> {
  await session.$executeRaw`DELETE FROM "SectionHash" WHERE ${lost(CHANGED, first, last)} AND (${nextAfter(CHANGED)} IS NULL OR EXISTS
    (SELECT 1 FROM "SectionHash" n WHERE n."hostId" = "SectionHash"."hostId" AND n."kind" = "SectionHash"."kind"
      AND n."snapshotId" > ${CHANGED} AND n."snapshotId" <= ${nextAfter(CHANGED)}))`;
  await session.$executeRaw`UPDATE "SectionHash" SET "snapshotId" = ${nextAfter(CHANGED)} WHERE ${lost(CHANGED, first, last)}`;
}
