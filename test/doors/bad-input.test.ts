// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeRecording } from '../../src/collectors/recording.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { HOSTILE, smallEstate } from './small-estate.ts';

let service: Service;
let recording: string;

beforeAll(async () => {
  service = await startService(smallEstate());
  recording = path.join(service.folder, 'recording');
  await writeRecording(recording, smallEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'before' });
  process.env.DATABASE_URL = service.database;
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await service.stop();
});

describe('REST answers with a problem document', () => {
  test.each<[string, 'GET' | 'POST' | 'PATCH' | 'DELETE', string, unknown, number, string]>([
    ['an unknown snapshot', 'GET', '/hosts?at=befor', undefined, 404, 'UNKNOWN_SNAPSHOT'],
    ['an unknown snapshot to delete', 'DELETE', '/snapshots/99', undefined, 404, 'UNKNOWN_SNAPSHOT'],
    ['a cursor of nothing', 'GET', '/hosts?after=abc', undefined, 400, 'BAD_CURSOR'],
    ['a page that is too large', 'GET', '/hosts?first=1001', undefined, 400, 'BAD_ARGUMENT'],
    ['an unknown filter', 'GET', '/hosts?nmae=h1', undefined, 400, 'BAD_ARGUMENT'],
    ['a port that is none', 'GET', '/listeners?port=http', undefined, 400, 'BAD_ARGUMENT'],
    ['an unknown endpoint', 'POST', '/reachability', { from: 'wbe', to: 'db:5432' }, 404, 'UNKNOWN_ENDPOINT'],
    ['a question without a port', 'POST', '/reachability', { from: 'web', to: 'db' }, 400, 'BAD_QUESTION'],
    ['a question with two ports', 'POST', '/reachability', { from: 'web', to: 'db:1', port: 2 }, 400, 'BAD_QUESTION'],
    ['a question with a typo', 'POST', '/reachability', { form: 'web', to: 'db:1' }, 400, 'BAD_QUESTION'],
    ['a source that is no address', 'POST', '/reachability', { from: 'web', to: 'db:1', sourceAddress: 'x' }, 400, 'BAD_QUESTION'],
    ['no question', 'POST', '/reachability', undefined, 400, 'BAD_QUESTION'],
    ['a batch that is none', 'POST', '/reachability', { questions: 'web' }, 400, 'BAD_BATCH'],
    ['a label that reads as an id', 'POST', '/snapshots', { label: '12' }, 400, 'BAD_ARGUMENT'],
    ['a label that has another meaning', 'POST', '/snapshots', { label: 'latest' }, 400, 'BAD_ARGUMENT'],
    ['broken JSON', 'POST', '/reachability', '{', 415, 'BAD_ARGUMENT'],
    ['no such path', 'GET', '/nothing', undefined, 404, 'NOT_FOUND'],
    ['a search for nothing', 'GET', '/search?text=', undefined, 400, 'BAD_ARGUMENT'],
  ])('%s', async (_, method, where, body, status, code) => {
    const reply = await service.rest(method, `/api/v1${where}`, body);
    expect(reply).toMatchObject({ status, type: expect.stringContaining('application/problem+json'), json: { status, code, type: 'about:blank' } });
    expect(reply.json.detail).not.toBe('');
  });

  test('that names the nearest', async () => {
    expect((await service.rest('GET', '/api/v1/hosts?at=befor')).json.candidates[0]).toBe('before');
    expect((await service.rest('GET', '/api/v1/hosts?nmae=h1')).json.candidates[0]).toBe('name');
    expect((await service.rest('POST', '/api/v1/reachability', { from: 'wbe', to: 'db:5432' })).json.candidates).toContain('web');
  });
});

describe('GraphQL answers with code, hint and candidates', () => {
  test.each([
    ['an unknown snapshot', '{ hosts(at: "befor") { totalCount } }', 'UNKNOWN_SNAPSHOT'],
    ['a cursor of nothing', '{ hosts(after: "abc") { totalCount } }', 'BAD_CURSOR'],
    ['a page that is too large', '{ hosts(first: 1001) { totalCount } }', 'BAD_ARGUMENT'],
    ['a negative page', '{ snapshots(first: -1) { totalCount } }', 'BAD_ARGUMENT'],
    ['an unknown endpoint', '{ reachability(from: "wbe", to: "db:1") { verdict } }', 'UNKNOWN_ENDPOINT'],
    ['an unknown node', '{ node(id: "container:h1/wbe") { id } }', 'NOT_FOUND'],
    ['an id of nothing', '{ node(id: "x") { id } }', 'NOT_FOUND'],
  ])('%s', async (_, query, code) => {
    const { errors } = await service.graphql(query);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ extensions: { code, hint: expect.stringMatching(/./), candidates: expect.any(Array) } });
    expect(errors[0].extensions).not.toHaveProperty('stacktrace');
  });

  test('what is too deep is refused before it runs', async () => {
    const ring = (depth: number): string =>
      depth === 0 ? 'id' : `container { endpoints(first: 1) { nodes { network { endpoints(first: 1) { nodes { ${ring(depth - 1)} } } } } } }`;
    expect((await service.graphql(`{ endpoints { nodes { ${ring(2)} } } }`)).errors).toBeUndefined();
    expect((await service.graphql(`{ endpoints { nodes { ${ring(3)} } } }`)).errors[0].message).toContain('deeper than');
    const flat = `{ hosts { ${Array.from({ length: 5001 }, (_, i) => `x${i}: totalCount`).join(' ')} } }`;
    expect((await service.graphql(flat)).errors[0].message).toMatch(/more than 5000 fields/);
  });
});

describe('a bug of ours', () => {
  const secret = 'password hunter2';
  let broken: Service;
  beforeAll(async () => {
    broken = await startService(smallEstate());
    (broken.context.estates as any).at = async () => {
      throw new Error(secret);
    };
  });
  afterAll(() => broken.stop());

  test('is masked in every door', async () => {
    const rest = await broken.rest('GET', '/api/v1/hosts');
    const graphql = await broken.graphql('{ hosts { totalCount } }');
    expect(rest).toMatchObject({ status: 500, json: { code: 'INTERNAL' } });
    expect(graphql.errors[0].extensions.code).toBe('INTERNAL');
    expect(JSON.stringify([rest, graphql])).not.toContain(secret);
  });
});

describe('the command line exits with 3 and says what to do', () => {
  test.each([
    ['an unknown snapshot', ['hosts', '--snapshot', 'befor'], 'before'],
    ['an unknown endpoint', ['why', 'wbe', 'db:5432', '--recording', 'RECORDING'], 'web'],
    ['no destination', ['why', 'web'], 'destination'],
    ['no port', ['why', 'web', 'db', '--recording', 'RECORDING'], 'port'],
    ['an unknown command', ['wyh', 'web', 'db:1'], 'why'],
    ['an unknown option', ['why', 'web', 'db:1', '--josn'], '--json'],
    ['a recording that is not there', ['hosts', '--recording', '/nowhere/at/all'], '/nowhere/at/all'],
    ['a damaged recording', ['hosts', '--recording', 'DAMAGED'], 'DAMAGED'],
    ['a batch that is not there', ['why', '--batch', '/nowhere.json'], '/nowhere.json'],
    ['a batch that is no JSON', ['why', '--batch', 'DAMAGED', '--recording', 'RECORDING'], 'JSON'],
    ['no service', ['hosts', '--server', 'http://127.0.0.1:1'], 'netwhy serve'],
    ['no URL', ['hosts', '--server', 'here'], 'http://127.0.0.1:4000'],
    ['a configuration that is not there', ['hosts', '--config', '/nowhere.yaml'], '/nowhere.yaml'],
    ['two sources', ['hosts', '--recording', 'x', '--snapshot', '1'], 'together'],
    ['a wrong protocol', ['why', 'web', 'db:1', '--protocol', 'sctp', '--recording', 'RECORDING'], 'protocol'],
  ])('%s', async (_, args, said) => {
    const damaged = path.join(service.folder, 'DAMAGED');
    writeFileSync(damaged, 'no recording');
    const { code, err } = await runCli(...args.map((argument) => (argument === 'RECORDING' ? recording : argument === 'DAMAGED' ? damaged : argument)));
    expect(err).toContain(said);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(3);
  });

  test('with --json the error is JSON on standard output', async () => {
    const { code, out } = await runCli('why', 'wbe', 'db:5432', '--json', '--recording', recording);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'UNKNOWN_ENDPOINT', candidates: expect.arrayContaining(['web']) } });
    expect(code).toBe(3);
  });

  test('without an engine the namespaces of the host are still listed, and the gap says what was tried', async () => {
    const config = path.join(service.folder, 'none.yaml');
    writeFileSync(config, 'hosts:\n  - name: here\n    docker: unix:///nowhere/docker.sock\n    netnsFolders: []\n');
    const { code, out, err } = await runCli('containers', '--config', config);
    expect(out).not.toContain('running');
    expect(err).toContain('/nowhere/docker.sock');
    expect(code).toBe(0);
    expect((await runCli('hosts', '--config', config)).out).toContain('here');
  }, 30_000);
});

describe('a hostile name', () => {
  test('is shown escaped on every screen', async () => {
    for (const args of [
      ['containers'],
      ['endpoints'],
      ['search', 'evil', '--kind', 'endpoint'],
      ['why', HOSTILE, 'db:5432'],
      ['why', 'web', `${HOSTILE}:80`],
    ]) {
      const { out, err } = await runCli(...args, ...(args[0] === 'search' ? [] : ['--recording', recording]));
      expect(out + err).toContain('evil\\u{1b}[31m');
      for (const character of ['\u001b', '\u202e']) expect(out + err).not.toContain(character);
    }
  });

  test('is found by its name, and comes through JSON as it is', async () => {
    const { json } = await service.rest('GET', `/api/v1/containers?name=${encodeURIComponent(HOSTILE)}`);
    expect(json.items).toHaveLength(1);
    expect(json.items[0].name).toBe(HOSTILE);
  });
});

describe('other sites', () => {
  test.each([
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
    ['a name that was made to point here', { host: 'evil.example:4000' }, 403],
    ['its own page', { host: 'localhost:4000', origin: 'http://localhost:4000' }, 200],
  ])('%s', async (_, headers, status) => {
    const reply = await service.server.app.inject({ method: 'GET', url: '/api/v1/hosts', headers });
    expect(reply.statusCode).toBe(status);
  });
});

describe('health', () => {
  test('the process is alive and the database usable', async () => {
    expect((await service.rest('GET', '/healthz')).status).toBe(200);
    expect((await service.rest('GET', '/readyz')).status).toBe(200);
  });

  test('a database that cannot be used is not ready, and says so', async () => {
    const broken = await startService(smallEstate());
    await (await broken.context.store()).close();
    (broken.context as any).store = async () => Promise.reject(new Error('gone'));
    expect(await broken.rest('GET', '/readyz')).toMatchObject({ status: 503, json: { status: 'not ready', service: 'ok', database: 'INTERNAL' } });
    expect((await broken.rest('GET', '/healthz')).status).toBe(200);
    await broken.server.stop();
  });
});

describe('pages', () => {
  test('together give every entry once', async () => {
    const all = (await service.rest('GET', '/api/v1/filter-rules')).json.items.map(({ id }: any) => id);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data }: any = await service.graphql(
        'query ($after: String) { filterRules(first: 2, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      seen.push(...data.filterRules.edges.map(({ node }: any) => node.id));
      expect(data.filterRules.pageInfo.endCursor).toBe(data.filterRules.edges.at(-1).cursor);
      after = data.filterRules.pageInfo.hasNextPage ? data.filterRules.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(all);
  });
});
