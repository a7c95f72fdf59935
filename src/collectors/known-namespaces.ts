/** What was read of the namespaces of a host, for as long as the kernel tells when it changes. For a process that stays. */
import { setImmediate } from 'node:timers/promises';
import type { Fact } from '../model/facts.ts';
import type { NamespaceEntry } from './namespaces.ts';
import { type CommandSource, GROUP_OF, type Group } from './netns-sources.ts';
import { TOLD } from './notices.ts';
import { sysctlLines } from './sysctl.ts';
import { legacyTables } from './transport/legacy-tables.ts';
import { NamespaceWatch } from './transport/netns-watch.ts';

/** Each is held by three processes. */
const MAX_WATCHED = 300;
const READY_MS = 2000;
const SETTLE_MS = 500;

/** Members of sets come and go here without a notice (nft(8), dynamic and timeout). */
const RESTLESS_SETS = /"(?:dynamic|timeout|expires|meter)"/;

interface Reading {
  readonly fact: Fact;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What is to be read of a namespace; `QUIET`: what nothing tells of. */
export type Wanted = ReadonlySet<Group> | 'all';
export const QUIET: ReadonlySet<Group> = new Set(['sysctl', 'ss']);

class KnownNamespace {
  readonly watch: NamespaceWatch;
  /** Whose end ends the watch: it would hold the namespace. */
  readonly containerIds: readonly string[];
  readonly facts = new Map<CommandSource, Reading>();
  readonly pending = new Set<Group>();
  #restless = false;
  /** What was said last, and what it is as a fact. */
  #settings = { said: '', data: '' };
  /** performance.now() when all was read. */
  wholeAt = Number.NEGATIVE_INFINITY;

  constructor(watch: NamespaceWatch, containerIds: readonly string[]) {
    this.watch = watch;
    this.containerIds = containerIds;
  }

  wanted(fullReadMs: number): Wanted {
    if (this.watch.problem !== null || performance.now() - this.wholeAt >= fullReadMs) return 'all';
    const groups = this.pending;
    for (const group of this.watch.take()) groups.add(group);
    const before = (source: CommandSource): Fact | undefined => this.facts.get(source)?.fact;
    for (const [source, { fact }] of this.facts) if (fact.status === 'failed') groups.add(GROUP_OF[source]);
    if (before('bridge.fdb')?.status === 'absent') groups.delete('fdb');
    if (this.#restless || this.watch.deafness !== null) groups.add('rules');
    const noLegacy = before('iptables-legacy')?.status === 'absent' && before('ip6tables-legacy')?.status === 'absent';
    if (groups.has('rules') || !noLegacy || legacyTables(this.watch.pid)) groups.add('legacy');
    // A set that no rule refers to bears on nothing.
    if (groups.has('legacy') || before('ipset')?.data !== '') groups.add('ipset');
    return groups.size === 0 ? QUIET : new Set([...groups, 'sysctl', 'ss']);
  }

  /** What was read now, in place of what was known. */
  learn(facts: readonly Fact[], at: string, whole: boolean): void {
    if (whole) {
      this.facts.clear();
      this.wholeAt = performance.now();
    }
    for (const fact of facts) {
      this.facts.set(fact.source as CommandSource, { fact, at });
      if (fact.source === 'nft') this.#restless = RESTLESS_SETS.test(fact.data);
    }
    this.pending.clear();
  }

  /** What nothing tells of, as of now; null when it was not answered, or has not been before. */
  async ask(timeoutMs: number): Promise<Fact[] | null> {
    const [sysctl, ss] = [this.facts.get('sysctl')?.fact, this.facts.get('ss')?.fact];
    const said = sysctl?.status === 'ok' && ss?.status === 'ok' ? await this.watch.ask(timeoutMs) : null;
    if (!sysctl || !ss || !said || said.sysctl.stdout === '' || said.sysctl.exitCode > 2 || said.ss.exitCode !== 0) return null;
    const { stdout } = said.sysctl;
    if (stdout !== this.#settings.said) this.#settings = { said: stdout, data: sysctlLines(stdout) };
    return [
      { ...sysctl, data: this.#settings.data },
      { ...ss, data: said.ss.stdout },
    ];
  }
}

export class KnownNamespaces {
  readonly #known = new Map<string, KnownNamespace>();
  readonly #fullReadMs: number;
  readonly #report: (reason: string) => void;

  constructor(fullReadMs: number, report: (reason: string) => void) {
    this.#fullReadMs = fullReadMs;
    this.#report = report;
  }

  /** Process ids of those who listen. */
  get pids(): ReadonlySet<number> {
    return new Set([...this.#known.values()].flatMap(({ watch }) => watch.pids));
  }

  find(inode: string): KnownNamespace | null {
    return this.#known.get(inode) ?? null;
  }

  /**
   * What is to be read of each namespace. Those of `watched` are listened to from now on, before they are read; what happens
   * until this resolves is part of the answer, what happens later of the next one.
   */
  async plan(watched: readonly NamespaceEntry[], enter: (entry: NamespaceEntry) => readonly string[]): Promise<ReadonlyMap<string, Wanted>> {
    const some = this.#fullReadMs === 0 ? [] : watched.slice(0, MAX_WATCHED);
    const there = new Set(some.map(({ inode }) => inode));
    for (const [inode, { watch, wholeAt }] of this.#known) {
      const problem = watch.problem ?? watch.deafness;
      if (problem !== null) this.#report(problem);
      // What went wrong may go right the next time; not at each reading.
      const retry = problem !== null && performance.now() - wholeAt >= this.#fullReadMs;
      if (!there.has(inode) || retry) this.forget(inode);
    }
    const begun = some.filter(({ inode }) => !this.#known.has(inode));
    for (const entry of begun) this.#known.set(entry.inode, new KnownNamespace(new NamespaceWatch(entry.inode, enter(entry)), entry.containerIds));
    await Promise.all(begun.map(({ inode }) => this.#known.get(inode)?.watch.ready(READY_MS)));
    await this.#settle();
    return new Map([...this.#known].map(([inode, known]) => [inode, known.wanted(this.#fullReadMs)]));
  }

  /** Until all that was told has been heard. Who does not come to rest is taken as heard: what comes later counts for the next reading. */
  async #settle(): Promise<void> {
    const start = performance.now();
    let restless = [...this.#known.values()].filter(({ watch }) => watch.problem === null);
    for (let quiet = 0; quiet < 2; ) {
      restless = restless.filter(({ watch }) => !watch.settled());
      quiet = restless.length === 0 ? quiet + 1 : 0;
      // Twice: timers and what is ready to be read are looked at in between.
      await setImmediate();
      await setImmediate();
      if (performance.now() - start > SETTLE_MS) break;
    }
    for (const { pending } of restless) for (const group of TOLD) pending.add(group);
  }

  forget(inode: string): void {
    this.#known.get(inode)?.watch.close();
    this.#known.delete(inode);
  }

  /** A container has ended: nothing of ours shall keep its namespace. */
  ended(containerId: string): void {
    for (const [inode, { containerIds }] of this.#known) if (containerIds.includes(containerId)) this.forget(inode);
  }

  close(): void {
    for (const inode of [...this.#known.keys()]) this.forget(inode);
  }
}
