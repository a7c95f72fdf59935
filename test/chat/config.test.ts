import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-chat-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string) {
  const file = path.join(folder, 'netwhy.yaml');
  writeFileSync(file, text);
  return loadConfig(file, {});
}

test('secrets come from files beside the configuration and from the environment', async () => {
  writeFileSync(path.join(folder, 'slack.key'), 'shh\n');
  process.env.NETWHY_TEST_TOKEN = 'xoxb-1';
  const { chats } = await load(
    'chat:\n  slack:\n    signingSecretFile: slack.key\n    botTokenEnv: NETWHY_TEST_TOKEN\n    channels: [C1]\n  mattermost:\n    tokenEnv: NETWHY_TEST_TOKEN\n',
  );
  expect(chats()).toMatchObject({
    slack: { signingSecret: 'shh', botToken: 'xoxb-1', channels: ['C1'], teams: [], apiUrl: 'https://slack.com/api', hooksUrl: 'https://hooks.slack.com' },
    mattermost: { token: 'xoxb-1' },
    teams: null,
    discord: null,
  });
  delete process.env.NETWHY_TEST_TOKEN;
});

test('no chat asks unless it is named', async () => {
  expect((await load('')).chats()).toEqual({ slack: null, mattermost: null, teams: null, discord: null });
});

describe('what is missing is said when a service starts, not when somebody else asks', () => {
  test.each([
    ['slack:\n    botTokenEnv: X', /chat\.slack\.signingSecret is not given/],
    ['slack:\n    signingSecretEnv: NETWHY_NOT_SET', /NETWHY_NOT_SET is not set/],
    ['slack:\n    signingSecretFile: nowhere', /ENOENT/],
    ['teams:\n    secretEnv: A\n    secretFile: b', /given twice/],
    ['mattermost: {}', /chat\.mattermost\.token is not given/],
  ])('%s', async (chat, message) => {
    const { chats } = await load(`chat:\n  ${chat}\n`);
    expect(chats).toThrow(message);
  });
});

test.each([
  ['slack:\n    signingSecret: abc', /unknown key "signingSecret"/],
  ['slack:\n    signingSecretEnv: A\n    hooksUrl: http://evil.example', /https URL/],
  ['slack:\n    signingSecretEnv: A\n    users: ["<script>"]', /id of Slack/],
  ['discord:\n    publicKey: abc', /64 hexadecimal/],
  ['slak: {}', /unknown key "slak"/],
])('%s is refused with its place', async (chat, message) => {
  await expect(load(`chat:\n  ${chat}\n`)).rejects.toThrow(message);
});
