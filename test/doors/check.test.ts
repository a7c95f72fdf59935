// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** `check` is the same by every door, and fit for a pipeline. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeRecording } from '../../src/collectors/recording.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { HOSTILE, hostOne } from './small-estate.ts';

let service: Service;
let recording: string;
const inFolder = (name: string) => path.join(service.folder, name);

function write(name: string, ...intents: string[]): string {
  writeFileSync(inFolder(name), intents.map((intent) => `- ${intent}\n`).join(''));
  return inFolder(name);
}

beforeAll(async () => {
  service = await startService([hostOne()]);
  recording = inFolder('recording');
  await writeRecording(recording, [hostOne()]);
  await service.rest('POST', '/api/v1/snapshots', { label: 'kept' });
});
afterAll(() => service.stop());

const FINDING = 'intent state sentence cause { code text } witness { from to protocol port verdict } flows failing undecided complete needs candidates';

test('GraphQL, REST and the command line find the same', async () => {
  const intents = ['web must reach db:5432', 'web must not reach db:5432', 'wbe must reach db:5432'];
  const { json: rest } = await service.rest('POST', '/api/v1/check', { intents });
  expect(rest.findings.map(({ state }: any) => state)).toEqual(['HOLDS', 'BROKEN', 'UNKNOWN']);

  const { data, errors } = await service.graphql(
    `query ($intents: [String!]) { check(intents: $intents, at: "kept") { snapshot { label } findings { ${FINDING} } } }`,
    {
      intents,
    },
  );
  expect(errors).toBeUndefined();
  const spelled = (finding: any) => ({ ...finding, witness: finding.witness && { ...finding.witness, protocol: finding.witness.protocol.toUpperCase() } });
  expect(data.check).toEqual({
    snapshot: { label: 'kept' },
    findings: rest.findings.map((finding: any) => ({ ...spelled(finding), cause: finding.cause && { code: finding.cause.code, text: finding.cause.text } })),
  });

  const file = write('same.yaml', ...intents);
  const own = await runCli('check', file, '--json', '--recording', recording);
  const remote = await runCli('check', file, '--json', '--server', service.url);
  expect(JSON.parse(own.out)).toEqual(rest);
  expect(JSON.parse(remote.out)).toEqual(rest);
  expect([own.code, remote.code]).toEqual([1, 1]);
});

describe('exit codes', () => {
  test.each([
    ['all hold', ['web must reach db:5432', 'web must not reach db:81'], 0],
    ['one is broken', ['web must reach db:5432', 'wbe must reach db:1', 'web must reach db:81'], 1],
    ['one names nobody', ['web must reach db:5432', 'web must reach dbb:5432'], 2],
    ['one is not an intent', ['web must reach db:5432', 'web mustreach db'], 2],
    ['there is none', [], 2],
  ])('%s', async (name, intents, code) => {
    expect((await runCli('check', write(`${name}.yaml`, ...intents), '--recording', recording)).code).toBe(code);
  });

  test('no such file, snapshot or recording is bad input', async () => {
    const file = write('good.yaml', 'web must reach db:5432');
    expect(await runCli('check', inFolder('nowhere.yaml'), '--recording', recording)).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
    expect((await runCli('check', file, '--recording', inFolder('nowhere'))).code).toBe(2);
    expect((await runCli('check', file, '--server', service.url, '--snapshot', 'never')).code).toBe(2);
    expect((await runCli('check', '--recording', recording)).err).toContain('names no intents');
  });

  test('are said in the help', async () => {
    expect((await runCli('check', '--help')).out).toMatch(/0 all hold; 1 one is broken; 2 none is broken but one cannot be told/);
  });
});

test('a person reads the line, the reason and the nearest names', async () => {
  const file = write('read.yaml', 'web must reach db:81', 'wbe must reach db:5432');
  const { out } = await runCli('check', file, '--recording', recording);
  expect(out).toContain(`${file}:1: BROKEN web must reach db:81`);
  expect(out).toContain('Cause: NO_LISTENER');
  expect(out).toContain(`${file}:2: UNKNOWN wbe must reach db:5432`);
  expect(out).toContain('Nearest: web');
  expect(out).toContain('0 of 2 hold, 1 broken, 1 unknown');
});

test('JUnit has a failure for what is broken and an error for what is unknown', async () => {
  const file = write('junit.yaml', 'web must reach db:5432', '"web must reach db:81"', 'every container labelled "<a & b>"=1 must reach db:5432');
  const xml = inFolder('out.xml');
  expect((await runCli('check', file, '--recording', recording, '--junit', xml)).code).toBe(1);
  const text = readFileSync(xml, 'utf8');
  expect(text).toContain('<testsuites tests="3" failures="1" errors="1">');
  expect(text).toMatch(/<testcase name="web must reach db:5432" classname="[^"]*junit.yaml:1"\/>/);
  expect(text).toMatch(/<failure message="[^"]*" type="NO_LISTENER">/);
  expect(text).toContain('&lt;a &amp; b&gt;');
});

test('a hostile name reaches neither the terminal nor the XML', async () => {
  const file = inFolder('hostile.yaml');
  writeFileSync(file, JSON.stringify([`every container in network appnet must reach ${HOSTILE.trim()}:80`]));
  const xml = inFolder('hostile.xml');
  const { code, out } = await runCli('check', file, '--recording', recording, '--junit', xml);
  expect(code).not.toBe(0);
  for (const text of [out, readFileSync(xml, 'utf8')]) expect(['\u001b', '\u202e'].filter((character) => text.includes(character))).toEqual([]);
});

test('a JUnit file that cannot be written is said', async () => {
  const file = write('unwritable.yaml', 'web must reach db:5432');
  const { code, err } = await runCli('check', file, '--recording', recording, '--junit', inFolder('no/such/folder.xml'));
  expect(code).toBe(2);
  expect(err).toContain('Cannot write');
  expect(existsSync(inFolder('no'))).toBe(false);
});
