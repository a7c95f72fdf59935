// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** Each operation stands here once, with its name at every door: what is served and is not here fails, and what is here is answered alike. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { buildSchema } from 'graphql';
import { COMMANDS } from '../../src/cli/lists.ts';
import { program } from '../../src/cli/program.ts';
import { readIntents } from '../../src/intents/read.ts';
import { VIEW_NAMES } from '../../src/operations/views/index.ts';
import { readSdl } from '../../src/resolvers/sdl.ts';
import { GROUPS } from '../../src/rest/index.ts';
import { pathOf } from '../../src/rest/lists.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { changedEstate, smallEstate } from './small-estate.ts';

const INTENT = 'web must reach db:5432';
let service: Service;
beforeAll(async () => {
  service = await startService(smallEstate(), undefined, { intents: readIntents('i', `intents:\n  - ${INTENT}\n`), targets: [] });
  for (const label of ['one', 'two', 'three']) await service.rest('POST', '/api/v1/snapshots', { label });
  service.setFacts(changedEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'last' });
  writeFileSync(path.join(service.folder, 'intents.yaml'), `intents:\n  - ${INTENT}\n`);
});
afterAll(() => service.stop());

interface Operation {
  readonly rest: string;
  /** Behind the prefix, with its query. */
  readonly at?: string;
  readonly body?: unknown;
  /** Null: not in this door, on purpose. */
  readonly graphql: string | null;
  readonly field?: string;
  readonly command: readonly string[] | null;
  /** What must be the same of each answer. */
  same(answer: any): unknown;
}

const ids = (list: any) => (list.items ?? list.nodes ?? list).map((one: any) => String(one.id));
const lists: readonly Operation[] = VIEW_NAMES.map((view) => ({
  rest: `GET /${pathOf(view)}`,
  graphql: `{ ${view}(first: 1000) { nodes { id } } }`,
  command: [COMMANDS[view]],
  same: ids,
}));

const OPERATIONS: readonly Operation[] = [
  ...lists,
  { rest: 'GET /snapshots', graphql: '{ snapshots { nodes { id } } }', command: ['snapshots'], same: ids },
  {
    rest: 'GET /snapshots/{id}',
    at: '/snapshots/last',
    graphql: '{ snapshot(id: "last") { id takenAt } }',
    command: null,
    same: ({ id, takenAt }) => [String(id), takenAt],
  },
  {
    rest: 'POST /snapshots',
    body: {},
    graphql: 'mutation { takeSnapshot { hostCount networkCount gapCount } }',
    command: ['snapshot'],
    same: (of) => [of.hostCount, of.networkCount, of.gapCount],
  },
  {
    rest: 'PATCH /snapshots/{id}',
    at: '/snapshots/1',
    body: { label: 'first' },
    graphql: 'mutation { labelSnapshot(id: "1", label: "first") { id label } }',
    command: ['label', '1', 'first'],
    same: ({ id, label }) => [String(id), label],
  },
  {
    rest: 'PATCH /snapshots/{id}',
    at: '/snapshots/1',
    body: { pinned: true },
    graphql: 'mutation { pinSnapshot(id: "1") { id pinned } }',
    command: ['pin', '1'],
    same: ({ id, pinned }) => [String(id), pinned],
  },
  {
    rest: 'PATCH /snapshots/{id}',
    at: '/snapshots/1',
    body: { pinned: false },
    graphql: 'mutation { pinSnapshot(id: "1", pinned: false) { id pinned } }',
    command: ['unpin', '1'],
    same: ({ id, pinned }) => [String(id), pinned],
  },
  {
    rest: 'GET /timeline',
    graphql: '{ timeline { nodes { snapshots changes } } }',
    command: ['timeline'],
    same: (of) => (of.items ?? of.nodes ?? of).map(({ snapshots, changes }: any) => [snapshots, changes]),
  },
  {
    rest: 'GET /diff',
    at: '/diff?from=1&to=last',
    graphql: '{ diff(from: "1", to: "last") { summary } }',
    command: ['diff', '1', 'last'],
    same: ({ summary }) => summary,
  },
  {
    rest: 'GET /diff/flows',
    at: '/diff/flows?from=1&to=last',
    graphql: '{ flowDiff(from: "1", to: "last") { summary nodes { id } } }',
    command: ['diff', '1', 'last', '--flows'],
    same: (of) => [ids(of.flows ?? of), (of.flows ?? of).summary],
  },
  { rest: 'GET /search', at: '/search?text=web', graphql: '{ search(text: "web") { id } }', command: ['search', 'web'], same: ids },
  { rest: 'GET /history', at: '/history?name=web', graphql: '{ history(name: "web") { id } }', command: ['history', 'web'], same: ids },
  // A recording is a file; the facts in it are for netwhy itself.
  { rest: 'GET /facts', at: '/facts?at=1', graphql: null, command: null, same: (hosts) => hosts.map(({ host }: any) => host) },
  { rest: 'GET /schedules', graphql: '{ schedules { name } }', command: ['schedule', 'list'], same: (all) => all.map(({ name }: any) => name) },
  {
    rest: 'GET /schedules/{name}/runs',
    at: '/schedules/hourly/runs',
    graphql: '{ schedules { runs { dueAt } } }',
    command: null,
    same: (all) => (all[0]?.runs ?? all).length,
  },
  {
    rest: 'GET /database/check',
    graphql: '{ checkDatabase { snapshots hosts damage { what } } }',
    command: ['db', 'check'],
    same: ({ snapshots, hosts, damage }) => [snapshots, hosts, damage],
  },
  {
    rest: 'POST /database/prune',
    body: { dryRun: true },
    graphql: 'mutation { pruneSnapshots(dryRun: true) { deleted kept } }',
    command: ['db', 'prune', '--dry-run'],
    same: ({ deleted, kept }) => [deleted, kept],
  },
  {
    rest: 'POST /check',
    body: { intents: [INTENT] },
    graphql: `{ check(intents: ["${INTENT}"]) { findings { intent state sentence } } }`,
    command: ['check', 'INTENTS'],
    same: ({ findings }) => findings.map(({ intent, state, sentence }: any) => [intent, state, sentence]),
  },
  {
    rest: 'GET /intents',
    graphql: '{ intents { intents { finding { intent state } } } }',
    command: ['intents'],
    same: ({ intents }) => intents.map(({ finding }: any) => [finding.intent, finding.state]),
  },
  {
    rest: 'GET /intents/history',
    at: `/intents/history?intent=${encodeURIComponent(INTENT)}`,
    graphql: `{ intentHistory(intent: "${INTENT}") { nodes { from } } }`,
    command: ['intents', '--history', INTENT],
    same: (of) => (of.items ?? of.nodes ?? of).map(({ from }: any) => String(from)),
  },
  { rest: 'GET /notices', graphql: '{ notices { nodes { id } } }', command: ['notices'], same: ids },
  {
    rest: 'POST /notices/{id}/retry',
    at: '/notices/7/retry',
    graphql: 'mutation { retryNotice(id: "7") { id } }',
    command: ['notices', '--retry', '7'],
    same: (of) => [of.code, of.detail ?? of.message],
  },
  { rest: 'GET /matrix', graphql: '{ reachabilityMatrix { summary nodes { id } } }', command: ['matrix'], same: (of) => [of.summary, ids(of)] },
  {
    rest: 'POST /reachability',
    body: { from: 'web', to: 'db:5432' },
    graphql: '{ reachability(from: "web", to: "db:5432") { verdict summary } }',
    command: ['why', 'web', 'db:5432'],
    same: ({ verdict, summary }) => [verdict, summary],
  },
  {
    rest: 'POST /reachability',
    body: { questions: [{ from: 'web', to: 'db:5432' }] },
    graphql: '{ reachabilityBatch(questions: [{ from: "web", to: "db:5432" }]) { answer { verdict } } }',
    command: null,
    same: (of) => (of.answers ?? of).map((one: any) => (one.answer ?? one).verdict),
  },
  { rest: 'GET /tokens', graphql: '{ apiTokens { id } }', command: ['token', 'list'], same: ids },
  {
    rest: 'POST /tokens',
    body: { name: 'ci', scopes: ['read'], expires: '1d' },
    graphql: 'mutation { createToken(name: "ci", scopes: [READ], expires: "1d") { token { name } } }',
    command: null,
    same: (of) => (of.token ?? of).name,
  },
  {
    rest: 'DELETE /tokens/{id}',
    at: '/tokens/7',
    graphql: 'mutation { revokeToken(id: "7") { id } }',
    command: ['token', 'revoke', '7'],
    same: (of) => [of.code, of.detail ?? of.message],
  },
  { rest: 'GET /doctor', graphql: '{ doctor { checks { name } } }', command: null, same: ({ checks }) => checks.map(({ name }: any) => name) },
  {
    rest: 'DELETE /snapshots/{id}',
    at: '/snapshots/two',
    graphql: 'mutation { deleteSnapshot(id: "three") { hostCount } }',
    command: ['delete', 'last'],
    same: ({ hostCount }) => hostCount,
  },
];

describe('is known here:', () => {
  test('every path of REST', () => {
    const served = Object.values(GROUPS)
      .flat()
      .map(({ method, path }) => `${method} ${path}`);
    expect(new Set(OPERATIONS.map(({ rest }) => rest))).toEqual(new Set(served));
  });

  /** What other doors have by their lists. */
  const ALONE = ['node'];
  test('every field of Query and Mutation', () => {
    const schema = buildSchema(readSdl().join('\n'));
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {}));
    const known = OPERATIONS.flatMap(({ graphql }) => graphql?.match(/^(?:mutation )?\{ (\w+)/)?.[1] ?? []);
    expect(new Set([...known, ...ALONE])).toEqual(new Set(fields));
  });

  /** What is about this machine or this program, and no question to the service. */
  const OWN = ['serve', 'mcp', 'completion', '__complete', 'schedule run', 'record', 'help', 'token create', 'token list', 'token revoke', 'doctor', 'man'];
  test('every command', async () => {
    const nothing = async () => {};
    const cli = await program(nothing, new Proxy({} as any, { get: () => nothing }), []);
    const leaves = (command: Command, name: string): string[] =>
      command.commands.length === 0 ? [name] : command.commands.flatMap((sub) => leaves(sub, `${name} ${sub.name()}`.trim()));
    const known = OPERATIONS.flatMap(({ command }) => (command ? [command.join(' ')] : []));
    const unknown = leaves(cli, '').filter((name) => !OWN.includes(name) && !known.some((one) => one === name || one.startsWith(`${name} `)));
    expect(unknown).toEqual([]);
  });
});

describe('is answered alike:', () => {
  test.each(OPERATIONS.map((operation) => [operation.at ? `${operation.rest} (${operation.at})` : operation.rest, operation] as const))(
    '%s',
    async (_, operation) => {
      const { rest, at, body, graphql, command, same } = operation;
      const [method, route] = rest.split(' ') as ['GET', string];
      const { json } = await service.rest(method, `/api/v1${at ?? route}`, body);
      const told = same(json);
      expect(JSON.stringify(told)).not.toMatch(/^(null|\[null.*|undefined)$/);
      if (graphql) {
        const { data, errors } = await service.graphql(graphql);
        const answer = errors ? { ...errors[0].extensions, message: errors[0].message } : Object.values(data as object)[0];
        expect(same(answer)).toEqual(told);
      }
      if (command) {
        const args = command.map((word) => (word === 'INTENTS' ? path.join(service.folder, 'intents.yaml') : word));
        const { out } = await runCli(...args, '--json', '--server', service.url);
        const answer = JSON.parse(out);
        expect(same(answer.error ?? answer)).toEqual(told);
      }
    },
  );
});
