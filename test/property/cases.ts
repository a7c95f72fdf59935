/** Worlds that once were answered wrongly, made small. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

const folder = join(import.meta.dirname, 'cases');

/** By name: the file without `.json` says what is special about it. */
export function readCases(): readonly (readonly [string, World])[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [file.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, file), 'utf8')) as World]);
}

/** As `1..50` or `7,9,12..15`. */
export function parseSeeds(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [from, to] = part.split('..').map(Number);
    if (!Number.isInteger(from) || (to !== undefined && !Number.isInteger(to))) throw new Error(`NETWHY_SEEDS: ${part} is neither a number nor FROM..TO`);
    return Array.from({ length: (to ?? from!) - from! + 1 }, (_, i) => from! + i);
  });
}

/** One line an item, to be put into `cases`. */
export function writeWorld(world: World): string {
  const list = (all: readonly unknown[]): string => (all.length === 0 ? '[]' : `[\n${all.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`);
  return `{\n  "seed": ${world.seed},\n  "nodes": ${JSON.stringify(world.nodes)},\n  "items": ${list(world.items)},\n  "asks": ${list(world.asks)}\n}\n`;
}
