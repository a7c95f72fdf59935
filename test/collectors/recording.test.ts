import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as tar from 'tar';
import { readRecording, writeRecording } from '../../src/collectors/recording.ts';
import type { EstateFacts } from '../../src/model/facts.ts';

const estate: EstateFacts = [
  {
    version: 1,
    host: '../../etc/"\u001b[31m<b>',
    collectedAt: '2026-01-01T00:00:00.000Z',
    earlier: { 'ip.addr 4026531840': '2025-12-31T23:58:00.000Z' },
    facts: [
      { source: 'docker.info', netns: null, status: 'failed', reason: 'no Docker', data: '' },
      { source: 'host.namespaces', netns: null, status: 'ok', reason: 'partly', data: '[]' },
      { source: 'ip.addr', netns: '4026531840', status: 'ok', command: ['ip', '-j', 'addr'], exitCode: 0, stderr: 'hm\n', data: '[{"ifname":"\\u001b"}]\n' },
      { source: 'iptables-nft', netns: '4026531840', status: 'ok', exitCode: 0, data: '' },
      { source: 'ss', netns: '4026531840', status: 'absent', reason: 'x', exitCode: null, data: '' },
      { source: 'ss', netns: '../../x', status: 'ok', data: 'tcp LISTEN\n' },
    ],
  },
  { version: 1, host: 'h2', collectedAt: '2026-01-01T00:00:01.000Z', facts: [] },
];

describe('a recording', () => {
  let at: string;
  beforeEach(() => {
    at = mkdtempSync(join(tmpdir(), 'netwhy-recording-'));
  });
  afterEach(() => rmSync(at, { recursive: true }));

  test.each([['r'], ['r.tar.gz'], ['r.tgz'], ['r/']])('as %s gives back every fact', async (name) => {
    await writeRecording(join(at, name), estate);
    expect(await readRecording(join(at, name))).toEqual(estate);
    expect(readdirSync(at)).toEqual([name.replace('/', '')]);
  });

  test('has a readable file for each fact, and no name of a hostile host', async () => {
    await writeRecording(join(at, 'r'), estate);
    expect(readdirSync(join(at, 'r')).sort()).toEqual(['1--etc-31m-b-', '2-h2', 'recording.json']);
    expect(readFileSync(join(at, 'r', '1--etc-31m-b-', '4026531840', 'ip.addr.json'), 'utf8')).toContain('ifname');
  });

  test.each([['r'], ['r.tar.gz']])('is never written over (%s)', async (name) => {
    await writeRecording(join(at, name), estate);
    await expect(writeRecording(join(at, name), [])).rejects.toMatchObject({
      name: 'UserError',
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('exists'),
    });
    expect(await readRecording(join(at, name))).toEqual(estate);
  });

  test('that cannot be written leaves nothing behind', async () => {
    await expect(writeRecording(join(at, 'no', 'such', 'r'), estate)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(readdirSync(at)).toEqual([]);
  });

  test('may be an archive of the folder', async () => {
    await writeRecording(join(at, 'r'), estate);
    await tar.create({ gzip: true, file: join(at, 'x.tgz'), cwd: at }, ['./r']);
    expect(await readRecording(join(at, 'x.tgz'))).toEqual(estate);
  });

  const hostFolder = (): string => readdirSync(join(at, 'r')).sort()[0] ?? '';
  const edit = (file: string, change: (text: string) => string): void => writeFileSync(join(at, 'r', file), change(readFileSync(join(at, 'r', file), 'utf8')));

  test.each<[string, () => void, RegExp]>([
    ['without an index', () => rmSync(join(at, 'r', 'recording.json')), /recording\.json is missing/],
    ['with an index that is no JSON', () => edit('recording.json', (t) => t.slice(0, -4)), /recording\.json is not JSON/],
    ['of a later version', () => edit('recording.json', (t) => t.replace('"version":1', '"version":2')), /recording\.json \/version/],
    ['without the facts of a host', () => rmSync(join(at, 'r', hostFolder(), 'facts.json')), /facts\.json is missing/],
    ['without a fact', () => rmSync(join(at, 'r', hostFolder(), '4026531840', 'ip.addr.json')), /ip\.addr\.json is missing/],
    ['with an unknown source', () => edit(`${hostFolder()}/facts.json`, (t) => t.replace('"ip.addr"', '"ip.adr"')), /facts\.json \/facts\/2\/source/],
    ['whose host is a path', () => edit('recording.json', (t) => t.replace('"2-h2"', '"../r"')), /recording\.json \/hosts\/1\/folder/],
    ['whose fact is a path', () => edit(`${hostFolder()}/facts.json`, (t) => t.replace('"host.namespaces.json"', '"../../etc/passwd"')), /\/facts\/1\/file/],
    [
      'whose fact is a dotted path',
      () => edit(`${hostFolder()}/facts.json`, (t) => t.replace('"host.namespaces.json"', '"../recording.json"')),
      /\/facts\/1\/file/,
    ],
  ])('%s is damaged, and the answer says where', async (_name, damage, message) => {
    await writeRecording(join(at, 'r'), estate);
    damage();
    await expect(readRecording(join(at, 'r'))).rejects.toMatchObject({ code: 'BAD_RECORDING', message: expect.stringMatching(message) });
  });

  test('with a symlink out of it is damaged', async () => {
    await writeRecording(join(at, 'r'), estate);
    const file = join(at, 'r', hostFolder(), '4026531840', 'ip.addr.json');
    rmSync(file);
    symlinkSync('/etc/passwd', file);
    await expect(readRecording(join(at, 'r'))).rejects.toMatchObject({ code: 'BAD_RECORDING', message: expect.stringContaining('leads out') });
  });

  test('archive that is cut off is damaged', async () => {
    await writeRecording(join(at, 'r.tgz'), estate);
    truncateSync(join(at, 'r.tgz'), 400);
    await expect(readRecording(join(at, 'r.tgz'))).rejects.toMatchObject({ code: 'BAD_RECORDING' });
  });

  test.each([['not an archive at all'], ['']])('archive of "%s" is damaged', async (text) => {
    writeFileSync(join(at, 'r.tgz'), text);
    await expect(readRecording(join(at, 'r.tgz'))).rejects.toMatchObject({ code: 'BAD_RECORDING' });
  });

  test('archive whose paths lead elsewhere writes nothing and is damaged', async () => {
    mkdirSync(join(at, 'in', 'deep'), { recursive: true });
    writeFileSync(join(at, 'in', 'evil'), 'x');
    await tar.create({ gzip: true, file: join(at, 'r.tgz'), cwd: join(at, 'in', 'deep'), preservePaths: true }, ['../evil']);
    rmSync(join(at, 'in'), { recursive: true });
    await expect(readRecording(join(at, 'r.tgz'))).rejects.toMatchObject({ code: 'BAD_RECORDING' });
    expect(existsSync(join(dirname(at), 'evil'))).toBe(false);
    expect(readdirSync(at)).toEqual(['r.tgz']);
  });

  test('that is not there is a mistake of the user', async () => {
    await expect(readRecording(join(at, 'none'))).rejects.toMatchObject({ name: 'UserError', code: 'BAD_RECORDING', message: expect.stringContaining('none') });
  });
});
