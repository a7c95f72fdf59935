import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function write(text: string): string {
  const file = path.join(folder, `${count++}.yaml`);
  writeFileSync(file, text);
  return file;
}
const load = async (text: string) => (await loadConfig(write(text), {})).watch;
const texts = async (text: string) => (await load(text)).intents.map((intent) => intent.text);

test('without them nothing is watched', async () => {
  expect(await load('cacheSeconds: 1\n')).toEqual({ intents: [], targets: [] });
  expect((await loadConfig(undefined, {})).watch).toEqual({ intents: [], targets: [] });
});

test('intents stand in the configuration, or in a file beside it', async () => {
  expect(await texts('intents:\n  - web must reach db:5432\n  - internet must not reach db\n')).toEqual([
    'web must reach db:5432',
    'internet must not reach db',
  ]);
  mkdirSync(path.join(folder, 'sub'), { recursive: true });
  writeFileSync(path.join(folder, 'sub', 'intents.yaml'), '- only proxy may reach app:8080\n');
  expect(await texts('intents: sub/intents.yaml\n')).toEqual(['only proxy may reach app:8080']);
});

test('targets have a name, a URL, a format and perhaps a secret, whose file is beside the configuration', async () => {
  const { targets } = await load(`notices:
  - {name: ops, url: "https://hooks.example/a", secretFile: ops.key}
  - {name: chat, url: "https://chat.example/b", format: slack}
  - {name: ci, url: "http://ci:8080/", secretEnv: CI_SECRET}
`);
  expect(targets).toEqual([
    { name: 'ops', url: 'https://hooks.example/a', format: 'json', secret: { file: path.join(folder, 'ops.key') } },
    { name: 'chat', url: 'https://chat.example/b', format: 'slack', secret: null },
    { name: 'ci', url: 'http://ci:8080/', format: 'json', secret: { env: 'CI_SECRET' } },
  ]);
});

describe('what is wrong is said with its line', () => {
  test.each([
    ['intents:\n  - web must reach db:5432\n  - web reaches db\n', 'BAD_INTENT', /:3: "web reaches db": expected/],
    ['intents: 5\n', 'BAD_CONFIG', /:1: intents: must be the name of a file, or a list of intents/],
    ['intents: nowhere.yaml\n', 'BAD_CONFIG', /Cannot read the intents .*nowhere.yaml: ENOENT/],
    ['notices:\n  - name: a\n    url: ftp://x/\n', 'BAD_CONFIG', /:3: notices.0.url: must be an http or https URL/],
    ['notices:\n  - name: a\n    url: "http://me:word@x/"\n', 'BAD_CONFIG', /:3: notices.0.url: must be an http or https URL without a user name or password/],
    ['notices:\n  - name: a\n    url: http://x/\n    format: teams\n', 'BAD_CONFIG', /:4: notices.0.format: must be json or slack/],
    ['notices:\n  - name: a\n    url: http://x/\n    secretfile: b\n', 'BAD_CONFIG', /:4: unknown key "secretfile"/],
    ['notices:\n  - {name: a, url: "http://x/", secretFile: b, secretEnv: C}\n', 'BAD_CONFIG', /secretFile or secretEnv, not both/],
    ['notices:\n  - {name: a, url: "http://x/"}\n  - {name: a, url: "http://y/"}\n', 'BAD_CONFIG', /two notices have the name a/],
  ])('%j', async (text, code, message) => {
    await expect(load(text)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('and a URL, which may be a credential, is not', async () => {
    await expect(load('notices:\n  - name: a\n    url: "https://u:sesame@x/"\n')).rejects.toMatchObject({ message: expect.not.stringContaining('sesame') });
  });
});
