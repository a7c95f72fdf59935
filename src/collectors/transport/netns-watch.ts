/** Listens to what the kernel tells of one namespace, by ip(8) and nft(8). It holds the namespace: whoever opens one must hear of its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstLine } from '../fact.ts';
import { type Group, SYSCTLS } from '../netns-sources.ts';
import { groupsOf, TOLD } from '../notices.ts';
import { systemPath } from './helper.ts';
import { namespaceInode, socketsOf } from './processes.ts';

/** Beside this file in src/ and, copied by the build, in dist/. */
const SCRIPT = join(import.meta.dirname, 'netns-watch.sh');
const LOOK_MS = 10;

/** A process that listens, and its socket. */
interface Ear {
  readonly pid: number;
  readonly inode: string;
  drops: string;
}

interface Said {
  readonly stdout: string;
  readonly exitCode: number;
}

/** What must be asked each time. */
export interface Untold {
  readonly sysctl: Said;
  readonly ss: Said;
}

interface Row {
  readonly groups: string;
  readonly waiting: string;
  readonly drops: string;
}

/** /proc/PID/net/netlink by inode: sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode (netlink_native_seq_show). */
function netlinkSockets(pid: number): ReadonlyMap<string, Row> {
  const rows = readFileSync(`/proc/${pid}/net/netlink`, 'utf8').split('\n').slice(1);
  return new Map(
    rows.map((row) => {
      const [, , , groups = '', waiting = '', , , , drops = '', inode = ''] = row.trim().split(/\s+/);
      return [inode, { groups, waiting, drops }];
    }),
  );
}

/** Asleep: it has printed all that it was told. */
const sleeps = (pid: number): boolean => / S /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, ''));

function eachLine(stream: Readable, hear: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
}

export class NamespaceWatch {
  readonly #child: ChildProcess;
  readonly #inode: string;
  readonly #dirt = new Set<Group>();
  /** Of ip and of nft, when they listen. */
  #ears: readonly Ear[] = [];
  #said: readonly string[] | null = null;
  #problem: string | null = null;
  #ended = false;
  #deaf = false;
  #complaint: string | null = null;
  #hear: (chunk: string | null) => void = () => {};

  /** `enter`: the command that enters the namespace whose inode is given, empty for this process's own. */
  constructor(inode: string, enter: readonly string[]) {
    this.#inode = inode;
    const [command = 'sh', ...rest] = [...enter, 'sh', SCRIPT];
    this.#child = spawn(command, rest, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { PATH: systemPath(), LC_ALL: 'C', NETWHY_SYSCTLS: SYSCTLS.join(' ') },
      detached: true, // a process group of its own, so that all of it can be killed
    });
    this.#child.on('error', (error) => {
      this.#problem ??= firstLine(error.message);
    });
    const [stdin, links, errors, rules, answers] = this.#child.stdio as unknown as [Writable, Readable, Readable, Readable, Readable];
    stdin.on('error', () => {});
    eachLine(links, (line) => {
      for (const group of groupsOf(line)) this.#dirt.add(group);
    });
    eachLine(rules, (line) => void (line.trim() === '' || this.#dirt.add('rules')));
    eachLine(errors, (line) => this.#complain(line));
    links.on('close', () => {
      this.#ended = true;
    });
    rules.on('close', () => {
      this.#deaf = true;
    });
    this.#child.unref();
    answers.setEncoding('utf8');
    answers.on('data', (chunk: string) => this.#hear(chunk));
    answers.on('close', () => this.#hear(null));
    for (const stream of [stdin, links, errors, rules, answers]) (stream as Socket).unref?.();
  }

  /** What listens ends, or something was lost. */
  #complain(line: string): void {
    if (this.#said === null && /^\d+ (\d+|-)$/.test(line)) {
      this.#said = line.split(' ').filter((word) => word !== '-');
    } else if (line.trim() !== '') {
      this.#complaint = firstLine(line);
      this.#markAll();
    }
  }

  #markAll(): void {
    for (const group of TOLD) this.#dirt.add(group);
  }

  /** Of the shell that stands in the namespace. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get pids(): readonly number[] {
    return [this.pid, ...(this.#said ?? []).map(Number)];
  }

  /** Why nothing can be known about changes; null while notices come. */
  get problem(): string | null {
    return this.#problem ?? (this.#ended ? `ip monitor ended${this.#complaint === null ? '' : `: ${this.#complaint}`}` : null);
  }

  /** Why nothing is told of rules, though all else is; null where it is. */
  get deafness(): string | null {
    if (!this.#deaf && this.#ears.length === 2) return null;
    return this.#said?.length === 1 ? 'nft is not installed' : `nft monitor ended${this.#complaint === null ? '' : `: ${this.#complaint}`}`;
  }

  /** Resolves when all that happens from now on is heard, or with a problem. */
  async ready(timeoutMs: number): Promise<void> {
    for (const start = performance.now(); this.problem === null; await sleep(LOOK_MS)) {
      if (this.#listens()) return;
      if (performance.now() - start > timeoutMs) this.#problem = `does not listen after ${timeoutMs / 1000} s`;
    }
  }

  #listens(): boolean {
    if (this.#said === null) return false;
    try {
      if (namespaceInode(`/proc/${this.pid}/ns/net`) !== this.#inode) {
        this.#problem = 'the namespace is another one by now';
        return false;
      }
      const sockets = netlinkSockets(this.pid);
      const ears = this.#said.map(Number).flatMap((pid): Ear[] => {
        const inode = socketsOf('/proc', pid).find((i) => /[^0]/.test(sockets.get(i)?.groups ?? '0'));
        return inode === undefined ? [] : [{ pid, inode, drops: sockets.get(inode)?.drops ?? '' }];
      });
      if (ears[0]?.pid !== Number(this.#said[0]) || (ears.length < this.#said.length && !this.#deaf)) return false;
      this.#ears = ears;
      return true;
    } catch {
      return false; // one of them has just ended, and will be heard to
    }
  }

  /** True when nothing that happened is still on its way to us. What was lost on the way is everything. */
  settled(): boolean {
    try {
      const sockets = netlinkSockets(this.pid);
      return this.#ears.every((ear, i) => {
        const row = sockets.get(ear.inode);
        if (!row) {
          if (i === 0) this.#problem ??= 'ip monitor listens no longer';
          else this.#deaf = true;
          return true;
        }
        if (row.drops !== ear.drops) {
          ear.drops = row.drops;
          this.#markAll();
        }
        return row.waiting === '0' && sleeps(ear.pid);
      });
    } catch (error) {
      this.#problem ??= firstLine((error as Error).message);
      return true;
    }
  }

  /** Of what nothing is told. Null when there is no whole answer: then nobody listens any more either. One question at a time. */
  async ask(timeoutMs: number): Promise<Untold | null> {
    const word = randomBytes(16).toString('hex');
    let text = '';
    const whole = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      this.#hear = (chunk) => {
        text += chunk ?? '';
        const done = text.split(`\n${word} `).length > 2 && text.endsWith('\n');
        if (!done && chunk !== null) return;
        clearTimeout(timer);
        resolve(done);
      };
      if (this.problem !== null) this.#hear(null);
      else this.#child.stdin?.write(`${word}\n`);
    });
    this.#hear = () => {};
    if (!whole) {
      this.#problem ??= `no answer for ${timeoutMs / 1000} s`;
      return null;
    }
    const [sysctl = '', second = '', last = ''] = text.split(`\n${word} `);
    const end = second.indexOf('\n');
    return {
      sysctl: { stdout: sysctl, exitCode: Number(second.slice(0, end)) },
      ss: { stdout: second.slice(end + 1), exitCode: Number(last) },
    };
  }

  /** What changed since the last call. */
  take(): readonly Group[] {
    const dirt = [...this.#dirt];
    this.#dirt.clear();
    return dirt;
  }

  close(): void {
    this.#problem ??= 'closed';
    this.#child.stdin?.destroy();
    try {
      if (this.#child.pid) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }
}
