/** Takes one large snapshot after another until it is killed; says when each begins and ends. */
import { SnapshotStore } from '../../src/snapshots/store.ts';
import type { EntityRow } from '../../src/snapshots/types.ts';

const store = await SnapshotStore.open(process.argv[2]!);
const rows: EntityRow[] = Array.from({ length: 8000 }, (_, i) => ({ key: `natRule:${i}`, host: 'h1', name: 'x'.repeat(200), addresses: [], data: { i } }));
for (let round = 0; round < 1000; round++) {
  process.stdout.write(`begin ${round}\n`);
  await store.take({
    facts: [{ version: 1, host: 'h1', collectedAt: '2026-01-01T00:00:00.000Z', facts: [] }],
    entities: { host: [], network: [], endpoint: [], natRule: rows },
    gaps: 0,
    label: null,
    meaning: () => new Map(),
  });
  process.stdout.write(`end ${round}\n`);
}
