// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeRecording } from '../../src/collectors/recording.ts';
import type { Symptom, Verdict } from '../../src/model/answer.ts';
import type { Errand, Sent } from '../../src/model/probe.ts';
import { Estate } from '../../src/operations/estate.ts';
import { probe } from '../../src/operations/probe.ts';
import { reachability } from '../../src/operations/reachability.ts';
import { type Guarded, startGuarded } from '../access/guarded.ts';
import { overHttp } from './mcp-client.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { smallEstate } from './small-estate.ts';

const TAKEN: Sent = { outcome: 'ANSWERED', errno: null, milliseconds: 1.5 };
const SILENCE: Sent = { outcome: 'SILENT', errno: null, milliseconds: 3000 };
const failed = (errno: string): Sent => ({ outcome: 'FAILED', errno, milliseconds: 2 });

let next: Sent;
let errands: Errand[];
let service: Service;
let guarded: Guarded;
let off: Service;

beforeAll(async () => {
  const send = async (errand: Errand) => {
    errands.push(errand);
    return next;
  };
  service = await startService(smallEstate(), undefined, undefined, undefined, send);
  guarded = await startGuarded({}, {}, service);
  off = await startService(smallEstate(), undefined, undefined, undefined, 'off');
});
afterAll(async () => {
  await guarded.stop();
  await service.stop();
  await off.stop();
});
beforeEach(() => {
  next = TAKEN;
  errands = [];
});

describe('what a packet met, beside what the answer says', () => {
  const REACHABLE = ['REACHABLE', 'CONNECTED'] as const;
  const refused = ['UNREACHABLE', 'REFUSED'] as const;
  const silent = ['UNREACHABLE', 'TIMED_OUT'] as const;
  test.each<readonly ['tcp' | 'udp', readonly [Verdict, Symptom], Sent, Symptom, boolean | null]>([
    ['tcp', REACHABLE, TAKEN, 'CONNECTED', true],
    ['tcp', REACHABLE, SILENCE, 'TIMED_OUT', false],
    ['tcp', REACHABLE, failed('ECONNREFUSED'), 'REFUSED', false],
    ['tcp', refused, failed('ECONNREFUSED'), 'REFUSED', true],
    ['tcp', refused, TAKEN, 'CONNECTED', false],
    ['tcp', refused, SILENCE, 'TIMED_OUT', false],
    ['tcp', silent, SILENCE, 'TIMED_OUT', true],
    ['tcp', silent, failed('ETIMEDOUT'), 'TIMED_OUT', true],
    ['tcp', silent, TAKEN, 'CONNECTED', false],
    ['tcp', silent, failed('EHOSTUNREACH'), 'HOST_UNREACHABLE', false],
    ['tcp', ['UNREACHABLE', 'NET_UNREACHABLE'], failed('ENETUNREACH'), 'NET_UNREACHABLE', true],
    ['tcp', ['UNREACHABLE', 'HOST_UNREACHABLE'], failed('EHOSTUNREACH'), 'HOST_UNREACHABLE', true],
    ['tcp', ['UNREACHABLE', 'HOST_UNREACHABLE'], SILENCE, 'TIMED_OUT', null],
    ['tcp', ['UNREACHABLE', 'CONNECTED'], TAKEN, 'CONNECTED', null],
    ['tcp', ['UNREACHABLE', 'CONNECTED'], failed('ECONNREFUSED'), 'REFUSED', false],
    ['tcp', ['UNREACHABLE', 'PERMISSION_DENIED'], failed('EACCES'), 'PERMISSION_DENIED', true],
    ['tcp', ['UNREACHABLE', 'ADDRESS_NOT_AVAILABLE'], failed('EADDRNOTAVAIL'), 'ADDRESS_NOT_AVAILABLE', true],
    ['tcp', REACHABLE, failed('EADDRINUSE'), 'UNKNOWN', null],
    ['tcp', ['AMBIGUOUS', 'UNKNOWN'], TAKEN, 'CONNECTED', null],
    ['tcp', ['UNDETERMINED', 'UNKNOWN'], SILENCE, 'TIMED_OUT', null],
    ['udp', ['REACHABLE', 'DELIVERED'], TAKEN, 'DELIVERED', true],
    ['udp', ['REACHABLE', 'DELIVERED'], SILENCE, 'UNKNOWN', null],
    ['udp', ['REACHABLE', 'DELIVERED'], failed('ECONNREFUSED'), 'REFUSED', false],
    ['udp', silent, SILENCE, 'UNKNOWN', null],
    ['udp', silent, TAKEN, 'DELIVERED', false],
    ['udp', refused, failed('ECONNREFUSED'), 'REFUSED', true],
  ])('%s: %j and %j', async (protocol, [verdict, symptom], sent, met, agrees) => {
    next = sent;
    const seen: unknown[] = [];
    const telemetry: any = { saw: (one: unknown) => seen.push(one), during: (_: unknown, __: unknown, work: () => unknown) => work() };
    const answer = await reachability(service.context, { question: { from: 'web', to: `db:5432/${protocol}` } });
    const found = await probe({ ...service.context, telemetry }, new Estate(smallEstate(), null), { ...answer, verdict, symptom });
    expect(found).toMatchObject({ outcome: sent.outcome, milliseconds: sent.milliseconds, symptom: met, agrees });
    expect(found.text).toMatch(agrees === null ? /settles nothing/ : agrees ? /says the same/ : /says otherwise.*netwhy record/);
    expect(seen).toEqual([{ kind: 'probed', agrees }]);
  });

  test('goes from the namespace of the source to the address of the target', async () => {
    const question = { from: 'web', to: 'db:5432', sourcePort: 4000, sourceAddress: '172.18.0.2' };
    await reachability(service.context, { question, probe: true });
    expect(errands).toEqual([
      { namespace: { inode: '2', paths: [] }, protocol: 'tcp', address: '172.18.0.3', port: 5432, sourcePort: 4000, sourceAddress: '172.18.0.2' },
    ]);
  });
});

describe('every door says the same', () => {
  const FIELDS = 'outcome symptom milliseconds agrees text';

  test.each([
    ['db:5432', TAKEN, true],
    ['db:81', TAKEN, false],
    ['db:5432/udp', SILENCE, null],
  ])('%s', async (to, sent, agrees) => {
    next = sent;
    const { json, status } = await service.rest('POST', '/api/v1/reachability?probe=true', { from: 'web', to });
    expect(status).toBe(200);
    expect(json.probe).toMatchObject({ outcome: sent.outcome, agrees });
    const { data } = await service.graphql(`{ reachability(from: "web", to: "${to}", probe: true) { probe { ${FIELDS} } since { state } } }`);
    expect(data.reachability.probe).toEqual(json.probe);
    const remote = await runCli('why', 'web', to, '--probe', '--json', '--server', service.url);
    expect(JSON.parse(remote.out)).toEqual(json);
    const shown = await runCli('why', 'web', to, '--probe', '--server', service.url);
    expect(shown.out.replace(/\s+/g, ' ')).toContain(json.probe.text);
    const { client, call } = await overHttp(service.url);
    const { structured, text } = await call('why', { from: 'web', to, probe: true });
    await client.close();
    expect(structured.probe).toEqual(json.probe);
    expect(text).toContain('Probe');
    expect(errands).toHaveLength(5);
  });

  test('without being asked for one, none is sent', async () => {
    const { json } = await service.rest('POST', '/api/v1/reachability', { from: 'web', to: 'db:5432' });
    const { data } = await service.graphql('{ reachability(from: "web", to: "db:5432") { probe { text } } }');
    expect([json.probe, data.reachability.probe, errands]).toEqual([null, null, []]);
  });
});

describe('no packet is sent', () => {
  test.each([
    ['internet', 'db:5432', {}, /namespace that is read here/],
    ['10.0.0.66', 'db:5432', {}, /namespace that is read here/],
    ['web', 'internet:80', {}, /no address of internet/],
    ['web', 'dns:nowhere:80', {}, /no address of/],
    ['web', 'db', { protocol: 'icmp' }, /no ICMP echo/],
  ])('from %s to %s', async (from, to, more, message) => {
    const { status, json } = await service.rest('POST', '/api/v1/reachability?probe=true', { from, to, ...more });
    expect([status, json.code]).toEqual([400, 'BAD_ARGUMENT']);
    expect(json.detail).toMatch(message);
    expect(json.hint).not.toBe('');
    expect(errands).toEqual([]);
  });

  test('in the past, from a recording, of a batch or again and again', async () => {
    await service.rest('POST', '/api/v1/snapshots', { label: 'then' });
    const past = await service.rest('POST', '/api/v1/reachability?probe=true&at=then', { from: 'web', to: 'db:5432' });
    expect(past.json).toMatchObject({ code: 'BAD_ARGUMENT', detail: expect.stringContaining('there now') });
    const recording = path.join(service.folder, 'recording');
    await writeRecording(recording, smallEstate());
    expect((await runCli('why', 'web', 'db:5432', '--probe', '--recording', recording)).err).toContain('there now');
    for (const more of [['--watch'], ['--batch', '-']]) {
      const { code, err } = await runCli('why', 'web', 'db:5432', '--probe', '--server', service.url, ...more);
      expect([code, err.includes('one packet for one answer')]).toEqual([3, true]);
    }
    const batch = await service.rest('POST', '/api/v1/reachability?probe=true', { questions: [{ from: 'web', to: 'db:5432' }] });
    expect(batch.json.code).toBe('BAD_ARGUMENT');
    expect(errands).toEqual([]);
  });

  test('where the namespaces of the host were not read', async () => {
    const [one, two] = smallEstate();
    const facts = one!.facts.map((fact) => (fact.source === 'host.namespaces' ? { ...fact, data: '[]' } : fact));
    const answer = await reachability(service.context, { question: { from: 'web', to: 'db:5432' } });
    const unread = new Estate([{ ...one!, facts }, two!], null);
    Object.defineProperty(unread, 'model', { value: new Estate(smallEstate(), null).model });
    await expect(probe(service.context, unread, answer)).rejects.toMatchObject({ code: 'BAD_ARGUMENT', hint: expect.stringContaining('doctor') });
  });

  test('by a service that was not told to', async () => {
    const { json } = await off.rest('POST', '/api/v1/reachability?probe=true', { from: 'web', to: 'db:5432' });
    expect(json).toMatchObject({ code: 'BAD_ARGUMENT', hint: expect.stringContaining('probes: true') });
    expect((await off.rest('POST', '/api/v1/reachability', { from: 'web', to: 'db:5432' })).status).toBe(200);
  });

  test('for who has not the scope, at no door; each is written down', async () => {
    const [reader, prober] = [await guarded.token('read'), await guarded.token('probe')];
    guarded.audit.length = 0;
    const body = { from: 'web', to: 'db:5432' };
    const rest = (token: string) => guarded.ask('POST', '/api/v1/reachability?probe=true', token, { body });
    const graphql = (token: string) => guarded.graphql('{ reachability(from: "web", to: "db:5432", probe: true) { probe { agrees } } }', token);
    expect((await rest(reader)).json.code).toBe('FORBIDDEN');
    expect((await graphql(reader)).json.errors[0].extensions.code).toBe('FORBIDDEN');
    expect(errands).toEqual([]);
    expect((await rest(prober)).json.probe.agrees).toBe(true);
    expect((await graphql(prober)).json.data.reachability.probe.agrees).toBe(true);
    const line = (result: string) => expect.objectContaining({ operation: 'probe', target: 'web to db:5432/tcp', result, request: expect.any(String) });
    expect(guarded.audit).toEqual([line('FORBIDDEN'), line('FORBIDDEN'), line('done'), line('done')]);
  });
});
