/** The map in a browser. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { takeSnapshot } from '../../src/operations/take-snapshot.ts';
import { startService } from '../doors/service.ts';
import { HOSTILE } from '../doors/small-estate.ts';
import { dbReaddressed, smallEstateWith } from './estates.ts';
import { accessibility, answering, NARROW, overflows, type Site, screenshot, startSite, until } from './site.ts';

const MARKUP = `<img src=x onerror="document.title='taken over'">`;
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const estate = () => smallEstateWith(inJson(HOSTILE), inJson(MARKUP));

let site: Site;
let page: Page;

beforeAll(async () => {
  const service = await startService(dbReaddressed());
  await takeSnapshot(service.context, { label: 'then' });
  service.setFacts(estate());
  site = await startSite(service);
  page = await site.open('/');
});
afterAll(() => site.stop());
afterEach(() => expect(site.complaints()).toEqual([]));

const go = (hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
const hash = () => page.evaluate('location.hash') as Promise<string>;
const outline = () => page.getByRole('navigation', { name: 'Everything on the map' });
const side = () => page.locator('aside');

test('who comes by sees what is there, what is wrong and what could not be read', async () => {
  await outline().getByRole('button', { name: /web/ }).waitFor();
  await page.locator('.canvas canvas').first().waitFor();
  expect(await outline().textContent()).toMatch(/h1.*appnet.*db.*web/s);
  await side().getByText('the engine did not answer within 5 s').first().waitFor();
  await screenshot(page, 'map');
});

test('a thing that is chosen shows its facts, and leads to a question', async () => {
  await outline()
    .getByRole('button', { name: /^db/ })
    .or(outline().getByRole('button', { name: /db/ }))
    .first()
    .click();
  await side().getByText('172.18.0.3').waitFor();
  await side().getByText('0.0.0.0:5432/tcp').waitFor();
  expect(await hash()).toBe('#/map?sel=container%3Ah1%2Fdb');
  await side()
    .getByRole('link', { name: /why to port 5432/ })
    .click();
  await until(page, `location.hash.startsWith('#/why?')`);
  expect(new URLSearchParams((await hash()).split('?')[1]).get('to')).toBe('db:5432');
  await page.goBack();
  await side().getByRole('heading', { name: 'db', exact: true }).waitFor();
});

test('networks and hosts have their facts too', async () => {
  await go('#/map?sel=network:h1/appnet');
  await side().getByText('172.18.0.0/16 (gateway 172.18.0.1)').waitFor();
  await side().getByRole('button', { name: 'web', exact: true }).waitFor();
  await go('#/map?sel=host:h1');
  await side().getByText('0.0.0.0:22/tcp').waitFor();
  await go('#/map?sel=container:h1/gone');
  await side().getByText('is not there now').waitFor();
});

test('names are text, whatever they hold', async () => {
  await go('#/map');
  await outline().getByText(MARKUP).click();
  await side().getByRole('heading', { name: MARKUP }).waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  await page.getByRole('combobox', { name: 'Search the map' }).fill('onerror');
  await page.getByRole('option', { name: /onerror/ }).waitFor();
  await page.keyboard.press('Escape');
  expect(await page.title()).toBe('netwhy');
  await page.getByRole('combobox', { name: 'Search the map' }).fill('');
});

test('by keys alone: search, choose, ask', async () => {
  await go('#/map');
  await outline().getByText('web').waitFor();
  await page.locator('body').click({ position: { x: 5, y: 795 } });
  await page.keyboard.press('/');
  await page.keyboard.type('web');
  await page.getByRole('option', { name: /^web/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await side().getByRole('heading', { name: 'web', exact: true }).waitFor();
  expect(await hash()).toContain('sel=container%3Ah1%2Fweb');
  await side().getByRole('link', { name: 'Why from here' }).focus();
  await page.keyboard.press('Enter');
  await until(page, `location.hash === '#/why?from=web'`);
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Keys and names').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  await until(page, `location.hash === '#/map'`);
});

test('filters and search are in the address', async () => {
  await go('#/map?host=h1&q=5432');
  await page.getByRole('combobox', { name: 'Host', exact: true }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Host', exact: true }).inputValue()).toBe('h1');
  expect(await page.getByRole('combobox', { name: 'Search the map' }).inputValue()).toBe('5432');
  await go('#/map?project=shop');
  await outline().getByText('web').waitFor();
  expect(await outline().getByText('db', { exact: true }).count()).toBe(0);
});

test('the map is of the moment that the address says', async () => {
  await go('#/map?sel=container:h1/db&at=1');
  await side().getByText('172.18.0.33').waitFor();
  await page.getByText('You look at the past').first().waitFor();
  await go('#/map?sel=container:h1/db');
  await side().getByText('172.18.0.3', { exact: true }).waitFor();
});

test('a click into the picture chooses what is there', async () => {
  await go('#/map?host=h2');
  await page.locator('.canvas canvas').first().waitFor();
  const { x, y, width, height } = (await page.locator('.canvas').boundingBox())!;
  await page.getByRole('button', { name: 'Fit' }).click();
  // Until the picture fits, nothing is there.
  for (let clicks = 0; clicks < 100 && !page.url().includes('sel=host%3Ah2'); clicks++) {
    await page.mouse.click(x + width / 2, y + height * 0.7);
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  }
  await side().getByRole('heading', { name: 'h2', exact: true }).waitFor();
});

test('a container that comes shows by itself', async () => {
  await go('#/map');
  await page.getByText('live', { exact: true }).waitFor();
  site.service.setFacts(smallEstateWith('"/db"', '"/database"'));
  await takeSnapshot(site.service.context, { label: null });
  await outline().getByText('database').waitFor();
  site.service.setFacts(estate());
  await takeSnapshot(site.service.context, { label: null });
  await outline().getByText('db', { exact: true }).waitFor();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([
    ['at 1280 pixels', undefined],
    ['at 390 pixels', NARROW],
  ] as const)('it is accessible and fits %s', async (_, viewport) => {
    const own = await site.open('/#/map?sel=container:h1/web', { colorScheme, ...(viewport && { viewport }) });
    await own.getByText('0.0.0.0:80/tcp').waitFor();
    expect(await accessibility(own)).toEqual([]);
    expect(await overflows(own)).toBe(false);
    if (viewport) expect(await own.locator('.canvas').count()).toBe(0);
    await screenshot(own, `map-${colorScheme}-${viewport ? 'narrow' : 'wide'}`);
    await own.context().close();
  });
});

describe('states', () => {
  test('an estate without hosts says how to begin', async () => {
    const data = {
      hosts: { nodes: [], gaps: [] },
      networks: { totalCount: 0, nodes: [] },
      containers: { totalCount: 0, nodes: [] },
      findings: { totalCount: 0, nodes: [] },
    };
    const none = await site.open('/#/map', {}, (context) => answering(context, 'Estate', () => ({ data })));
    await none.getByRole('heading', { name: 'No host is known yet' }).waitFor();
    await none.context().close();
  });

  test('an error shows its code and what to do', async () => {
    const errors = [{ message: 'Nothing could be read.', extensions: { code: 'COLLECTION_FAILED', hint: 'Is Docker running?', candidates: [] } }];
    const failed = await site.open('/#/map', {}, (context) => answering(context, 'Estate', () => ({ errors })));
    await failed.getByText('COLLECTION_FAILED').waitFor();
    await failed.getByText('Is Docker running?').waitFor();
    await failed.getByRole('button', { name: 'Try again' }).waitFor();
    expect(await accessibility(failed)).toEqual([]);
    await failed.context().close();
  });

  test('a service that asks for a token is given one, and none is kept beyond the tab', async () => {
    const refused = { errors: [{ message: 'A token is needed.', extensions: { code: 'UNAUTHENTICATED', hint: 'Give one.', candidates: [] } }] };
    const own = await site.open('/#/map', {}, async (context) => {
      await context.route('**/graphql', async (route) => {
        if (route.request().headers().authorization !== 'Bearer secret') return route.fulfill({ json: refused });
        const { query, variables } = route.request().postDataJSON() as { query: string; variables: Record<string, unknown> };
        return route.fulfill({ json: await site.service.graphql(query, variables) });
      });
    });
    await own.getByLabel('Token').fill('secret');
    expect(await accessibility(own)).toEqual([]);
    await own.getByRole('button', { name: 'Sign in' }).click();
    await own.getByRole('navigation', { name: 'Everything on the map' }).getByText('web').waitFor();
    expect(await own.evaluate('JSON.stringify([localStorage, document.cookie, location.href])')).not.toContain('secret');
    await own.context().close();
  });
});

test('the first picture is at most 300 kB, compressed', async () => {
  const sizes = new Map<string, Promise<number>>();
  const own = await site.open('/', {}, async (context) => {
    context.on('response', (response) => {
      if (/[.](js|css)$/.test(response.url()))
        sizes.set(
          response.url(),
          response.body().then((body) => gzipSync(body).length),
        );
    });
  });
  await own.locator('.canvas canvas').first().waitFor();
  const all = await Promise.all(sizes.values());
  expect([...sizes.keys()].some((url) => url.includes('Canvas'))).toBe(true);
  expect(all.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  await own.context().close();
});
