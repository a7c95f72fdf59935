/** Processor time of this process and of the programs that it runs, those that stay included (proc_pid_stat(5)). */
import { readdirSync, readFileSync } from 'node:fs';

export interface Cpu {
  /** Milliseconds. */
  readonly own: number;
  readonly programs: number;
}

/** CLK_TCK is 100 wherever Node runs. */
const TICK_MS = 10;

/** utime, stime, cutime, cstime in ticks; zero when it has ended. */
function ticks(pid: number): readonly [number, number, number, number] {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .slice(11, 15)
      .map(Number);
    return [fields[0]!, fields[1]!, fields[2]!, fields[3]!];
  } catch {
    return [0, 0, 0, 0];
  }
}

export function children(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** What a child used and what it waited for; when it ends, all of it is this process's. */
function programs(pid: number, apart: readonly number[] = []): number {
  const counted = children(pid).filter((child) => !apart.includes(child));
  return counted.reduce((sum, child) => sum + ticks(child).reduce((a, b) => a + b) + programs(child), 0);
}

/** Without the children named, which are not part of the work. */
export function cpuMs(apart: readonly number[]): Cpu {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const [, , cutime, cstime] = ticks(process.pid);
  return { own: (userCPUTime + systemCPUTime) / 1000, programs: (cutime + cstime + programs(process.pid, apart)) * TICK_MS };
}

export function since(before: Cpu, apart: readonly number[]): Cpu {
  const now = cpuMs(apart);
  return { own: now.own - before.own, programs: now.programs - before.programs };
}
