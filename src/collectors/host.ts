/** One host → its facts. Reads from top to bottom: engine, namespaces, what is in each, who holds what. */
import { type Fact, type FactSource, factKey, HOST_SOURCES, type HostFacts } from '../model/facts.ts';
import type { HostConfig } from '../model/host-config.ts';
import { placeContainers, runningContainers, sandboxFolders } from './container-places.ts';
import { dockerFacts } from './docker/collect.ts';
import { watchEngine } from './docker/watch.ts';
import { parseProxy } from './docker-proxy.ts';
import { type EtcPlace, etcFacts } from './etc-files.ts';
import { type Asked, failed, messageOf, ok } from './fact.ts';
import type { HostWatch, HostWatches } from './host-watches.ts';
import { readTargets } from './namespace-reading.ts';
import { listNamespaces, type NamespaceEntry } from './namespaces.ts';
import { ownersOfSockets } from './sockets.ts';
import type { Times } from './times.ts';
import { namedFiles } from './transport/folders.ts';
import { type HostView, rootOf, viewHost } from './transport/host-view.ts';
import { readKernel } from './transport/kernel.ts';
import { argumentsOf, listProcesses, movedOn, numbersAsWe, type Process } from './transport/processes.ts';

type HostSource = (typeof HOST_SOURCES)[number];
/** How often a host is read that changes meanwhile. */
const ATTEMPTS = 3;

type Progress = (stage: string, done: number, total: number) => void;

export interface Reading {
  readonly timeoutMs: number;
  /** Null: nothing is kept when the reading has ended. */
  readonly watches: HostWatches | null;
  readonly progress: Progress;
  /** Hears how long each source took. */
  readonly times: Times;
}

const COMMANDS: Readonly<Record<Exclude<HostSource, `docker.${string}`>, readonly string[]>> = {
  'host.namespaces': ['readlink', '/proc/[pid]/ns/net'],
  'host.sockets': ['readlink', '/proc/[pid]/fd/*'],
  'host.docker-proxy': ['cat', '/proc/[pid]/cmdline'],
  'host.kernel': ['uname', '-a'],
};
const about = (source: keyof typeof COMMANDS): Asked => ({ source, netns: null, command: COMMANDS[source] });

/** ip-netns(8): processes of a named namespace see /etc/netns/NAME over /etc. */
function etcPlaces(view: HostView, { kind, names, pids }: NamespaceEntry): EtcPlace[] {
  const host: EtcPlace = { root: view.root, folder: '/etc' };
  const [pid] = pids;
  if (kind === 'host') return [host];
  if (pid !== undefined) return [{ root: `${view.proc}/${pid}/root`, folder: '/etc' }];
  return [...names.map((name): EtcPlace => ({ root: view.root, folder: `/etc/netns/${name}` })), host];
}

async function namesIn(view: HostView, folders: readonly string[]) {
  const found = await Promise.allSettled([...new Set(folders)].map((folder) => namedFiles(view.root, folder)));
  const files = found.flatMap((f) => (f.status === 'fulfilled' ? f.value : []));
  return {
    files: [...new Map(files.map((file) => [file.path, file])).values()],
    problems: found.flatMap((f) => (f.status === 'rejected' ? [messageOf(f.reason)] : [])),
  };
}

function proxies(view: HostView, processes: readonly Process[]): Fact {
  const mine = processes.filter((p) => p.comm === 'docker-proxy' && (p.netns === view.own || p.hidden));
  const parsed = mine.map((p) => parseProxy(p.pid, argumentsOf(view.proc, p.pid)));
  const odd = parsed.filter((p) => p === null).length;
  return ok(
    about('host.docker-proxy'),
    JSON.stringify(parsed.filter((p) => p !== null)),
    odd > 0 ? `${odd} docker-proxy processes have arguments that are not understood` : '',
  );
}

interface Attempt {
  readonly config: HostConfig;
  readonly watch: HostWatch;
  readonly timeoutMs: number;
  readonly progress: Progress;
  readonly times: Times;
  /** ISO 8601, UTC. */
  readonly at: string;
}

type Read = Pick<HostFacts, 'facts' | 'earlier'>;

/** Namespaces of whose end one hears: to listen inside of one is to hold it. */
function watchable({ config, watch: { engine } }: Attempt, entries: readonly NamespaceEntry[]): NamespaceEntry[] {
  const told = engine.inspections !== null && engine.problem() === null;
  return entries.filter(({ kind }) => (kind === 'host' ? told || config.namespaceOf === 'local' : kind === 'container' && told));
}

async function liveFacts(attempt: Attempt, view: HostView, docker: readonly Fact[]): Promise<Read> {
  const { config, timeoutMs, progress, times, at } = attempt;
  const { namespaces } = attempt.watch;
  const running = runningContainers(docker);
  const [all, { files, problems }, kernel] = await Promise.all([
    times.of('host.namespaces', listProcesses(view.proc)),
    namesIn(view, [...config.netnsFolders, ...sandboxFolders(running)]),
    readKernel(view.uts, timeoutMs),
  ]);
  const ours = namespaces && numbersAsWe(view.proc) ? namespaces.pids : new Set();
  const processes = all.filter(({ pid }) => !ours.has(pid));
  const containers = placeContainers([view.proc, ...(view.root === '/' ? [] : [`${view.root}/proc`])], running, files);
  const entries = listNamespaces({ ...view, processes, files, containers });
  progress('namespaces', 0, entries.length);

  const pathOf = (entry: NamespaceEntry): string => (entry.inode === view.self ? '-' : (entry.paths[0] ?? '-'));
  const enter = (entry: NamespaceEntry): string[] => (pathOf(entry) === '-' ? [] : ['nsenter', `--net=${pathOf(entry)}`, '--']);
  const known = namespaces && { namespaces, wanted: await namespaces.plan(watchable(attempt, entries), enter) };
  const [reads, etc] = await Promise.all([
    readTargets(
      entries.map((entry) => ({ entry, path: pathOf(entry) })),
      { timeoutMs, at, known, times },
    ),
    times.of('etc', Promise.all(entries.map((entry) => etcFacts(entry.inode, etcPlaces(view, entry))))),
  ]);
  const kept: NamespaceEntry[] = [];
  const facts: Fact[] = [];
  const earlier: Record<string, string> = {};
  for (const [i, entry] of entries.entries()) {
    const path = pathOf(entry);
    if (path !== '-' && movedOn(path, entry.inode)) continue;
    const read = reads[i];
    if (!read?.facts) continue;
    kept.push(entry);
    facts.push(...read.facts, ...(etc[i] ?? []));
    for (const [source, then] of read.earlier) earlier[factKey({ source, netns: entry.inode })] = then;
  }
  progress('namespaces', kept.length, kept.length);

  const hidden = processes.filter((p) => p.hidden).length;
  if (hidden > 0) problems.push(`the namespaces of ${hidden} processes cannot be read: needs CAP_SYS_PTRACE; run as root`);
  const lost = running.length - containers.length;
  if (lost > 0) problems.push(`${lost} running containers have no process here that is theirs: run netwhy in the engine's pid namespace`);
  return {
    facts: [
      ok(about('host.namespaces'), JSON.stringify(kept), problems.join('; ')),
      ok(about('host.sockets'), JSON.stringify(await times.of('host.sockets', ownersOfSockets(view.proc, facts, processes, kept)))),
      proxies(view, processes),
      ok(about('host.kernel'), JSON.stringify(kernel)),
      ...facts,
    ],
    ...(Object.keys(earlier).length > 0 ? { earlier } : {}),
  };
}

function noLiveFacts(reason: string): Fact[] {
  return (Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]).map((source) => failed(about(source), reason));
}

async function readOnce(attempt: Attempt): Promise<Read> {
  const { config, watch, timeoutMs, progress, times } = attempt;
  const facts: Fact[] = [];
  try {
    progress('docker', 0, 1);
    const viewed = await viewHost(config);
    const root = 'view' in viewed ? viewed.view.root : '/';
    facts.push(...(await times.of('docker', dockerFacts({ endpoint: config.docker, root, timeoutMs, known: watch.engine.inspections }))));
    progress('docker', 1, 1);
    if (!('view' in viewed)) return { facts: [...facts, ...noLiveFacts(viewed.reason)] };
    const live = await liveFacts(attempt, viewed.view, facts);
    return { ...live, facts: [...facts, ...live.facts] };
  } catch (error) {
    const have = new Set(facts.map((fact) => fact.source));
    const missing = HOST_SOURCES.filter((source) => !have.has(source));
    return { facts: [...facts, ...missing.map((source) => failed({ source, netns: null }, `collection failed: ${messageOf(error)}`))] };
  }
}

/** A fact that failed needs no doubt: it says already why. */
function doubted(facts: readonly Fact[], source: FactSource, doubt: string | null): readonly Fact[] {
  if (doubt === null) return facts;
  return facts.map((fact) => (fact.source === source && fact.status === 'ok' ? { ...fact, reason: [fact.reason, doubt].filter(Boolean).join('; ') } : fact));
}

/**
 * Facts are read one after the other: a container that starts or dies in between leaves a state that never was (rules for an address
 * that nobody has any more). Then all is read again; a host that does not come to rest says so. Never throws: what goes wrong is a fact.
 */
export async function collectHost(config: HostConfig, { timeoutMs, watches, progress, times }: Reading): Promise<HostFacts> {
  const passing = async (): Promise<HostWatch> => ({
    engine: await watchEngine({ endpoint: config.docker, root: await rootOf(config), timeoutMs }),
    namespaces: null,
  });
  const watch = await (watches ? watches.of(config, timeoutMs) : passing());
  const { engine } = watch;
  try {
    for (let attempt = 1; ; attempt++) {
      const collectedAt = new Date().toISOString();
      const { facts, ...when } = await readOnce({ config, watch, timeoutMs, progress, times, at: collectedAt });
      const changes = engine.changes();
      const problem = engine.problem();
      if (changes.length > 0 && attempt < ATTEMPTS) continue;
      const restless = changes.length > 0 ? `changed while they were read, ${ATTEMPTS} times (${changes.join(', ')}): ask again when they are at rest` : null;
      const blind = problem === null ? null : `whether containers changed while the host was read is not known: ${problem}`;
      const said = doubted(doubted(facts, 'docker.containers', restless), 'docker.version', blind);
      return { version: 1, host: config.name, collectedAt, ...when, facts: said };
    }
  } finally {
    if (!watches) engine.close();
  }
}
