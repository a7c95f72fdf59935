/** Completion in real shells, and what it is made from. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { wanted } from '../../src/cli/complete.ts';
import { SCRIPTS } from '../../src/cli/completion-scripts.ts';
import { program } from '../../src/cli/program.ts';
import { writeRecording } from '../../src/collectors/recording.ts';
import { runCli } from '../doors/run-cli.ts';
import { HOSTILE, smallEstate } from '../doors/small-estate.ts';

let folder: string;
let recording: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'netwhy-completion-'));
  recording = join(folder, 'recording');
  await writeRecording(recording, smallEstate());
  process.env.NETWHY_COMPLETION_MS = '30000';
});
afterAll(() => {
  delete process.env.NETWHY_COMPLETION_MS;
  rmSync(folder, { recursive: true });
});

const complete = async (...words: string[]) => {
  const { out, err, code } = await runCli('__complete', '--', ...words);
  expect([err, code]).toEqual(['', 0]);
  return out.split('\n').filter(Boolean);
};
const values = async (...words: string[]) => (await complete(...words)).map((line) => line.split('\t')[0]);

describe('what can stand there', () => {
  test('commands, with what they do', async () => {
    expect(await complete('wh')).toEqual(['why\tcan FROM reach TO, and if not, why? TO takes :PORT and /udp']);
    expect(await values('db', '')).toEqual(['check', 'prune']);
    expect(await values('')).not.toContain('__complete');
  });

  test('options of the command, and of lists their filters', async () => {
    expect((await values('why', '--s')).sort()).toEqual(['--server', '--since', '--snapshot', '--source-address', '--source-port']);
    expect(await values('findings', '--sev')).toEqual(['--severity']);
  });

  test('values that are known', async () => {
    expect(await values('findings', '--severity', '')).toEqual(['HIGH', 'MEDIUM', 'LOW']);
    expect(await values('findings', '--code=STALE')).toEqual(['--code=STALE_DNAT', '--code=STALE_PROXY']);
    expect(await values('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('containers and hosts as the command would see them', async () => {
    expect(await complete('why', '--recording', recording, 'w')).toEqual(['web\trunning on h1']);
    expect(await values('why', '--recording', recording, 'web', '')).toEqual(['db', 'web', 'internet', 'host:h1']);
    expect(await values('matrix', '--recording', recording, '--host', 'h')).toEqual(['h1', 'h2']);
    expect(await values('networks', `--recording=${recording}`, '--name', 'app')).toEqual(['appnet']);
  });

  test('no name that could act on the terminal', async () => {
    const { out } = await runCli('__complete', '--', 'why', '--recording', recording, '');
    expect(out).not.toContain(HOSTILE.slice(0, 4));
    expect(out).not.toMatch(/[^\P{Cc}\n\t]/u);
  });

  test('files where a file is meant', async () => {
    expect(await values('check', '')).toEqual([':files']);
    expect(await values('why', '--batch', '')).toEqual([':files']);
  });

  test.each([
    ['a recording that is none', ['why', '--recording', '/nowhere', '']],
    ['a service that does not answer', ['why', '--server', 'http://127.0.0.1:1', '']],
    ['a command that is none', ['nonsense', 'x', '']],
  ])('%s: nothing, and no complaint', async (_, words) => {
    expect(await complete(...words)).toEqual([]);
  });
});

test('every word of the program that takes a value or an argument is understood', async () => {
  const nothing = async () => {};
  const cli = await program(nothing, { serve: nothing, schedules: nothing, mcp: nothing, completion: { script: nothing, candidates: nothing } }, []);
  expect(wanted(cli, ['diff', ''])).toMatchObject({ names: 'snapshots' });
  expect(wanted(cli, ['diff', 'a', ''])).toMatchObject({ names: 'snapshots' });
  expect(wanted(cli, ['why', '--snapshot', 'x', 'we'])).toMatchObject({ names: 'places', options: { snapshot: 'x' }, prefix: 'we' });
});

/** A `netwhy` that writes down what it was asked and answers with the same lines always. */
function withNetwhy(lines: readonly string[]): { readonly env: NodeJS.ProcessEnv; readonly asked: () => string[] } {
  const [bin, log, out] = [join(folder, 'netwhy'), join(folder, 'asked'), join(folder, 'out')];
  writeFileSync(out, lines.map((line) => `${line}\n`).join(''));
  writeFileSync(bin, `#!/bin/sh\nprintf '%s\\n' "$@" >'${log}'\ncat '${out}'\n`);
  chmodSync(bin, 0o755);
  return { env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` }, asked: () => readFileSync(log, 'utf8').split('\n').slice(0, -1) };
}

const has = (shell: string) => {
  try {
    execFileSync(shell, ['-c', 'exit 0']);
    return true;
  } catch {
    return false;
  }
};

const NASTY = ["web's $(touch gone) `id` ;x"];

test('the scripts are printed, and another shell is refused', async () => {
  for (const [shell, script] of Object.entries(SCRIPTS)) expect((await runCli('completion', shell)).out).toBe(script);
  const { code, err } = await runCli('completion', 'tcsh');
  expect(code).toBe(3);
  expect(err).toContain('Ask for bash, zsh or fish.');
});

describe('bash', () => {
  const bash = (line: string, lines: readonly string[]) => {
    const { env, asked } = withNetwhy(lines);
    const script = `${SCRIPTS.bash}\nCOMP_LINE=$1; COMP_POINT=\${#1}; read -ra COMP_WORDS <<<"$1"; compopt() { echo "compopt $*"; }; _netwhy; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['-c', script, 'bash', line], { env, encoding: 'utf8' });
    return { out: out.split('\n').filter(Boolean), asked: asked() };
  };

  test('asks for the words as far as they are typed', () => {
    expect(bash('netwhy why --snapshot x we', ['web\trunning']).asked).toEqual(['__complete', '--', 'why', '--snapshot', 'x', 'we']);
    expect(bash('netwhy why ', []).asked).toEqual(['__complete', '--', 'why', '']);
  });

  test('gives back what readline replaces: what stands behind the last colon', () => {
    expect(bash('netwhy why web host:h', ['host:h1\tthe host itself', 'host:h2']).out).toEqual(['h1', 'h2']);
    expect(bash('netwhy why w', ['web', 'worker']).out).toEqual(['web', 'worker']);
  });

  test('quotes names, and runs nothing that stands in them', () => {
    const { out } = bash('netwhy why w', NASTY);
    expect(execFileSync('bash', ['-c', `printf %s ${out[0]}`], { encoding: 'utf8' })).toBe(NASTY[0]);
  });

  test('leaves files to the shell', () => {
    expect(bash('netwhy check ', [':files']).out).toEqual(['compopt -o default']);
  });
});

(has('zsh') ? describe : describe.skip)('zsh', () => {
  test('asks for the words, and hands names over as they are', () => {
    const { env, asked } = withNetwhy(['web\trunning on h1', ...NASTY]);
    const harness = `compdef() { : }; compadd() { print -rl -- "$@" "\${values[@]}" "\${shown[@]}" }; words=(netwhy why w); CURRENT=3; source =(netwhy-script); _netwhy`;
    const script = `${SCRIPTS.zsh}\n`;
    const file = join(folder, 'script.zsh');
    writeFileSync(file, script);
    const out = execFileSync('zsh', ['-f', '-c', harness.replace('=(netwhy-script)', `'${file}'`)], { env, encoding: 'utf8' }).split('\n');
    expect(asked()).toEqual(['__complete', '--', 'why', 'w']);
    expect(out).toEqual(['-l', '-d', 'shown', '-a', 'values', 'web', NASTY[0], 'web  -- running on h1', NASTY[0], '']);
  });
});

(has('fish') ? describe : describe.skip)('fish', () => {
  const fish = (line: string, lines: readonly string[]) => {
    const { env, asked } = withNetwhy(lines);
    const out = execFileSync('fish', ['--no-config', '-c', `${SCRIPTS.fish}\ncomplete -C $argv[1]`, line], { env, encoding: 'utf8' });
    return { out: out.split('\n').filter(Boolean), asked: asked() };
  };

  test('asks for the words, and shows what each is', () => {
    const { out, asked } = fish('netwhy why w', ['web\trunning on h1', 'worker']);
    expect(asked).toEqual(['__complete', '--', 'why', 'w']);
    expect(out).toEqual(['web\trunning on h1', 'worker']);
  });

  test('asks for an empty word where one begins', () => {
    expect(fish('netwhy why ', ['web']).asked).toEqual(['__complete', '--', 'why', '']);
  });
});
