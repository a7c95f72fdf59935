import { createHash } from 'node:crypto';
import type { Evidence } from '../model/evidence.ts';

/** `ev-` and 12 hexadecimal digits. The same line of the same place has the same id in every answer; a line that reads otherwise has another. */
export function evidenceId({ host, netns, collector, locator, excerpt }: Evidence): string {
  const text = JSON.stringify([host, netns, collector, locator, excerpt]);
  return `ev-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** In their order, each once. */
export const evidenceIds = (evidence: readonly Evidence[]): string[] => [...new Set(evidence.map(evidenceId))];
