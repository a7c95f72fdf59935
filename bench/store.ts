/** One snapshot written and read back, beside gzip of the same facts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { LOCAL } from '../src/model/access.ts';
import type { Context } from '../src/operations/context.ts';
import { Estates } from '../src/operations/estates.ts';
import { takeSnapshot } from '../src/operations/take-snapshot.ts';
import { SnapshotStore } from '../src/snapshots/store.ts';
import { sideBySide } from './measure.ts';
import type { Row, Subject } from './section.ts';
import { sizeOf } from './size.ts';

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

async function measure({ name, facts }: Subject, file: string): Promise<Row[]> {
  const empty = await sizeOf(file);
  const gzipped = await pack(JSON.stringify(facts));
  const store = await SnapshotStore.open(`file:${file}`);
  const context: Context = {
    principal: LOCAL,
    estates: new Estates({ collect: async () => facts, store: async () => store, cacheMs: 0 }),
    store: async () => store,
    schedules: [],
    report: (error) => {
      throw error;
    },
  };
  let last = 0;
  const took = await sideBySide(
    {
      write: async () => {
        last = (await takeSnapshot(context, {})).id;
      },
      gzip: () => pack(JSON.stringify(facts)),
      read: () => store.facts(last),
      gunzip: async () => JSON.parse((await unpack(gzipped)).toString()),
    },
    { rounds: 5, budgetMs: 4000 },
  );
  await store.close();
  const size = ((await sizeOf(file)) - empty) / last;
  return [
    { what: `${name}: write`, unit: 'ms', value: took.write.median, beside: { what: 'gzip', value: took.gzip.median }, note: 'model and entities included' },
    { what: `${name}: read`, unit: 'ms', value: took.read.median, beside: { what: 'gunzip, JSON.parse', value: took.gunzip.median } },
    { what: `${name}: on disk`, unit: 'bytes', value: size, beside: { what: 'gzip', value: gzipped.length } },
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
