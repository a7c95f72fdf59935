/** One snapshot written and read back, beside gzip of the same facts. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Estate } from '../src/operations/estate.ts';
import { entityRows } from '../src/operations/take-snapshot.ts';
import { SnapshotStore } from '../src/snapshots/store.ts';
import { sideBySide } from './measure.ts';
import type { Row, Subject } from './section.ts';

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/** Octets of the database and its write-ahead log. */
function sizeOf(file: string): number {
  return [file, `${file}-wal`].reduce((size, path) => size + (existsSync(path) ? statSync(path).size : 0), 0);
}

async function measure({ name, facts }: Subject, file: string): Promise<Row[]> {
  const open = () => SnapshotStore.open(`file:${file}`);
  await (await open()).close();
  const empty = sizeOf(file);
  const estate = new Estate(facts, null);
  const snapshot = { facts, entities: entityRows(estate), gaps: estate.model.gaps.length, label: null };
  const gzipped = await pack(JSON.stringify(facts));
  const store = await open();
  let last = 0;
  const took = await sideBySide(
    {
      write: async () => {
        last = (await store.take(snapshot)).id;
      },
      gzip: () => pack(JSON.stringify(facts)),
      read: () => store.facts(last),
      gunzip: async () => JSON.parse((await unpack(gzipped)).toString()),
    },
    { rounds: 5, budgetMs: 4000 },
  );
  await store.close();
  return [
    { what: `${name}: write`, unit: 'ms', value: took.write.median, beside: { what: 'gzip', value: took.gzip.median } },
    { what: `${name}: read`, unit: 'ms', value: took.read.median, beside: { what: 'gunzip, JSON.parse', value: took.gunzip.median } },
    { what: `${name}: on disk`, unit: 'bytes', value: (sizeOf(file) - empty) / last, beside: { what: 'gzip', value: gzipped.length } },
  ];
}

export async function store(subjects: readonly Subject[]): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'netwhy-bench-'));
  try {
    const rows: Row[] = [];
    for (const [i, subject] of subjects.entries()) rows.push(...(await measure(subject, join(folder, `${i}.db`))));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
