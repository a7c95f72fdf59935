import { createHash } from 'node:crypto';
import { ENTITY_KINDS } from '../../src/model/snapshot.ts';
import type { EntityRows, NewSnapshot } from '../../src/snapshots/types.ts';

/** A snapshot of one host, of so many octets that cannot be compressed much; the same for the same number. */
export function noise(n: number, octets: number): NewSnapshot {
  const lines = Array.from({ length: Math.ceil(octets / 44) }, (_, i) => createHash('sha256').update(`${n} ${i}`).digest('base64'));
  const facts = [{ source: 'nft' as const, netns: '1', status: 'ok' as const, data: lines.join('\n') }];
  return {
    facts: [{ version: 1, host: 'h1', collectedAt: '2026-01-01T00:00:00.000Z', facts }],
    entities: Object.fromEntries(ENTITY_KINDS.map((kind) => [kind, []])) as unknown as EntityRows,
    gaps: 0,
    label: null,
    meaning: () => new Map(),
  };
}
