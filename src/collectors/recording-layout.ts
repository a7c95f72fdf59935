/** Facts ↔ files of a recording. Names of hosts never become names of files as they are. */
import { z } from 'zod';
import { type EstateFacts, type Fact, type FactSource, HOST_SOURCES, type HostFacts, NETNS_SOURCES } from '../model/facts.ts';

/** The first file read. */
export const INDEX = 'recording.json';

const JSON_SOURCES = /^(docker\.|host\.|ip\.|bridge\.|nft$)/;

const indexSchema = z.object({
  version: z.literal(1),
  hosts: z.array(z.object({ name: z.string(), folder: z.string().regex(/^[\w-]{1,80}$/), collectedAt: z.string() })),
});

const factSchema = z.object({
  source: z.enum([...HOST_SOURCES, ...NETNS_SOURCES]),
  netns: z.string().nullable(),
  status: z.enum(['ok', 'absent', 'failed']),
  reason: z.string().optional(),
  command: z.array(z.string()).optional(),
  exitCode: z.number().nullable().optional(),
  stderr: z.string().optional(),
  /** Relative to the host's folder; only where the status is `ok`. */
  file: z
    .string()
    .regex(/^([\w-]{1,80}\/)?[\w.-]{1,80}\.(json|txt)$/)
    .optional(),
});

const earlierSchema = z.record(z.string(), z.string());
const hostSchema = z.object({
  version: z.literal(1),
  host: z.string(),
  collectedAt: z.string(),
  earlier: earlierSchema.optional(),
  facts: z.array(factSchema),
});

/** A JSON document with one element of its list a line: readable, and text tools find a fact by its line. */
function listed(head: object, name: string, list: readonly unknown[]): string {
  const lines = list.map((element) => JSON.stringify(element)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(name)}:[\n${lines}\n]}\n`;
}

function folderOf(host: string, at: number): string {
  const safe = host.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 60);
  return `${at + 1}-${safe}`;
}

function fileOf(fact: Fact): string {
  const name = `${fact.source}.${JSON_SOURCES.test(fact.source) ? 'json' : 'txt'}`;
  if (fact.netns === null) return name;
  return `${/^\d{1,20}$/.test(fact.netns) ? fact.netns : `ns-${Buffer.from(fact.netns).toString('hex').slice(0, 60)}`}/${name}`;
}

/** Path → text, the index first. */
export function toFiles(estate: EstateFacts): Map<string, string> {
  const files = new Map<string, string>();
  const hosts = estate.map((host, i) => ({ name: host.host, folder: folderOf(host.host, i), collectedAt: host.collectedAt }));
  files.set(INDEX, listed({ version: 1 }, 'hosts', hosts));
  for (const [i, host] of estate.entries()) {
    const folder = hosts[i]?.folder;
    const facts = host.facts.map(({ data, ...fact }) => {
      if (fact.status !== 'ok') return fact;
      const file = fileOf({ ...fact, data });
      files.set(`${folder}/${file}`, data);
      return { ...fact, file };
    });
    files.set(
      `${folder}/facts.json`,
      listed({ version: 1, host: host.host, collectedAt: host.collectedAt, ...(host.earlier && { earlier: host.earlier }) }, 'facts', facts),
    );
  }
  return files;
}

/** Says what is wrong with which file. */
export class Damaged extends Error {
  readonly file: string;
  constructor(file: string, problem: string) {
    super(problem);
    this.file = file;
  }
}

async function parsed<T>(read: Read, file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await required(read, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Damaged(file, 'is not JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Damaged(file, `/${issue?.path.join('/')}: ${issue?.message}`);
}

/** Text of a file of the recording; null when there is none. */
export type Read = (file: string) => Promise<string | null>;

async function required(read: Read, file: string): Promise<string> {
  const text = await read(file);
  if (text === null) throw new Damaged(file, 'is missing');
  return text;
}

async function readHost(read: Read, folder: string): Promise<HostFacts> {
  const { facts, earlier, ...rest } = await parsed(read, `${folder}/facts.json`, hostSchema);
  const whole: Fact[] = [];
  for (const { file, ...fact } of facts) {
    if (fact.status === 'ok' && file === undefined) throw new Damaged(`${folder}/facts.json`, `${fact.source} has no file`);
    whole.push({ ...fact, source: fact.source as FactSource, data: file === undefined ? '' : await required(read, `${folder}/${file}`) } as Fact);
  }
  return { ...rest, ...(earlier && { earlier }), facts: whole };
}

/** Throws Damaged. */
export async function fromFiles(read: Read): Promise<EstateFacts> {
  const { hosts } = await parsed(read, INDEX, indexSchema);
  const estate: HostFacts[] = [];
  for (const { folder } of hosts) estate.push(await readHost(read, folder));
  return estate;
}
