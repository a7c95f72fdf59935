/** Configuration: defaults, then the file, then the environment; parsed once. */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { AccessSettings } from './access/settings.ts';
import { accessEntries, accessShape, readAccess } from './config-access.ts';
import { chatEntries, chatShape, type OpenChats, readChat } from './config-chat.ts';
import { limitsEntries, limitsShape, readDocuments, readLimits } from './config-limits.ts';
import { retention } from './config-retention.ts';
import { type Running, readRunning, runningShape } from './config-running.ts';
import { notice, readWatch, watchShape } from './config-watch.ts';
import { UserError } from './model/errors.ts';
import type { HostConfig } from './model/host-config.ts';
import type { Documents, Limits } from './model/limits.ts';
import type { Retention } from './model/retention.ts';
import type { Schedule } from './model/schedule.ts';
import type { Watch } from './operations/context.ts';
import { checkLabel } from './operations/label-snapshot.ts';
import { issueText } from './operations/parse-input.ts';
import { scheduleEntry, toSchedule } from './schedule/entry.ts';
import { parseDatabaseUrl } from './snapshots/url.ts';
import { nearest } from './util/nearest.ts';

export interface Listen {
  readonly host: string;
  readonly port: number;
}

export interface Config {
  /** Null when there is none. */
  readonly file: string | null;
  /** Null: this machine, as found. */
  readonly hosts: readonly HostConfig[] | null;
  readonly listen: Listen;
  /** `file:PATH` or `postgresql://...`; may hold a password. */
  readonly database: string;
  /** How long a live collection is good for. */
  readonly cacheSeconds: number;
  /** A service reads a host whole again after so long, though nothing was told to have changed. */
  readonly fullReadSeconds: number;
  readonly schedules: readonly Schedule[];
  /** How long one command on a host may take; the collector's own default when absent. */
  readonly timeoutSeconds: number | null;
  readonly watch: Watch;
  readonly access: AccessSettings;
  readonly limits: Limits;
  /** Null: every GraphQL document is answered, and none by its id. */
  readonly documents: Documents | null;
  readonly running: Running;
  /** Which chats may ask; throws UserError BAD_CONFIG for a secret that is not there. */
  readonly chats: OpenChats;
  /** Null: all snapshots are kept. */
  readonly retention: Retention | null;
  /** Whether a service sends real packets for who has the scope. */
  readonly probes: boolean;
}

const host = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be letters, digits, dots, dashes and underscores'),
  docker: z
    .string()
    .regex(/^(none|unix:\/\/\/.+|tcp:\/\/[^/\s]+|ssh:\/\/[^/\s]+)$/, 'must be unix:///path, tcp://host:port, ssh://user@host or none')
    .optional(),
  namespaceOf: z.union([z.literal('local'), z.number().int().positive()], { error: 'must be `local` or a process id' }).optional(),
  netnsFolders: z.array(z.string().startsWith('/', 'must be an absolute path')).optional(),
});

const LISTEN = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:\s]*)):)?(\d{1,5})$/;
const listen = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => LISTEN.test(text) && Number(LISTEN.exec(text)?.[3]) <= 65535, 'must be ADDRESS:PORT, for example 127.0.0.1:4000');

const database = z.string().superRefine((text, context) => {
  try {
    parseDatabaseUrl(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.addIssue({ code: 'custom', message: `${error.message.replace(/\.$/, '')}; ${error.hint.replace(/\.$/, '')}` });
  }
});

const schema = z.strictObject({
  hosts: z.array(host).min(1, 'must name at least one host').optional(),
  listen: listen.optional(),
  database: database.optional(),
  cacheSeconds: z.number().min(0).max(3600).optional(),
  fullReadSeconds: z.number().min(0).max(86_400).optional(),
  timeoutSeconds: z.number().positive().max(600).optional(),
  schedule: z.array(scheduleEntry).optional(),
  retention: retention.optional(),
  probes: z.boolean().optional(),
  ...watchShape,
  ...accessShape,
  ...limitsShape,
  ...runningShape,
  ...chatShape,
});
const ENTRIES: Readonly<Record<string, z.ZodObject>> = {
  hosts: host,
  schedule: scheduleEntry,
  notices: notice,
  retention: retention.in,
  ...accessEntries,
  ...limitsEntries,
  ...chatEntries,
};
type File = z.infer<typeof schema>;

const FOUND = ['netwhy.yaml', '/etc/netwhy/netwhy.yaml'];

/** Throws UserError BAD_CONFIG that names file, line and key. */
export async function loadConfig(explicit: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const file = explicit ?? env.NETWHY_CONFIG ?? FOUND.find((name) => existsSync(name)) ?? null;
  const text = file === null ? '' : readFile(file);
  const values = file === null ? {} : parseFile(file, text);
  const listenText = env.NETWHY_LISTEN ?? values.listen ?? '127.0.0.1:4000';
  if (!listen.safeParse(listenText).success) {
    throw new UserError('BAD_CONFIG', `NETWHY_LISTEN is ${JSON.stringify(listenText)}.`, 'It must be ADDRESS:PORT, for example 127.0.0.1:4000.');
  }
  return {
    file,
    hosts: values.hosts ? await completeHosts(values.hosts) : null,
    listen: parseListen(listenText),
    database: parseDatabaseUrl(env.DATABASE_URL ?? values.database ?? `file:${defaultDatabase(env)}`).url,
    cacheSeconds: values.cacheSeconds ?? 5,
    fullReadSeconds: values.fullReadSeconds ?? 300,
    timeoutSeconds: values.timeoutSeconds ?? null,
    schedules: (values.schedule ?? []).map(toSchedule),
    retention: values.retention ?? null,
    probes: values.probes ?? false,
    access: readAccess(file ?? '', values),
    limits: readLimits(values),
    documents: readDocuments(values, file ?? ''),
    chats: readChat(file ?? '', values.chat),
    watch: readWatch(file ?? '', text, values),
    running: readRunning(values, env),
  };
}

function defaultDatabase(env: NodeJS.ProcessEnv): string {
  const state = env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : path.join(os.homedir(), '.local', 'state');
  return path.join(state, 'netwhy', 'netwhy.db');
}

function parseListen(text: string): Listen {
  const [, six, name, port] = LISTEN.exec(text) ?? [];
  return { host: six ?? (name || '127.0.0.1'), port: Number(port) };
}

async function completeHosts(hosts: NonNullable<File['hosts']>): Promise<HostConfig[]> {
  const { defaultHost } = await import('./collectors/index.ts');
  const standard = defaultHost();
  return hosts.map((entry) => ({
    name: entry.name,
    docker: entry.docker ?? standard.docker,
    namespaceOf: entry.namespaceOf ?? 'local',
    netnsFolders: entry.netnsFolders ?? standard.netnsFolders,
  }));
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError('BAD_CONFIG', `Cannot read the configuration ${file}: ${(error as NodeJS.ErrnoException).code}.`, 'Check --config and NETWHY_CONFIG.');
  }
}

function parseFile(file: string, text: string): File {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) => (offset === undefined ? file : `${file}:${lines.linePos(offset).line}`);
  const [broken] = document.errors;
  if (broken) throw new UserError('BAD_CONFIG', `${at(broken.pos[0])}: not valid YAML: ${broken.message}`, 'Correct this line.');
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) return checkNames(file, result.data);

  const issue = result.error.issues[0]!;
  const key = issue.path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    const wrong = issue.keys[0]!;
    const known = Object.keys((ENTRIES[issue.path.filter((part) => typeof part === 'string').join('.')] ?? schema).shape);
    const [close] = nearest(wrong, known);
    throw new UserError(
      'BAD_CONFIG',
      `${at(offsetOf(document, issue.path, wrong))}: unknown key ${JSON.stringify(wrong)}.`,
      `${close === undefined ? '' : `Did you mean ${close}? `}Known keys: ${known.join(', ')}.`,
      nearest(wrong, known),
    );
  }
  throw new UserError('BAD_CONFIG', `${at(offsetOf(document, issue.path))}: ${key}: ${issueText(issue)}.`, 'Correct this value.');
}

/** Where a value, or a key of it, stands in the text; for one that is missing, where it should stand. */
function offsetOf(document: ReturnType<typeof parseDocument>, where: readonly PropertyKey[], key?: string): number | undefined {
  const node: unknown = where.length === 0 ? document.contents : document.getIn(where, true);
  if (key !== undefined && isMap(node)) {
    const found = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
    if (isScalar(found?.key)) return found.key.range?.[0];
  }
  const range = (node as { range?: [number, number, number] } | undefined)?.range;
  return range || where.length === 0 ? range?.[0] : offsetOf(document, where.slice(0, -1));
}

function checkNames(file: string, values: File): File {
  for (const [what, entries] of Object.entries({ host: values.hosts, schedule: values.schedule })) {
    const names = entries?.map(({ name }) => name) ?? [];
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined) throw new UserError('BAD_CONFIG', `${file}: two ${what}s have the name ${twice}.`, `Give each ${what} a name of its own.`);
  }
  for (const { name, label } of values.schedule ?? []) checkScheduleLabel(file, name, label ?? null);
  return values;
}

function checkScheduleLabel(file: string, name: string, label: string | null): void {
  try {
    checkLabel(label);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError('BAD_CONFIG', `${file}: schedule ${name}: ${error.message}`, error.hint);
  }
}
