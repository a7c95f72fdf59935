/** A process that stays asks an engine only for what changed, and gets what it would get by asking for everything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, globalAgent, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dockerFacts } from '../../src/collectors/docker/collect.ts';
import { type Watch, watchEngine } from '../../src/collectors/docker/watch.ts';
import { HostWatches } from '../../src/collectors/host-watches.ts';
import { collectEstate } from '../../src/collectors/index.ts';

interface Fake {
  status: string;
  restart: string;
  health: string;
}

const idOf = (i: number) => i.toString(16).padStart(64, '0');

/** An engine whose containers are what a test says they are. */
class Engine {
  readonly containers = new Map<string, Fake>();
  readonly inspected: string[] = [];
  component = 'Engine';
  /** Called before a list or an inspection is answered. */
  before: (path: string) => Promise<void> | void = () => {};
  readonly #streams = new Set<ServerResponse>();
  readonly #server: Server;

  constructor(count: number) {
    for (let i = 0; i < count; i++) this.containers.set(idOf(i), { status: 'Up 2 hours', restart: 'no', health: 'healthy' });
    this.#server = createServer(async (request, response) => {
      const path = (request.url ?? '').replace(/\?.*/, '');
      await this.before(path);
      if (path === '/events') {
        response.writeHead(200).flushHeaders();
        this.#streams.add(response);
        return;
      }
      const [, id] = /^\/containers\/(\w{64})\/json$/.exec(path) ?? [];
      if (id !== undefined) this.inspected.push(id);
      const body = this.#answer(path, id);
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body ?? { message: 'no such thing' }));
    });
  }

  #answer(path: string, id: string | undefined): unknown {
    if (path === '/version') return { Version: '28.5.2', ApiVersion: '1.51', Components: [{ Name: this.component }] };
    if (path === '/info') return { ID: 'e', Name: 'h' };
    if (path === '/networks') return [];
    if (path === '/containers/json') return [...this.containers].map(([Id, { status }]) => ({ Id, Status: status }));
    const fake = this.containers.get(id ?? '');
    return (
      fake && {
        Id: id,
        Name: `/${id}`,
        State: { Status: fake.status, Health: { Status: fake.health } },
        HostConfig: { RestartPolicy: { Name: fake.restart } },
      }
    );
  }

  listen(socket: string): Promise<void> {
    return new Promise((resolve) => this.#server.listen(socket, resolve));
  }

  tell(Type: string, Action: string, ID: string, Attributes: Record<string, string> = {}): void {
    for (const stream of this.#streams) stream.write(`${JSON.stringify({ Type, Action, Actor: { ID, Attributes } })}\n`);
  }

  endEvents(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    // Connections that are kept for later have heard of it too.
    while (Object.keys(globalAgent.freeSockets).length > 0) await new Promise(setImmediate);
  }
}

let folder: string;
let engine: Engine;
let watch: Watch | null;
let heard: () => void;
const endpoint = () => `unix://${join(folder, 'docker.sock')}`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'netwhy-watches-'));
  engine = new Engine(4);
  watch = null;
  heard = () => {};
  await engine.listen(join(folder, 'docker.sock'));
});
afterEach(async () => {
  watch?.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

const open = async () => {
  watch = await watchEngine({ endpoint: endpoint(), root: '/', timeoutMs: 5000, remember: true, onChange: () => heard() });
  return watch;
};
/** Resolves when the watch has heard of it. */
const event = (...what: Parameters<Engine['tell']>) =>
  new Promise<void>((resolve) => {
    heard = resolve;
    engine.tell(...what);
  });
const containers = async (known: Watch | null) => {
  known?.changes();
  engine.inspected.length = 0;
  const facts = await dockerFacts({ endpoint: endpoint(), root: '/', timeoutMs: 5000, known: known?.inspections ?? null });
  return { data: facts.find(({ source }) => source === 'docker.containers')!.data, asked: [...engine.inspected] };
};
const change = (i: number, to: Partial<Fake>) => Object.assign(engine.containers.get(idOf(i))!, to);

/** What is remembered is what asking for everything brings. */
async function same(): Promise<string[]> {
  const { data, asked } = await containers(watch);
  expect(data).toBe((await containers(null)).data);
  return asked.sort();
}

test('an engine at which nothing happened is asked for no container a second time', async () => {
  await open();
  expect(await same()).toHaveLength(4);
  expect(await same()).toEqual([]);
});

describe('a container is asked for again', () => {
  beforeEach(async () => {
    await open();
    await same();
  });

  test.each([
    ['when it was updated', 'container', 'update', {}],
    ['when its health changed', 'container', 'health_status: unhealthy', {}],
    ['when something happened to it that nobody has heard of yet', 'container', 'frobnicate', {}],
  ])('%s', async (_when, type, action, attributes) => {
    change(1, { restart: 'always', health: 'unhealthy' });
    await event(type, action, idOf(1), attributes);
    expect(await same()).toEqual([idOf(1)]);
    expect(await same()).toEqual([]);
  });

  test('when it is connected to a network', async () => {
    change(2, { restart: 'always' });
    await event('network', 'connect', 'net', { container: idOf(2), name: 'front' });
    expect(await same()).toEqual([idOf(2)]);
  });

  test('when the list tells something else of it', async () => {
    change(3, { status: 'Exited (0) 1 second ago' });
    expect(await same()).toEqual([idOf(3)]);
  });

  test('when it is new', async () => {
    engine.containers.set(idOf(9), { status: 'Created', restart: 'no', health: 'none' });
    engine.containers.delete(idOf(0));
    expect(await same()).toEqual([idOf(9)]);
  });

  test('not when a command is run in it', async () => {
    await event('container', 'exec_start: sh', idOf(1));
    expect(await same()).toEqual([]);
  });

  test('when it could not be asked for', async () => {
    const gone = engine.containers.get(idOf(1))!;
    await event('container', 'update', idOf(1));
    engine.before = (path) => void (path.includes(idOf(1)) && engine.containers.delete(idOf(1)));
    await containers(watch);
    engine.before = () => {};
    engine.containers.set(idOf(1), gone);
    expect(await same()).toContain(idOf(1));
  });

  test('with all others when a network goes, the engine is set up anew, or its events make no sense', async () => {
    for (const [type, action] of [
      ['network', 'destroy'],
      ['daemon', 'reload'],
      ['container', ''],
    ] as const) {
      await (action === '' ? event(type, 7 as never, idOf(1)) : event(type, action, 'x'));
      expect(await same()).toHaveLength(4);
      expect(await same()).toEqual([]);
    }
  });

  test('when it changes while it is asked for', async () => {
    await event('container', 'update', idOf(1));
    // The answer is made before the change, and arrives after the event.
    engine.before = async (path) => {
      if (!path.includes(idOf(1))) return;
      engine.before = () => {};
      await event('container', 'update', idOf(1));
    };
    await containers(watch);
    change(1, { restart: 'always' });
    expect(await same()).toEqual([idOf(1)]);
  });

  test('with all others when the list of events ended', async () => {
    const ended = new Promise<void>((resolve) => {
      heard = resolve;
    });
    engine.endEvents();
    await ended;
    expect(watch?.problem()).toMatch(/ended its list of events/);
    expect(await same()).toHaveLength(4);
    expect(await same()).toHaveLength(4);
  });
});

test('what changes while it is taken from memory is said, so that the host is read again', async () => {
  const { changes } = await open();
  await same();
  await containers(watch);
  await event('container', 'update', idOf(1), { name: 'web' });
  expect(changes()).toEqual(['container web: update']);
  await event('container', 'update', idOf(1), { name: 'web' });
  expect(changes()).toEqual([]);
});

test('an engine that is not Docker may not tell all, and is asked for everything', async () => {
  engine.component = 'Podman Engine';
  await open();
  for (let i = 0; i < 2; i++) expect(await same()).toHaveLength(4);
});

test('whatever happens, what is remembered is what asking for everything brings', async () => {
  await open();
  const step = fc.record({
    i: fc.nat({ max: 3 }),
    what: fc.constantFrom('update', 'status', 'health', 'gone', 'exec', 'nothing', 'events end'),
    value: fc.constantFrom('a', 'b', 'c'),
  });
  const happen = async ({ i, what, value }: { i: number; what: string; value: string }) => {
    if (!engine.containers.has(idOf(i))) {
      engine.containers.set(idOf(i), { status: value, restart: 'no', health: 'healthy' });
      return event('container', 'create', idOf(i));
    }
    if (what === 'update') {
      change(i, { restart: value });
      await event('container', 'update', idOf(i));
    } else if (what === 'status') change(i, { status: value });
    else if (what === 'health') {
      change(i, { health: value });
      await event('container', `health_status: ${value}`, idOf(i));
    } else if (what === 'gone') {
      engine.containers.delete(idOf(i));
      await event('container', 'destroy', idOf(i));
    } else if (what === 'exec') await event('container', 'exec_die', idOf(i));
    else if (what === 'events end') {
      watch?.close();
      change(i, { restart: value });
      await open();
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      for (const one of steps) await happen(one);
      await same();
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('an estate is watched between its readings, and from anew when the engine was gone', async () => {
  const watches = new HostWatches();
  const config = { name: 'h', docker: endpoint(), namespaceOf: 999_999_999, netnsFolders: [] };
  const read = async () => {
    engine.inspected.length = 0;
    const [host] = await collectEstate([config], { watches });
    const { status, reason } = host!.facts.find(({ source }) => source === 'docker.containers')!;
    return { asked: engine.inspected.length, status, reason };
  };
  try {
    expect(await read()).toEqual({ asked: 4, status: 'ok', reason: undefined });
    expect(await read()).toEqual({ asked: 0, status: 'ok', reason: undefined });
    await engine.close();
    expect(await read()).toEqual({ asked: 0, status: 'failed', reason: expect.stringMatching(/no Docker at/) });
    engine = new Engine(4);
    await engine.listen(join(folder, 'docker.sock'));
    expect(await read()).toEqual({ asked: 4, status: 'ok', reason: undefined });
    expect(await read()).toEqual({ asked: 0, status: 'ok', reason: undefined });
  } finally {
    watches.close();
  }
});
