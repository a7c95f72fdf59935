/** One host → its facts. Reads from top to bottom: engine, namespaces, what is in each, who holds what. */
import { type Fact, type FactSource, HOST_SOURCES, type HostFacts } from '../model/facts.ts';
import type { HostConfig } from '../model/host-config.ts';
import { placeContainers, runningContainers, sandboxFolders } from './container-places.ts';
import { dockerFacts } from './docker/collect.ts';
import type { Inspections } from './docker/inspections.ts';
import { watchEngine } from './docker/watch.ts';
import { parseProxy } from './docker-proxy.ts';
import { type EtcPlace, etcFacts } from './etc-files.ts';
import { type Asked, failed, messageOf, ok } from './fact.ts';
import { listNamespaces, type NamespaceEntry } from './namespaces.ts';
import { netnsFacts } from './netns-facts.ts';
import { ownersOfSockets } from './sockets.ts';
import type { Times } from './times.ts';
import { namedFiles } from './transport/folders.ts';
import { readNamespaces } from './transport/helper.ts';
import { type HostView, rootOf, viewHost } from './transport/host-view.ts';
import { readKernel } from './transport/kernel.ts';
import { argumentsOf, listProcesses, movedOn, type Process } from './transport/processes.ts';
import type { EngineWatches } from './watches.ts';

type HostSource = (typeof HOST_SOURCES)[number];
/** How often a host is read that changes meanwhile. */
const ATTEMPTS = 3;

type Progress = (stage: string, done: number, total: number) => void;

export interface Reading {
  readonly timeoutMs: number;
  /** Null: nothing is kept when the reading has ended. */
  readonly watches: EngineWatches | null;
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

async function liveFacts(config: HostConfig, view: HostView, docker: readonly Fact[], timeoutMs: number, progress: Progress, times: Times): Promise<Fact[]> {
  const running = runningContainers(docker);
  const [processes, { files, problems }, kernel] = await Promise.all([
    times.of('host.namespaces', listProcesses(view.proc)),
    namesIn(view, [...config.netnsFolders, ...sandboxFolders(running)]),
    readKernel(view.uts, timeoutMs),
  ]);
  const containers = placeContainers([view.proc, ...(view.root === '/' ? [] : [`${view.root}/proc`])], running, files);
  const entries = listNamespaces({ ...view, processes, files, containers });
  progress('namespaces', 0, entries.length);

  const pathOf = (entry: NamespaceEntry): string => (entry.inode === view.self ? '-' : (entry.paths[0] ?? '-'));
  const [run, etc] = await Promise.all([
    readNamespaces(entries.map(pathOf), { timeoutMs }),
    times.of('etc', Promise.all(entries.map((entry) => etcFacts(entry.inode, etcPlaces(view, entry))))),
  ]);
  times.addReplies(run.replies.values());
  const kept: NamespaceEntry[] = [];
  const facts: Fact[] = [];
  for (const [i, entry] of entries.entries()) {
    const path = pathOf(entry);
    if (path !== '-' && movedOn(path, entry.inode)) continue;
    const read = netnsFacts(entry.inode, run.replies.get(path), { timeoutMs, died: run.died });
    if (!read) continue;
    kept.push(entry);
    facts.push(...read, ...(etc[i] ?? []));
  }
  progress('namespaces', kept.length, kept.length);

  const hidden = processes.filter((p) => p.hidden).length;
  if (hidden > 0) problems.push(`the namespaces of ${hidden} processes cannot be read: needs CAP_SYS_PTRACE; run as root`);
  const lost = running.length - containers.length;
  if (lost > 0) problems.push(`${lost} running containers have no process here that is theirs: run netwhy in the engine's pid namespace`);
  return [
    ok(about('host.namespaces'), JSON.stringify(kept), problems.join('; ')),
    ok(about('host.sockets'), JSON.stringify(await times.of('host.sockets', ownersOfSockets(view.proc, facts, processes, kept)))),
    proxies(view, processes),
    ok(about('host.kernel'), JSON.stringify(kernel)),
    ...facts,
  ];
}

function noLiveFacts(reason: string): Fact[] {
  return (Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]).map((source) => failed(about(source), reason));
}

async function readOnce(config: HostConfig, known: Inspections | null, timeoutMs: number, progress: Progress, times: Times): Promise<Fact[]> {
  const facts: Fact[] = [];
  try {
    progress('docker', 0, 1);
    const viewed = await viewHost(config);
    const root = 'view' in viewed ? viewed.view.root : '/';
    facts.push(...(await times.of('docker', dockerFacts({ endpoint: config.docker, root, timeoutMs, known }))));
    progress('docker', 1, 1);
    facts.push(...('view' in viewed ? await liveFacts(config, viewed.view, facts, timeoutMs, progress, times) : noLiveFacts(viewed.reason)));
  } catch (error) {
    const have = new Set(facts.map((fact) => fact.source));
    for (const source of HOST_SOURCES) if (!have.has(source)) facts.push(failed({ source, netns: null }, `collection failed: ${messageOf(error)}`));
  }
  return facts;
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
  const watch = await (watches ? watches.of(config, timeoutMs) : watchEngine({ endpoint: config.docker, root: await rootOf(config), timeoutMs }));
  try {
    for (let attempt = 1; ; attempt++) {
      const collectedAt = new Date().toISOString();
      const facts = await readOnce(config, watch.inspections, timeoutMs, progress, times);
      const changes = watch.changes();
      const problem = watch.problem();
      if (changes.length > 0 && attempt < ATTEMPTS) continue;
      const restless = changes.length > 0 ? `changed while they were read, ${ATTEMPTS} times (${changes.join(', ')}): ask again when they are at rest` : null;
      const blind = problem === null ? null : `whether containers changed while the host was read is not known: ${problem}`;
      return { version: 1, host: config.name, collectedAt, facts: doubted(doubted(facts, 'docker.containers', restless), 'docker.version', blind) };
    }
  } finally {
    if (!watches) watch.close();
  }
}
