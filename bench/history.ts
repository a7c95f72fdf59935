/** A long history of many hosts, beside full copies of each snapshot. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EstateFacts } from '../src/model/facts.ts';
import { SnapshotStore } from '../src/snapshots/store.ts';
import { EstateHistory, HOSTS } from './estate-history.ts';
import { FullCopies } from './full-copies.ts';
import { median, sideBySide } from './measure.ts';
import type { Row } from './section.ts';
import { sizeOf } from './size.ts';

const TIMED = 7;

async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Lines that only one of two readings has, from the hosts that are not the same in both. */
async function diff(store: SnapshotStore, before: number, after: number): Promise<number> {
  const hosts = await store.changedHosts(before, after);
  const [a, b] = [linesOf(await store.facts(before, hosts)), linesOf(await store.facts(after, hosts))];
  let count = 0;
  for (const [host, lines] of b) {
    const old = a.get(host) ?? new Set();
    for (const line of lines) if (!old.has(line)) count++;
    for (const line of old) if (!lines.has(line)) count++;
  }
  return count;
}

const linesOf = (facts: EstateFacts) =>
  new Map(facts.map(({ host, facts: own }) => [host, new Set(own.flatMap(({ source, data }) => data.split('\n').map((line) => `${source} ${line}`)))]));

/** `changing`: how many hosts the changed lines of a snapshot are on. */
async function measure(folder: string, changing: number, snapshots: number): Promise<Row[]> {
  const name = `1 % of 500,000 lines changes, on ${changing} of 1,000 hosts`;
  const file = join(folder, `${changing}.db`);
  const [store, copies] = [await SnapshotStore.open(`file:${file}`), await FullCopies.open(join(folder, `${changing}-full.db`))];
  const estate = new EstateHistory();
  const ids: number[] = [];
  const [own, full]: [number[], number[]] = [[], []];
  let first = 0;
  for (let n = 0; n < snapshots; n++) {
    if (n > 0) estate.change(changing);
    const timed = n >= snapshots - TIMED;
    const snapshot = estate.snapshot(timed);
    own.push(await time(async () => ids.push((await store.take(snapshot)).id)));
    if (n === 0) first = await sizeOf(file);
    if (n >= snapshots - 3) full.push(await time(() => copies.take(n, snapshot.facts)));
    if (n % 100 === 0) console.error(`snapshot ${n} of ${snapshots} ...`);
  }
  const bytes = ((await sizeOf(file)) - first) / (snapshots - 1);
  const at = (n: number) => ids.at(n)!;
  const long = snapshots > 502;
  const took = await sideBySide(
    {
      newest: () => store.facts(at(-1)),
      oldest: () => store.facts(at(0)),
      readFull: () => copies.read(snapshots - 1),
      adjacent: () => diff(store, at(-2), at(-1)),
      diffFull: () => copies.diff(snapshots - 2, snapshots - 1),
      near: () => long && diff(store, at(-52), at(-2)),
      far: () => long && diff(store, at(-502), at(-2)),
    },
    { rounds: 2, budgetMs: 30_000 },
  );
  const rows: Row[] = [
    { what: `${name}: on disk, a snapshot`, unit: 'bytes', value: bytes, beside: { what: 'a full copy', value: (await copies.size()) / full.length } },
    { what: 'taken', unit: 'ms', value: median(own.slice(-TIMED)), beside: { what: 'a full copy', value: median(full) }, note: 'to reach: 1/20' },
    { what: 'oldest read', unit: 'ms', value: took.oldest.median, beside: { what: 'newest', value: took.newest.median }, note: 'to reach: 1.2' },
    { what: 'newest read', unit: 'ms', value: took.newest.median, beside: { what: 'a full copy', value: took.readFull.median } },
    {
      what: 'adjacent diff',
      unit: 'ms',
      value: took.adjacent.median,
      beside: { what: 'two full copies, compared in SQL', value: took.diffFull.median },
      note: 'to reach: 1/10',
    },
    ...(long
      ? [{ what: 'diff 500 apart', unit: 'ms', value: took.far.median, beside: { what: '50 apart', value: took.near.median }, note: 'to reach: 2' } as const]
      : []),
  ];
  await store.close();
  await copies.close();
  return rows;
}

export async function history(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'netwhy-bench-'));
  try {
    return [...(await measure(folder, HOSTS / 50, 505)), ...(await measure(folder, HOSTS, 66))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
