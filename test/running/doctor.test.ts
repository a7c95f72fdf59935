// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeRecording } from '../../src/collectors/recording.ts';
import type { OwnProcess } from '../../src/collectors/transport/own-process.ts';
import { processChecks } from '../../src/operations/doctor/process-checks.ts';
import { runCli } from '../doors/run-cli.ts';
import { type Service, startService } from '../doors/service.ts';
import { smallEstate } from '../doors/small-estate.ts';
import { fact } from '../support/estate.ts';

let service: Service;
beforeAll(async () => {
  service = await startService(smallEstate());
});
afterAll(() => service.stop());

const all: OwnProcess = {
  node: '20.19.0',
  uid: 0,
  capabilities: new Set(['CAP_SYS_ADMIN', 'CAP_SYS_PTRACE', 'CAP_NET_ADMIN', 'CAP_NET_RAW', 'CAP_DAC_READ_SEARCH']),
  hostPids: true,
  tools: new Map([
    ['nft', 'nftables v1'],
    ['ipset', null],
  ]),
  bridgeNetfilter: true,
};
const limited = (own: Partial<OwnProcess>) =>
  processChecks({ ...all, ...own })
    .filter(({ state }) => state !== 'OK')
    .map(({ name, state, text, remedy }) => `${state} ${name}: ${text} ${remedy}`);

test('says what this process lacks, what for, and what to do', () => {
  expect(limited({})).toEqual([]);
  expect(limited({ node: '20.18.9' })).toEqual([expect.stringMatching(/^FAIL node: .* too old .*20\.19/)]);
  expect(limited({ uid: 1000, capabilities: new Set(['CAP_NET_ADMIN']) })).toEqual([
    expect.stringMatching(/^WARN capabilities: user 1000, without CAP_SYS_ADMIN \(entering network namespaces\).* as root/),
  ]);
  expect(limited({ hostPids: false })).toEqual([expect.stringContaining('pid: host')]);
  expect(limited({ tools: new Map([['nft', null]]) })).toEqual([
    'WARN tool nft: not installed: rules of nftables, and whether there are any will not be known Install package nftables.',
  ]);
});

test('every door says the same, and names what could not be read with its reason', async () => {
  const [first, ...others] = smallEstate();
  const facts = [
    ...first!.facts.filter(({ source }) => source !== 'nft'),
    { ...fact('nft', '1', ''), status: 'failed' as const, reason: 'not permitted: <b>\u001b[31m' },
  ];
  const estate = [{ ...first!, facts }, ...others];
  service.setFacts(estate);
  const { status, json: rest } = await service.rest('GET', '/api/v1/doctor');
  expect([status, rest.state]).toEqual([200, 'WARN']);
  expect(rest.checks).toContainEqual({
    name: `host ${first!.host}: nft`,
    state: 'WARN',
    text: expect.stringContaining('not permitted: <b>'),
    remedy: expect.any(String),
  });
  const { data } = await service.graphql('{ doctor { state checks { name state text remedy } } }');
  expect(data.doctor).toEqual(rest);
  const remote = await runCli('doctor', '--json', '--server', service.url);
  expect([remote.code, JSON.parse(remote.out)]).toEqual([1, rest]);

  const recording = path.join(service.folder, 'limited');
  await writeRecording(recording, estate);
  process.env.DATABASE_URL = service.database;
  const own = JSON.parse((await runCli('doctor', '--json', '--recording', recording)).out);
  const text = (await runCli('doctor', '--recording', recording)).out;
  delete process.env.DATABASE_URL;
  const lines = (found: any) => found.checks.filter(({ name }: any) => /^(host|tool|database)/.test(name));
  expect(lines(own)).toEqual(lines(rest));
  expect(text).not.toContain('\u001b[31m');
  expect(text).toMatch(/^warn {2}host .*: nft: not permitted/m);
});

test('a database that cannot be used fails it', async () => {
  process.env.DATABASE_URL = 'file:/dev/null/x.db';
  const { code, out } = await runCli('doctor', '--json');
  delete process.env.DATABASE_URL;
  expect(code).toBe(3);
  expect(JSON.parse(out).checks).toContainEqual(expect.objectContaining({ name: 'database', state: 'FAIL' }));
});
