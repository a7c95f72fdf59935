import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function write(text: string): string {
  const file = path.join(folder, `${count++}.yaml`);
  writeFileSync(file, text);
  return file;
}

test('a whole file is read', async () => {
  const file = write(`
hosts:
  - name: h1
    docker: unix:///run/one.sock
    namespaceOf: 4711
    netnsFolders: [/run/netns]
  - name: h2
    docker: none
listen: 0.0.0.0:8080
database: file:/var/lib/netwhy/netwhy.db
cacheSeconds: 0
fullReadSeconds: 60
probes: true
timeoutSeconds: 2.5
`);
  const config = await loadConfig(file, {});
  expect(config).toMatchObject({
    file,
    hosts: [
      { name: 'h1', docker: 'unix:///run/one.sock', namespaceOf: 4711, netnsFolders: ['/run/netns'] },
      { name: 'h2', docker: 'none', namespaceOf: 'local', netnsFolders: expect.arrayContaining(['/run/netns']) },
    ],
    listen: { host: '0.0.0.0', port: 8080 },
    database: 'file:/var/lib/netwhy/netwhy.db',
    cacheSeconds: 0,
    fullReadSeconds: 60,
    probes: true,
    timeoutSeconds: 2.5,
  });
});

test('without a file there is this machine, on loopback alone', async () => {
  const config = await loadConfig(undefined, { XDG_STATE_HOME: '/state' });
  expect(config).toMatchObject({ file: null, hosts: null, listen: { host: '127.0.0.1', port: 4000 }, database: 'file:/state/netwhy/netwhy.db' });
});

describe('the environment wins over the file', () => {
  test.each([
    ['NETWHY_LISTEN', '[::1]:5000', { listen: { host: '::1', port: 5000 } }],
    ['NETWHY_LISTEN', ':5000', { listen: { host: '127.0.0.1', port: 5000 } }],
    ['NETWHY_LISTEN', '5000', { listen: { host: '127.0.0.1', port: 5000 } }],
    ['DATABASE_URL', 'file:/x.db', { database: 'file:/x.db' }],
    ['DATABASE_URL', 'postgresql://u:secret@db:5432/netwhy', { database: 'postgresql://u:secret@db:5432/netwhy' }],
  ])('%s=%s', async (name, value, expected) => {
    expect(await loadConfig(write('listen: 127.0.0.1:1\ndatabase: file:/y.db\n'), { [name]: value })).toMatchObject(expected);
  });
});

describe('a mistake is named with its line', () => {
  test.each([
    ['a wrong key', 'listen: 127.0.0.1:1\nhost:\n  - name: a\n', ':2: unknown key "host"', 'hosts'],
    ['a wrong key of a host', 'hosts:\n  - name: a\n    dokcer: none\n', ':3: unknown key "dokcer"', 'docker'],
    ['a wrong value', 'hosts:\n  - name: a\n    docker: docker.sock\n', ':3: hosts.0.docker: must be unix:///path', null],
    ['a wrong process id', 'hosts:\n  - name: a\n    namespaceOf: me\n', ':3: hosts.0.namespaceOf: must be `local` or a process id', null],
    ['a missing name', 'hosts:\n  - docker: none\n', ':2: hosts.0', null],
    ['two hosts of one name', 'hosts:\n  - name: a\n  - name: a\n', 'two hosts have the name a', null],
    ['no port', 'listen: localhost\n', ':1: listen: must be ADDRESS:PORT', null],
    ['a port that is too large', 'listen: localhost:70000\n', ':1: listen', null],
    ['broken YAML', 'hosts: [\n', 'not valid YAML', null],
    ['no hosts', 'hosts: []\n', ':1: hosts: must name at least one host', null],
    ['another database', 'database: mysql://u:secret@x/y\n', ':1: database: The database must be a SQLite file or a PostgreSQL server, not mysql:', null],
    ['a duration that is none', 'retention:\n  keepAll: 7 days\n', ':2: retention.keepAll: must be a duration', null],
    ['a retention that shrinks', 'retention:\n  keepAll: 7d\n  daily: 1d\n', 'retention: must grow', null],
    ['a wrong key of the retention', 'retention:\n  keepAll: 7d\n  dialy: 1y\n', ':3: unknown key "dialy"', 'daily'],
    ['a PostgreSQL server without a database', 'database: postgres://x\n', ':1: database: The URL of the PostgreSQL database is not complete', null],
  ])('%s', async (_, text, message, candidate) => {
    const file = write(text);
    await expect(loadConfig(file, {})).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining(message),
      ...(candidate && { candidates: expect.arrayContaining([candidate]), hint: expect.stringContaining(`Did you mean ${candidate}?`) }),
    });
    await expect(loadConfig(file, {})).rejects.toMatchObject({ message: expect.stringContaining(file) });
  });

  test('a file that is not there', async () => {
    await expect(loadConfig('/nowhere/netwhy.yaml', {})).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('/nowhere/netwhy.yaml'),
    });
  });
});
