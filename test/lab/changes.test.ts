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
import { type Chapter, type Flow, live, type Story } from './story.ts';
import { HOSTS } from './world.ts';

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

/** No fact can tell of a flow in a chapter: a host was not read, or what is done there opens the flow. */
const isOpen = ({ deed, lost, host }: Chapter, { text }: Flow) => lost !== null || (deed?.open?.test(text) === true && text.includes(host));

/** Flows that stopped or began to work, with the place of the chapter in which they did; those of which no fact can tell aside. */
function turnsOf({ flows, chapters }: Story): { readonly flow: Flow; readonly i: number; readonly works: boolean }[] {
  return chapters.flatMap((chapter, i) => {
    const before = chapters[i - 1];
    if (!before) return [];
    const told = flows.filter((flow) => !isOpen(chapter, flow) && !isOpen(before, flow));
    const works = (flow: Flow) => chapter.works.get(flow.text) === true;
    return told.flatMap((flow) => (works(flow) === (before.works.get(flow.text) === true) ? [] : [{ flow, i, works: works(flow) }]));
  });
}

/** Whether a set of flows has this one. */
function holds({ sources, targets, protocol, ports, otherPorts }: any, { question: { from, to, port } }: Flow): boolean {
  const is = (reference: string) => (place: any) => (place.kind === 'host' ? `host:${place.name}` : place.name) === reference;
  return protocol === 'tcp' && (ports.includes(port) || otherPorts) && sources.some(is(from)) && targets.some(is(to));
}

const define = (fresh: () => Promise<string>) => {
  describe('a night of changes', () => {
    let night: Story;
    let service: Service;
    let hook: Webhook;
    /** What costs seconds is asked of each second chapter, and of fewer where the same answers come from another database. */
    let every = 2;
    /** Of the snapshot after each chapter. */
    const ids: number[] = [];

    beforeAll(async () => {
      night = await story();
      hook = await listen();
      const url = await fresh();
      every = url.startsWith('file:') ? 2 : 3;
      service = await startService(night.chapters[0]!.facts, url, {
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
      for (const [i, chapter] of night.chapters.entries()) {
        const { works, deed, host } = chapter;
        const { intents } = await get(`/intents?at=${ids[i]}`);
        const states = new Map<string, string>(intents.map(({ finding }: any) => [finding.intent, finding.state]));
        for (const flow of night.flows) {
          const state = states.get(intentOf(flow));
          const saw = works.get(flow.text) ? 'HOLDS' : 'BROKEN';
          if (state !== saw && !(isOpen(chapter, flow) && state === 'UNKNOWN')) wrong.push({ host, deed: deed?.name, flow: flow.text, state, saw });
        }
      }
      expect(wrong).toEqual([]);
    }, 60_000);

    test('the flows that a diff says changed are those of which packets tell, and no others of them', async () => {
      const wrong: unknown[] = [];
      const all = turnsOf(night);
      for (const i of [...new Set(all.map((turn) => turn.i))].filter((_, n) => n % every === 0)) {
        const { items, hasNextPage } = await get(`/diff/flows?from=${ids[i - 1]}&to=${ids[i]}&first=1000`);
        expect(hasNextPage).toBe(false);
        for (const flow of night.flows) {
          if (isOpen(night.chapters[i]!, flow) || isOpen(night.chapters[i - 1]!, flow)) continue;
          const turn = all.find((one) => one.i === i && one.flow === flow);
          const found = items.find((item: any) => holds(item, flow));
          const says = found && (found.after === 'REACHABLE' ? true : found.before === 'REACHABLE' ? false : undefined);
          if (says !== turn?.works)
            wrong.push({ deed: night.chapters[i]!.deed?.name, host: night.chapters[i]!.host, flow: flow.text, works: turn?.works, found });
        }
      }
      expect(wrong).toEqual([]);
    }, 600_000);

    test('since when and by what is when it turned, and what was done then', async () => {
      const wrong: unknown[] = [];
      // One flow of each change: the search is the same for the others.
      const first = new Map(turnsOf(night).map((turn) => [turn.i, turn]));
      for (const { flow, i, works } of [...first.values()].filter((_, n) => n % every === 0)) {
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
      const open = night.chapters.flatMap((chapter, i) =>
        night.flows.flatMap((flow) => (isOpen(chapter, flow) || (i > 0 && isOpen(night.chapters[i - 1]!, flow)) ? [`${ids[i]} ${intentOf(flow)}`] : [])),
      );
      expect(told.filter((line) => !turns.includes(line) && !open.includes(line))).toEqual([]);
    }, 120_000);
  });
};

// Databases are started for a night that can be lived alone.
if (labPossible()) await onEachDatabase(define);
else test.skip('a night of changes', () => {});
