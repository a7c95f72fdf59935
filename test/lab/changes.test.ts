// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** A night of real changes on real hosts: what snapshots say of it afterwards is what was done, and what real packets saw. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseIntent } from '../../src/intents/parse.ts';
import { deliverNotices } from '../../src/operations/deliver.ts';
import { takeSnapshot } from '../../src/operations/take-snapshot.ts';
import { type Service, startService } from '../doors/service.ts';
import { onEachDatabase } from '../support/databases.ts';
import { DEEDS } from './changes.ts';
import { createLab } from './hosts.ts';
import { labPossible } from './possible.ts';
import { buildWorld } from './steps.ts';
import { type Flow, live, type Story } from './story.ts';
import { HOSTS } from './world.ts';

const group = labPossible() ? describe : describe.skip;

/** Sixty changes and more: real hosts take minutes for them. Milliseconds. */
const NIGHT = 900_000;
const SECRET = 'hush';

let lived: Promise<Story> | null = null;
/** The night is lived once, whatever keeps it. */
function story(): Promise<Story> {
  lived ??= (async () => {
    const lab = await createLab({ hosts: HOSTS.filter(({ name }) => name === 'e20' || name === 'e28') });
    try {
      await Promise.all(lab.hosts.map((host) => buildWorld(lab, host)));
      return await live(lab);
    } finally {
      await lab.destroy();
    }
  })();
  return lived;
}

interface Webhook {
  readonly url: string;
  readonly heard: { readonly signed: boolean; readonly body: any }[];
  close(): Promise<void>;
}

async function listen(): Promise<Webhook> {
  const heard: Webhook['heard'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const wanted = `sha256=${createHmac('sha256', SECRET).update(`${request.headers['x-netwhy-timestamp']}.${body}`).digest('hex')}`;
      heard.push({ signed: request.headers['x-netwhy-signature'] === wanted, body: JSON.parse(body) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard, close };
}

const intentOf = ({ question: { from, to, port } }: Flow) => `${from} must reach ${to}:${port}`;

/** Flows that stopped or began to work, with the place of the chapter in which they did; those at a lost host aside. */
function turnsOf({ flows, chapters }: Story): { readonly flow: Flow; readonly i: number; readonly works: boolean }[] {
  return chapters.flatMap(({ works, lost }, i) => {
    const before = chapters[i - 1];
    if (!before || lost || before.lost) return [];
    return flows.flatMap((flow) => (works.get(flow.text) === before.works.get(flow.text) ? [] : [{ flow, i, works: works.get(flow.text) === true }]));
  });
}

await onEachDatabase((fresh) => {
  group('a night of changes', () => {
    let night: Story;
    let service: Service;
    let hook: Webhook;
    /** Of the snapshot after each chapter. */
    const ids: number[] = [];

    beforeAll(async () => {
      night = await story();
      hook = await listen();
      service = await startService(night.chapters[0]!.facts, await fresh(), {
        intents: night.flows.map((flow) => parseIntent(intentOf(flow), 'test')),
        targets: [{ name: 'hook', url: hook.url, format: 'json', secret: { env: 'NETWHY_TEST_SECRET' } }],
      });
      process.env.NETWHY_TEST_SECRET = SECRET;
      for (const { facts } of night.chapters) {
        service.setFacts(facts);
        ids.push((await takeSnapshot(service.context, {})).id);
      }
    }, NIGHT);
    afterAll(async () => {
      delete process.env.NETWHY_TEST_SECRET;
      await service?.stop();
      await hook?.close();
    });

    const get = async (where: string) => {
      const { status, json } = await service.rest('GET', `/api/v1${where}`);
      expect([where, status]).toEqual([where, 200]);
      return json;
    };

    test('of sixty and more, after which many flows stopped or began to work', () => {
      expect(night.chapters.filter(({ deed }) => deed !== null).length).toBe(2 * DEEDS.length);
      expect(2 * DEEDS.length).toBeGreaterThanOrEqual(60);
      expect(turnsOf(night).length).toBeGreaterThan(60);
    });

    test('each diff says what was done, on the host on which it was done', async () => {
      const wrong: unknown[] = [];
      for (const [i, { deed, host }] of night.chapters.entries()) {
        if (i === 0 || deed === null) continue;
        const { changes } = await get(`/diff?from=${ids[i - 1]}&to=${ids[i]}`);
        const elsewhere = changes.filter((change: any) => change.host !== host);
        const said = deed.says === null || changes.some(({ text }: any) => deed.says!.test(text));
        if (!said || elsewhere.length > 0) wrong.push({ host, deed: deed.name, changes: changes.map(({ text }: any) => text) });
      }
      expect(wrong).toEqual([]);
    }, 300_000);

    test('a host that is lost takes nothing with it, and nothing comes back with it', async () => {
      const lost = night.chapters.findIndex((chapter) => chapter.lost !== null);
      for (const i of [lost, lost + 1]) {
        const { changes } = await get(`/diff?from=${ids[i - 1]}&to=${ids[i]}`);
        expect(changes.map(({ text }: any) => text)).toEqual([]);
      }
    }, 60_000);

    test('what was found of every flow is what packets saw, in every snapshot', async () => {
      const wrong: unknown[] = [];
      for (const [i, { works, lost, deed, host }] of night.chapters.entries()) {
        const { intents } = await get(`/intents?at=${ids[i]}`);
        const states = new Map<string, string>(intents.map(({ finding }: any) => [finding.intent, finding.state]));
        for (const flow of night.flows) {
          const state = states.get(intentOf(flow));
          const saw = works.get(flow.text) ? 'HOLDS' : 'BROKEN';
          if (state !== saw && !(lost && state === 'UNKNOWN')) wrong.push({ host, deed: deed?.name, flow: flow.text, state, saw });
        }
      }
      expect(wrong).toEqual([]);
    }, 60_000);

    test('since when and by what is when it turned, and what was done then', async () => {
      const wrong: unknown[] = [];
      // One flow of each change: the search is the same for the others.
      const first = new Map(turnsOf(night).map((turn) => [turn.i, turn]));
      for (const { flow, i, works } of first.values()) {
        const { status, json } = await service.rest('POST', `/api/v1/reachability?since=true&at=${ids[i]}`, flow.question);
        const { deed, host } = night.chapters[i]!;
        const { state, lastOther, first: from, changes, text } = json.since ?? {};
        const named = deed?.says == null || changes?.some((change: any) => deed.says!.test(change.text));
        const right = status === 200 && state === 'CHANGED' && lastOther?.id === ids[i - 1] && from?.id === ids[i] && named;
        if (!right) wrong.push({ host, deed: deed?.name, flow: flow.text, works, state, text, lastOther: lastOther?.id, wanted: ids[i - 1] });
      }
      expect(wrong).toEqual([]);
    }, 600_000);

    test('every turn is told once, signed, and nothing else is', async () => {
      for (let round = 0; round < 10; round++) await deliverNotices(service.context);
      expect(hook.heard.filter(({ signed }) => !signed)).toEqual([]);
      const told = hook.heard.map(({ body }) => `${body.snapshot?.id ?? body.snapshotId} ${body.intent}`);
      expect(new Set(told).size).toBe(told.length);
      const turns = turnsOf(night).map(({ flow, i }) => `${ids[i]} ${intentOf(flow)}`);
      expect(told).toEqual(expect.arrayContaining(turns));
      const lost = new Set(night.chapters.flatMap((chapter, i) => (chapter.lost || night.chapters[i - 1]?.lost ? [String(ids[i])] : [])));
      expect(told.filter((line) => !turns.includes(line) && !lost.has(line.split(' ')[0]!))).toEqual([]);
    }, 120_000);
  });
});
