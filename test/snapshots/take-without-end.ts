/** DATABASE HOST ROUNDS: takes one large snapshot after another until it is killed or has taken so many; says when each begins and ends. */
import { SnapshotStore } from '../../src/snapshots/store.ts';
import type { EntityRow } from '../../src/snapshots/types.ts';

const [url, host, rounds] = process.argv.slice(2) as [string, string, string];
const store = await SnapshotStore.open(url);
const rows: EntityRow[] = Array.from({ length: 8000 }, (_, i) => ({ key: `natRule:${host}/${i}`, host, name: 'x'.repeat(200), addresses: [], data: { i } }));
for (let round = 0; round < Number(rounds); round++) {
  process.stdout.write(`begin ${round}\n`);
  await store.take({
    facts: [{ version: 1, host, collectedAt: '2026-01-01T00:00:00.000Z', facts: [{ source: 'hosts', netns: '1', status: 'ok', data: `${round}` }] }],
    entities: { host: [], network: [], container: [], endpoint: [], natRule: rows },
    gaps: 0,
    label: null,
    meaning: () => new Map(),
  });
  process.stdout.write(`end ${round}\n`);
}
await store.close();
