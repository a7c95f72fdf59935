// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** GraphQL, REST and the command line (by itself, and asking a service) say the same. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import { readRecording, writeRecording } from '../../src/collectors/recording.ts';
import { readSdl } from '../../src/resolvers/sdl.ts';
import { enumName } from './enum-name.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { changedEstate, smallEstate } from './small-estate.ts';

let service: Service;
let recording: string;

beforeAll(async () => {
  service = await startService(smallEstate());
  recording = path.join(service.folder, 'recording');
  await writeRecording(recording, smallEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'before' });
  service.setFacts(changedEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'after' });
  service.setFacts(smallEstate());
  process.env.DATABASE_URL = service.database;
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await service.stop();
});

const json = (text: string) => JSON.parse(text);

const schema = buildSchema(readSdl().join('\n'));
const isPlain = (type: string, field: string) => {
  const parent = schema.getType(type);
  return isObjectType(parent) && isLeafType(getNamedType(parent.getFields()[field]!.type));
};

const LISTS = [
  ['hosts', 'hosts', 'hosts', {}],
  ['networks', 'networks', 'networks', { name: 'appnet' }],
  ['endpoints', 'endpoints', 'endpoints', { container: 'web' }],
  ['containers', 'containers', 'containers', { port: 8080 }],
  ['natRules', 'nat-rules', 'nat', { chain: 'DOCKER' }],
  ['filterRules', 'filter-rules', 'rules', { action: 'drop' }],
  ['routes', 'routes', 'routes', { host: 'h1', namespace: 'host', address: '172.18.0.9' }],
  ['listeners', 'listeners', 'listeners', { port: 5432 }],
] as const;

describe.each(LISTS)('%s', (field, where, command, filter) => {
  const type = field[0]!.toUpperCase() + field.slice(1, -1);
  const flags = Object.entries(filter).flatMap(([name, value]) => [`--${name}`, String(value)]);

  test.each([
    ['live', null],
    ['at a snapshot', 'before'],
  ])('%s', async (_, at) => {
    const query = new URLSearchParams({ ...Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)])), ...(at && { at }) });
    const { json: rest } = await service.rest('GET', `/api/v1/${where}?${query}`);
    expect(rest.items.length).toBeGreaterThan(0);

    const fields = Object.keys(rest.items[0]);
    const scalars = fields.filter((name) => isPlain(type, name));
    const graphql = await service.graphql(
      `query ($filter: ${type}Filter, $at: String) { list: ${field}(filter: $filter, at: $at) { totalCount nodes { ${scalars.join(' ')} } gaps { host source reason } } }`,
      { filter, at },
    );
    expect(graphql.errors).toBeUndefined();
    const { list } = graphql.data;
    expect(list.totalCount).toBe(rest.totalCount);
    expect(list.nodes).toEqual(rest.items.map((item: any) => Object.fromEntries(scalars.map((name) => [name, item[name]]))));
    expect(list.gaps).toEqual(rest.gaps.map(({ host, source, reason }: any) => ({ host, source, reason })));

    const remote = await runCli(command, '--json', '--server', service.url, ...flags, ...(at ? ['--snapshot', at] : []));
    expect(json(remote.out)).toEqual(rest);
    const own = await runCli(command, '--json', ...flags, ...(at ? ['--snapshot', at] : ['--recording', recording]));
    expect(json(own.out)).toEqual(rest);
    expect([remote.code, own.code]).toEqual([0, 0]);
  });
});

/** Of an answer: what a person acts upon. */
const ANSWER = `question { from to port protocol } verdict symptom summary disposition cause { code parameters { key value } text }
  blockers { disposition direction host netns namespaceName symptom cause { code } rule { backend family table chain position text } }
  forward { disposition hops { netns name host iif oif steps { stage action certainty before { src dst sport dport } after { src dst } evidence { locator excerpt } } } }
  reply { disposition } evidence { host netns collector locator excerpt collectedAt counters { packets bytes } } caveats { code text } needs
  remedies { text sideEffects commands { host argv } } since { state text lastOther { id } first { id } changes { kind action host key text } proved evaluated certain }`;

/** An answer as GraphQL spells it. */
function spelled(answer: any): unknown {
  return {
    verdict: answer.verdict,
    symptom: answer.symptom,
    summary: answer.summary,
    disposition: enumName(answer.disposition),
    cause: answer.cause && {
      code: answer.cause.code,
      parameters: Object.entries(answer.cause.parameters).map(([key, value]) => ({ key, value })),
      text: answer.cause.text,
    },
    caveats: answer.caveats,
    needs: answer.needs,
    blockers: answer.blockers.map(({ disposition, direction, host, netns, namespaceName, symptom, cause, rule }: any) => ({
      disposition: enumName(disposition),
      direction: enumName(direction),
      host,
      netns,
      namespaceName,
      symptom,
      cause: { code: cause.code },
      rule,
    })),
  };
}

describe('why', () => {
  test.each([
    ['web', 'db:5432', 0],
    ['web', 'db:81', 1],
    ['10.0.0.66', '10.0.0.1:8080', null],
    ['db', 'http://web/', 0],
    ['h1/web', '172.18.0.3:5432/udp', null],
  ])('%s %s', async (from, to, code) => {
    const rest = await service.rest('POST', '/api/v1/reachability', { from, to });
    const graphql = await service.graphql(`query ($from: String!, $to: String!) { answer: reachability(from: $from, to: $to) { ${ANSWER} } }`, { from, to });
    const remote = await runCli('why', from, to, '--json', '--server', service.url);
    const own = await runCli('why', from, to, '--json', '--recording', recording);
    if (rest.status !== 200) {
      const error = { code: rest.json.code, message: rest.json.detail, hint: rest.json.hint, candidates: rest.json.candidates };
      expect(graphql.errors[0]).toMatchObject({ message: error.message, extensions: { code: error.code, hint: error.hint, candidates: error.candidates } });
      expect([json(remote.out), json(own.out)]).toEqual([{ error }, { error }]);
      expect([remote.code, own.code]).toEqual([3, 3]);
      return;
    }
    expect(graphql.errors).toBeUndefined();
    expect(graphql.data.answer).toMatchObject(spelled(rest.json) as object);
    expect(json(remote.out)).toEqual(rest.json);
    expect(json(own.out)).toEqual(rest.json);
    expect(own.code).toBe(remote.code);
    if (code !== null) expect(own.code).toBe(code);
  });

  test('a batch keeps order and ids, and answers what it can', async () => {
    const questions = [
      { id: 'a', from: 'web', to: 'db', port: 5432 },
      { id: 7, from: 'nobody', to: 'db', port: 5432 },
      { id: 'c', from: 'web', to: 'db', port: 'many' },
      'what',
      { id: 'e', from: 'db', to: 'web:80', protocol: 'tcp' },
    ];
    const rest = await service.rest('POST', '/api/v1/reachability', { questions });
    expect(rest.json.answers.map(({ id, verdict, error }: any) => [id, verdict ?? error.code])).toEqual([
      ['a', 'REACHABLE'],
      [7, 'UNKNOWN_ENDPOINT'],
      ['c', 'BAD_QUESTION'],
      [3, 'BAD_BATCH'],
      ['e', 'REACHABLE'],
    ]);
    const file = path.join(service.folder, 'batch.json');
    writeFileSync(file, JSON.stringify(questions));
    const own = await runCli('why', '--batch', file, '--json', '--recording', recording);
    expect(json(own.out)).toEqual(rest.json.answers);
    expect(own.code).toBe(3);

    const typed = questions.filter((question) => typeof question === 'object' && typeof question.port !== 'string').map((question) => question as object);
    const graphql = await service.graphql(
      'query ($questions: [QuestionInput!]!) { batch: reachabilityBatch(questions: $questions) { id answer { verdict summary } error { code message hint candidates } } }',
      { questions: typed.map((question: any) => ({ ...question, protocol: question.protocol?.toUpperCase() })) },
    );
    expect(graphql.errors).toBeUndefined();
    expect(graphql.data.batch.map(({ id, answer, error }: any) => [id, answer?.verdict ?? error.code])).toEqual([
      ['a', 'REACHABLE'],
      ['7', 'UNKNOWN_ENDPOINT'],
      ['e', 'REACHABLE'],
    ]);
    expect(graphql.data.batch[0].answer.summary).toBe(rest.json.answers[0].summary);
  });
});

describe('snapshots', () => {
  test('are listed alike', async () => {
    const rest = await service.rest('GET', '/api/v1/snapshots');
    const fields = 'takenAt label pinned hostCount networkCount endpointCount natRuleCount gapCount';
    const graphql = await service.graphql(`{ snapshots { totalCount nodes { id ${fields} } } }`);
    expect(graphql.data.snapshots.nodes).toEqual(rest.json.items.map((item: any) => ({ ...item, id: String(item.id) })));
    expect(json((await runCli('snapshots', '--json', '--server', service.url)).out)).toEqual(rest.json.items);
    expect(json((await runCli('snapshots', '--json')).out)).toEqual(rest.json.items);
  });

  test('differ alike, and by what was changed', async () => {
    const rest = await service.rest('GET', '/api/v1/diff?from=before&to=after');
    expect(rest.json.changes.map(({ kind, action, key }: any) => [kind, action, key])).toEqual([['network', 'added', expect.stringContaining('backnet')]]);
    const graphql = await service.graphql(
      '{ diff(from: "before", to: "after") { summary from { id label } to { label } changes { nodes { kind action host key text } } } }',
    );
    expect(graphql.data.diff).toMatchObject({
      summary: rest.json.summary,
      from: { id: '1', label: 'before' },
      changes: {
        nodes: rest.json.changes.map(({ kind, action, host, key, text }: any) => ({ kind: enumName(kind), action: enumName(action), host, key, text })),
      },
    });
    expect(json((await runCli('diff', '--json')).out)).toEqual(rest.json);
    expect(json((await runCli('diff', 'before', 'after', '--json', '--server', service.url)).out)).toEqual(rest.json);
  });

  test('of the same facts do not differ', async () => {
    const { json: diff } = await service.rest('GET', '/api/v1/diff?from=before&to=live');
    expect(diff.changes).toEqual([]);
  });

  test('are searched alike', async () => {
    const rest = await service.rest('GET', '/api/v1/search?text=172.18.0.2');
    expect(rest.json.map(({ kind }: any) => kind)).toEqual(['container', 'endpoint', 'natRule']);
    const graphql = await service.graphql('{ search(text: "172.18.0.2") { id kind host name addresses data firstSeen lastSeen snapshotCount } }');
    expect(graphql.data.search).toEqual(
      rest.json.map((hit: any) => ({ ...hit, kind: enumName(hit.kind), firstSeen: String(hit.firstSeen), lastSeen: String(hit.lastSeen) })),
    );
    expect(json((await runCli('search', '172.18.0.2', '--json')).out)).toEqual(rest.json);
    expect(json((await runCli('search', '172.18.0.2', '--json', '--server', service.url)).out)).toEqual(rest.json);
  });

  test('are taken, named and deleted through every door', async () => {
    const graphql = await service.graphql('mutation { takeSnapshot(label: "by graphql") { id label hosts { totalCount } } }');
    expect(graphql.data.takeSnapshot).toMatchObject({ label: 'by graphql', hosts: { totalCount: 2 } });
    const rest = await service.rest('POST', '/api/v1/snapshots', { label: 'by rest' });
    expect(rest.status).toBe(201);
    const own = await runCli('snapshot', '--label', 'by hand', '--recording', recording, '--json');
    const remote = await runCli('snapshot', '--json', '--server', service.url);
    const ids = [Number(graphql.data.takeSnapshot.id), rest.json.id, json(own.out).id, json(remote.out).id];
    const [first] = ids as [number];
    expect(ids).toEqual([first, first + 1, first + 2, first + 3]);

    expect(json((await runCli('label', String(ids[3]), 'named', '--json', '--server', service.url)).out).label).toBe('named');
    expect((await service.rest('PATCH', `/api/v1/snapshots/${ids[3]}`, { label: null })).json.label).toBeNull();
    expect((await service.graphql(`mutation { labelSnapshot(id: "${ids[3]}", label: "again") { label } }`)).data.labelSnapshot.label).toBe('again');

    expect((await service.rest('DELETE', `/api/v1/snapshots/${ids[0]}`)).json.label).toBe('by graphql');
    expect((await service.graphql(`mutation { deleteSnapshot(id: "${ids[1]}") { label } }`)).data.deleteSnapshot.label).toBe('by rest');
    expect((await runCli('delete', 'by hand', '--json')).code).toBe(0);
    expect((await runCli('delete', 'again', '--json', '--server', service.url)).code).toBe(0);
    expect((await service.rest('GET', '/api/v1/snapshots')).json.totalCount).toBe(2);
  });

  test('are recorded as they were taken', async () => {
    const remote = path.join(service.folder, 'remote.tar.gz');
    expect((await runCli('record', remote, '--server', service.url, '--snapshot', 'before')).code).toBe(0);
    expect(await readRecording(remote)).toEqual(await readRecording(recording));
  });
});

describe('a graph', () => {
  test('leads from a host to what runs on it and back, in the same snapshot', async () => {
    const { data, errors } = await service.graphql(`{ snapshot(id: "after") { hosts(filter: { name: "h1" }) { nodes {
      networks(filter: { name: "appnet" }) { nodes { name endpoints { nodes { ipv4 container { name listeners { nodes { port } } natRules { nodes { port targetContainer { name } } } } } } } }
      all: networks { totalCount } } } } }`);
    expect(errors).toBeUndefined();
    const [host] = data.snapshot.hosts.nodes;
    expect(host.all.totalCount).toBe(3);
    const web = host.networks.nodes[0].endpoints.nodes.find(({ ipv4 }: any) => ipv4 === '172.18.0.2');
    expect(web.container.natRules.nodes).toEqual([{ port: '8080', targetContainer: { name: 'web' } }]);
  });

  test('gives a thing by its id', async () => {
    const { data } = await service.graphql('{ node(id: "container:h1/web") { id ... on Container { addresses } } }');
    expect(data.node).toEqual({ id: 'container:h1/web', addresses: ['172.18.0.2'] });
  });
});

describe('a diff in part', () => {
  test.each<readonly [string, Record<string, string>, string[]]>([
    ['of one kind', { kinds: 'network' }, ['network']],
    ['of another kind', { kinds: 'route,listener' }, []],
    ['of one host', { host: 'h2' }, []],
    ['of a container that nothing happened to', { container: 'web' }, []],
  ])('%s', async (_, filter, kinds) => {
    const rest = await service.rest('GET', `/api/v1/diff?${new URLSearchParams({ from: 'before', to: 'after', ...filter })}`);
    expect(rest.json.changes.map(({ kind }: any) => kind)).toEqual(kinds);
    expect(rest.json.groups.flatMap(({ members }: any) => members)).toEqual(kinds.map((_kind, i) => i));
    const flags = Object.entries(filter).flatMap(([name, value]) => [name === 'kinds' ? '--kind' : `--${name}`, value]);
    const own = await runCli('diff', 'before', 'after', '--json', ...flags);
    expect(json(own.out)).toEqual(rest.json);
    const graphql = await service.graphql(
      'query ($kinds: [ChangeKind!], $host: String, $container: String) { diff(from: "before", to: "after", kinds: $kinds, host: $host, container: $container) { summary groups { nodes { title host kind name changes { nodes { key } } } } } }',
      { ...filter, ...(filter.kinds && { kinds: filter.kinds.split(',').map(enumName) }) },
    );
    expect(graphql.errors).toBeUndefined();
    expect(graphql.data.diff.summary).toBe(rest.json.summary);
    expect(graphql.data.diff.groups.nodes.map(({ title }: any) => title)).toEqual(rest.json.groups.map(({ title }: any) => title));
  });

  test.each([
    ['the later snapshot first', 'from=after&to=before', /later than snapshot 1/, /earlier one first/],
    ['now before a snapshot', 'from=live&to=before', /live is later/, /earlier one first/],
    ['a kind that is none', 'from=before&kinds=rule', /no kind of change called rule/, /filterRule/],
  ])('%s is refused', async (_, query, message, hint) => {
    const { status, json: problem } = await service.rest('GET', `/api/v1/diff?${query}`);
    expect(status).toBe(400);
    expect(problem).toMatchObject({ code: 'BAD_ARGUMENT', detail: expect.stringMatching(message), hint: expect.stringMatching(hint) });
  });
});
