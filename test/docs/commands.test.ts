/** What the documentation tells to type is typed, against the demo. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { loadConfig } from '../../src/config.ts';
import { type Demo, openDemo } from '../../src/demo.ts';
import { createServer, type Server } from '../../src/server.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { runCli } from '../doors/run-cli.ts';
import { blocksOf, words } from './blocks.ts';

const root = process.cwd();
const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

let demo: Demo;
let server: Server;
let url: string;
let folder: string;

beforeAll(async () => {
  demo = await openDemo(await loadConfig(undefined, {}));
  server = await createServer(demo.app, { metrics: new Metrics('0.0.0') });
  url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-docs-'));
  process.env.NETWHY_SERVER = url;
  process.env.DATABASE_URL = `file:${path.join(folder, 'docs.db')}`;
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(root);
  delete process.env.NETWHY_SERVER;
  delete process.env.DATABASE_URL;
  await server.stop();
  await demo.app.close();
  demo.remove();
  rmSync(folder, { recursive: true });
});

describe.each(pages)('%s', (page) => {
  const blocks = blocksOf(readFileSync(path.join(root, page), 'utf8'));

  // In the order of the page: a later command may need a file that an earlier block shows.
  for (const { language, text, line } of blocks) {
    const file = /^# ([\w.-]+\.ya?ml)\n/.exec(text)?.[1];
    if (file !== undefined) {
      test(`line ${line}: ${file} is as it must be`, async () => {
        writeFileSync(path.join(folder, file), text);
        if (file !== 'netwhy.yaml') return;
        for (const [, name] of text.matchAll(/\w+File: (\S+)/g)) writeFileSync(path.join(folder, name!), 'a secret of these tests\n', { mode: 0o600 });
        const env = Object.fromEntries([...text.matchAll(/\w+Env: (\S+)/g)].map(([, name]) => [name!, 'a secret of these tests']));
        await expect(loadConfig(path.join(folder, file), env)).resolves.toMatchObject({ file: path.join(folder, file) });
        rmSync(path.join(folder, file));
      });
    }
    if (language === 'graphql') {
      test(`line ${line}: ${text.split('\n')[0]}`, async () => {
        const { body } = await server.app.inject({ method: 'POST', url: '/graphql', payload: { query: text } });
        expect(JSON.parse(body).errors).toBeUndefined();
      });
    }
    if (language === 'sh') {
      test.each(text.split('\n').filter((command) => command.trim() !== '' && !command.startsWith('#')))(`line ${line}: %s`, async (command) => {
        const [, typed = command, code = '0'] = /^(.*?)\s*(?:# exit (\d+).*|#.*)?$/.exec(command) ?? [];
        const [program, ...args] = words(typed.replaceAll('http://127.0.0.1:4000', url).replace(/^node bin\/netwhy/, 'netwhy'));
        if (program === 'netwhy') {
          const found = await runCli(...args);
          expect([found.code, found.err]).toEqual([Number(code), expect.anything()]);
          expect(found.out).not.toBe('');
        } else {
          expect(program).toBe('curl');
          const { stdout, exitCode } = await execa('curl', ['--silent', '--show-error', '--fail-with-body', ...args], { reject: false });
          expect([exitCode, stdout]).toEqual([Number(code), expect.stringMatching(/./)]);
        }
      });
    }
  }

  test('every fenced block says what it is', () => {
    for (const { language, line } of blocks) expect([line, language]).toEqual([line, expect.stringMatching(/^(sh|console|yaml|json|graphql|text|ts)$/)]);
  });
});
