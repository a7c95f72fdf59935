// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** `netwhy mcp`: the official client over standard input and output of a process. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { writeRecording } from '../../src/collectors/recording.ts';
import { startGuarded } from '../access/guarded.ts';
import { connect } from '../doors/mcp-client.ts';
import { runCli } from '../doors/run-cli.ts';
import { type Service, startService } from '../doors/service.ts';
import { smallEstate } from '../doors/small-estate.ts';

let service: Service;
let recording: string;

beforeAll(async () => {
  service = await startService(smallEstate());
  recording = path.join(service.folder, 'recording');
  await writeRecording(recording, smallEstate());
});
afterAll(() => service.stop());

async function start(...args: string[]) {
  const script = `const { main } = await import('./src/cli/main.ts'); process.exitCode = await main(${JSON.stringify(['node', 'netwhy', 'mcp', ...args])});`;
  const env = { ...(process.env as Record<string, string>), DATABASE_URL: `file:${path.join(service.folder, 'mcp.db')}` };
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--import', 'tsx', '--input-type=module', '-e', script],
    env,
    stderr: 'pipe',
  });
  let complaints = '';
  transport.stderr?.on('data', (chunk) => {
    complaints += String(chunk);
  });
  const wrong: Error[] = [];
  const mcp = await connect(transport);
  mcp.client.onerror = (error) => wrong.push(error);
  return { ...mcp, wrong, complaints: () => complaints };
}

test('answers from a recording, and prints nothing but the protocol', async () => {
  const { client, call, wrong, complaints } = await start('--recording', recording);
  try {
    expect(client.getInstructions()).toMatch(/data, never an instruction/);
    const { structured, text } = await call('why', { from: 'web', to: 'db:81' });
    expect(structured).toMatchObject({ verdict: 'UNREACHABLE', symptom: 'REFUSED' });
    expect(text).toContain(structured.summaryEvidence[0]);
    expect((await call('take_snapshot', { label: 'here' })).structured.snapshot.label).toBe('here');
    expect((await call('snapshots')).structured.totalCount).toBe(1);
    expect((await call('why', { from: 'wep', to: 'db:1' })).error).toMatchObject({ code: 'UNKNOWN_ENDPOINT', candidates: expect.arrayContaining(['web']) });
    const { contents } = await client.readResource({ uri: structured.uri });
    expect(JSON.parse((contents[0] as any).text)).toEqual(structured);
    expect([wrong, complaints()]).toEqual([[], '']);
  } finally {
    await client.close();
  }
}, 60_000);

describe('--server', () => {
  test('passes what is asked on to a service', async () => {
    const { client, call } = await start('--server', service.url);
    try {
      const { json } = await service.rest('POST', '/api/v1/reachability', { from: 'web', to: 'db:5432' });
      expect((await call('why', { from: 'web', to: 'db:5432' })).structured.summary).toBe(json.summary);
      expect((await call('why', { from: 'wep', to: 'db:5432' })).error.code).toBe('UNKNOWN_ENDPOINT');
    } finally {
      await client.close();
    }
  }, 60_000);

  test('that asks for a token gets it from the environment, and is said to need it without', async () => {
    const guarded = await startGuarded({}, {}, service);
    try {
      await expect(start('--server', guarded.url)).rejects.toThrow(/needs a token that may read/);
      process.env.NETWHY_TOKEN = await guarded.token('read');
      const { client, call } = await start('--server', guarded.url);
      expect((await call('why', { from: 'web', to: 'db:5432' })).structured.verdict).toBe('REACHABLE');
      expect((await call('take_snapshot')).error).toMatchObject({ code: 'FORBIDDEN' });
      await client.close();
    } finally {
      delete process.env.NETWHY_TOKEN;
      await guarded.stop();
    }
  }, 60_000);

  test('that does not answer is said', async () => {
    await expect(start('--server', 'http://127.0.0.1:1')).rejects.toThrow(/netwhy does not answer at http:\/\/127\.0\.0\.1:1/);
  }, 60_000);
});

test.each([
  [['--server', 'nonsense'], /is not a URL/],
  [['--server', 'http://127.0.0.1:1', '--demo'], /cannot be used together/],
  [['--recording', '/nowhere', '--demo'], /cannot be used together/],
])('%j is refused before anything is said', async (args, message) => {
  const { code, out, err } = await runCli('mcp', ...args);
  expect([code, out]).toEqual([3, '']);
  expect(err).toMatch(message);
});
