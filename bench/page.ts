/** From the address to a map of 200 containers that can be used, in a browser on loopback, beside a page of one word. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeRecording } from '../src/collectors/recording.ts';
import { loadConfig } from '../src/config.ts';
import { openApp } from '../src/main.ts';
import { createServer } from '../src/server.ts';
import { syntheticEstate } from '../test/support/synthetic-estate.ts';
import { launch, WIDE } from '../test/web/site.ts';
import { median } from './measure.ts';
import type { Row } from './section.ts';

const CONTAINERS = 200;
const ROUNDS = 8;
const WORD = '<!doctype html><title>word</title><p>word';

export async function page(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-bench-page-'));
  const recording = path.join(folder, 'estate');
  await writeRecording(recording, syntheticEstate({ hosts: 1, containers: CONTAINERS, networks: 5 }));
  const config = await loadConfig(undefined, { DATABASE_URL: `file:${path.join(folder, 'page.db')}` });
  const app = openApp(config, { recording });
  const server = await createServer(app);
  server.app.get('/one-word', async (_, reply) => reply.type('text/html').send(WORD));
  const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await launch();
  /** Milliseconds by the page's own clock, in a browser that was never here. */
  const open = async (where: string, ...seen: readonly string[]): Promise<number> => {
    const context = await browser.newContext({ viewport: WIDE });
    const opened = await context.newPage();
    await opened.goto(`${address}${where}`, { waitUntil: 'commit' });
    await Promise.all(seen.map((selector) => opened.waitForSelector(selector)));
    const took = await opened.evaluate(() => performance.now());
    await context.close();
    return took;
  };
  try {
    const map: number[] = [];
    const word: number[] = [];
    // The first finds no code compiled and no model built.
    for (let round = 0; round <= ROUNDS; round++) {
      map.push(await open('/#/map', 'canvas', `text=${CONTAINERS} containers`, 'nav.outline >> text=c0'));
      word.push(await open('/one-word', 'text=word'));
    }
    const beside = { what: 'a page of one word', value: median(word.slice(1)) };
    return [{ what: `the map of ${CONTAINERS} containers, from its address`, unit: 'ms', value: median(map.slice(1)), beside, bar: 1000 }];
  } finally {
    await browser.close();
    await server.stop();
    await app.close();
    rmSync(folder, { recursive: true });
  }
}
