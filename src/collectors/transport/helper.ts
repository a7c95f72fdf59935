/** Runs netns.sh over a list of namespaces: one process for each processor, the namespaces dealt out between them. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Group, SYSCTLS } from '../netns-sources.ts';
import { type NamespaceReply, parseSections } from '../sections.ts';

/** Beside this file in src/ and, copied by the build, in dist/. */
const SCRIPT = join(import.meta.dirname, 'netns.sh');
const MAX_OUTPUT = 256 * 1024 * 1024;

export interface HelperRun {
  /** By path, for every namespace that was come to. */
  readonly replies: ReadonlyMap<string, NamespaceReply>;
  /** Why the namespaces without a reply have none; null when all were come to. */
  readonly died: string | null;
}

export interface Job {
  /** `-`: this process's own namespace. */
  readonly path: string;
  readonly wanted: ReadonlySet<Group> | 'all';
}

interface Limits {
  /** For one command, milliseconds. */
  readonly timeoutMs: number;
  /** Where to look for commands; `systemPath` when left out. */
  readonly path?: string;
}

/** This process's, and the folders of system commands. */
export const systemPath = (): string => `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/local/sbin:/usr/sbin:/sbin`;

const said = ({ wanted, path }: Job): string[] => [wanted === 'all' ? 'all' : [...wanted].join(','), path];

async function runOne(jobs: readonly Job[], { timeoutMs, path }: Limits): Promise<HelperRun> {
  const boundary = randomBytes(16).toString('hex');
  // In the environment, which unlike arguments only the same user may read: who knows it could forge a section.
  const env = {
    PATH: path ?? systemPath(),
    LC_ALL: 'C',
    NETWHY_BOUNDARY: boundary,
    NETWHY_SYSCTLS: SYSCTLS.join(' '),
  };
  const seconds = String(Math.max(1, Math.ceil(timeoutMs / 1000)));
  const child = execa('sh', [SCRIPT, seconds, ...jobs.flatMap(said)], {
    env,
    extendEnv: false,
    stdin: 'ignore',
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: MAX_OUTPUT,
    reject: false,
    detached: true, // a process group of its own, so that all of it can be killed
  });
  const killGroup = (): void => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  };
  // BusyBox's timeout(1) kills its child and not the child's children: a hung one would hold the pipes open.
  child.once('exit', killGroup);
  const deadlineMs = timeoutMs * 6 + jobs.length * 500;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup();
    // A command in another process group may still hold the pipes.
    child.stdout.destroy();
    child.stderr.destroy();
  }, deadlineMs);
  const result = await child;
  clearTimeout(timer);
  const text = (bytes: unknown): string => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString('utf8') : '');
  const byIndex = parseSections(text(result.stdout), text(result.stderr), boundary);
  const replies = new Map<string, NamespaceReply>();
  for (const [index, reply] of byIndex) {
    const at = jobs[index]?.path;
    if (at !== undefined) replies.set(at, reply);
  }
  if (late) return { replies, died: `timed out after ${deadlineMs / 1000} s` };
  if (result.failed || replies.size < jobs.length) return { replies, died: `the helper ended early: ${result.shortMessage ?? `exit code ${result.exitCode}`}` };
  return { replies, died: null };
}

/** Never throws for what the machine does. */
export async function readNamespaces(jobs: readonly Job[], limits: Limits): Promise<HelperRun> {
  const helpers = Math.min(availableParallelism(), jobs.length);
  const shares = Array.from({ length: helpers }, (_, i) => jobs.filter((_job, at) => at % helpers === i));
  const runs = await Promise.all(shares.map((share) => runOne(share, limits)));
  return {
    replies: new Map(runs.flatMap((run) => [...run.replies])),
    died: runs.find((run) => run.died !== null)?.died ?? null,
  };
}
