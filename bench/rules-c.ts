/** The floor: the same lookups in C, compiled here where there is a compiler. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { ChainIndex } from '../src/firewall/rule-index/chain-index.ts';

/** Nanoseconds a packet. */
const measured = z.object({ linear: z.number(), index: z.number(), sums: z.tuple([z.number(), z.number()]) });
export type Floor = z.infer<typeof measured>;

const SOURCE = join(import.meta.dirname, 'rules.c');

/** Null where there is no compiler. */
export async function floor(index: ChainIndex, packets: Int32Array): Promise<Floor | null> {
  const folder = await mkdtemp(join(tmpdir(), 'netwhy-bench-'));
  try {
    const program = join(folder, 'rules');
    const compiled = await execa('gcc', ['-O3', '-o', program, SOURCE], { reject: false });
    if (compiled.code === 'ENOENT') return null;
    if (compiled.failed) throw new Error(`gcc: ${compiled.stderr}`);
    const data = join(folder, 'words');
    const parts = [index.rules, index.tuples, index.slots, index.order, packets];
    await writeFile(data, Buffer.concat(parts.flatMap((words) => [Buffer.from(Int32Array.of(words.length).buffer), Buffer.from(words.buffer)])));
    return measured.parse(JSON.parse((await execa(program, [data])).stdout));
  } finally {
    await rm(folder, { recursive: true });
  }
}
