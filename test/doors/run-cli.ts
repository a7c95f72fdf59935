import { jest } from '@jest/globals';
import { main } from '../../src/cli/main.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process and keeps what it prints. */
export async function runCli(...args: string[]): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const into = (list: string[]) => (text: unknown) => list.push(String(text)) > 0;
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation(into(out));
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation(into(err));
  try {
    const code = await main(['node', 'netwhy', ...args]);
    return { code, out: out.join(''), err: err.join('') };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
    process.stdout.removeAllListeners('error');
  }
}
