/** Facts of all namespaces of a host: of each what is not known any more, which is all where nothing is kept. */
import { availableParallelism } from 'node:os';
import type { Fact } from '../model/facts.ts';
import { type KnownNamespaces, QUIET, type Wanted } from './known-namespaces.ts';
import type { NamespaceEntry } from './namespaces.ts';
import { netnsFacts, type Run, someFacts } from './netns-facts.ts';
import { COMMANDS, type CommandSource } from './netns-sources.ts';
import type { Times } from './times.ts';
import { type Job, readNamespaces } from './transport/helper.ts';

export interface Target {
  readonly entry: NamespaceEntry;
  /** `-`: this process's own namespace. */
  readonly path: string;
}

interface Read {
  /** In the order of the registry; null when the namespace has gone. */
  readonly facts: readonly Fact[] | null;
  /** Source → when, of facts that were read before, ISO 8601. */
  readonly earlier: ReadonlyMap<CommandSource, string>;
}

export interface ReadingOptions {
  readonly timeoutMs: number;
  /** ISO 8601: what is read now counts as read then. */
  readonly at: string;
  readonly known: { readonly namespaces: KnownNamespaces; readonly wanted: ReadonlyMap<string, Wanted> } | null;
  readonly times: Times;
}

const ALL = { facts: null, earlier: new Map() } as const;

/** A few at a time: each runs programs. */
async function askQuiet(targets: readonly Target[], namespaces: KnownNamespaces | null, timeoutMs: number): Promise<ReadonlyMap<Target, Fact[]>> {
  const answers = new Map<Target, Fact[]>();
  const queue = targets.values();
  const worker = async (): Promise<void> => {
    for (const target of queue) {
      const facts = await namespaces?.find(target.entry.inode)?.ask(timeoutMs);
      if (facts) answers.set(target, facts);
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
  return answers;
}

/** In the order given. */
export async function readTargets(targets: readonly Target[], { timeoutMs, at, known, times }: ReadingOptions): Promise<Read[]> {
  const wantedOf = ({ entry }: Target): Wanted => known?.wanted.get(entry.inode) ?? 'all';
  const quiet = targets.filter((target) => wantedOf(target) === QUIET);
  const others = targets.filter((target) => wantedOf(target) !== QUIET);
  const [run, asked] = await Promise.all([
    readNamespaces(
      others.map((target): Job => ({ path: target.path, wanted: wantedOf(target) })),
      { timeoutMs },
    ),
    times.of('watched', askQuiet(quiet, known?.namespaces ?? null, timeoutMs)),
  ]);
  const reads = new Map<Target, Read>();
  for (const target of targets) {
    if (wantedOf(target) === 'all') continue;
    const { inode } = target.entry;
    const namespace = known?.namespaces.find(inode);
    const fresh = asked.get(target) ?? someFacts(inode, run.replies.get(target.path), { timeoutMs, died: run.died });
    if (!namespace || !fresh) continue;
    namespace.learn(fresh, at, false);
    const readings = COMMANDS.map(({ name }) => namespace.facts.get(name)!);
    const earlier = [...namespace.facts].flatMap(([source, reading]) => (reading.at === at ? [] : [[source, reading.at] as const]));
    reads.set(target, { facts: readings.map(({ fact }) => fact), earlier: new Map(earlier) });
  }
  // Who was asked for a part and did not answer is asked for all.
  const failed = targets.filter((target) => wantedOf(target) !== 'all' && !reads.has(target));
  const again =
    failed.length > 0
      ? await readNamespaces(
          failed.map(({ path }): Job => ({ path, wanted: 'all' })),
          { timeoutMs },
        )
      : run;
  times.addReplies([...run.replies.values(), ...(again === run ? [] : again.replies.values())]);
  return targets.map((target) => {
    const read = reads.get(target);
    if (read) return read;
    const { replies, died } = failed.includes(target) ? again : run;
    const facts = netnsFacts(target.entry.inode, replies.get(target.path), { timeoutMs, died } satisfies Run);
    if (facts) known?.namespaces.find(target.entry.inode)?.learn(facts, at, true);
    return { ...ALL, facts };
  });
}
