/** The tables in a browser. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { takeSnapshot } from '../../src/operations/take-snapshot.ts';
import { startService } from '../doors/service.ts';
import { smallEstate } from '../doors/small-estate.ts';
import { failedFact } from '../support/estate.ts';
import { manyRules, smallEstateWith } from './estates.ts';
import { accessibility, answering, NARROW, overflows, type Site, screenshot, startSite, until } from './site.ts';

let site: Site;
let page: Page;

const MANY = 10_000;

beforeAll(async () => {
  const service = await startService(smallEstate());
  // 1: as it is; 2: with many rules; 3: names that a spreadsheet would take for formulas; 4: a host that cannot be read.
  for (const facts of [smallEstate(), manyRules(MANY), smallEstateWith('"/db"', '"/=2+5"'), withoutHostTwo()]) {
    service.setFacts(facts);
    await takeSnapshot(service.context, {});
  }
  service.setFacts(stale());
  site = await startSite(service);
  page = await site.open('/#/tables');
});
afterAll(() => site.stop());
afterEach(() => expect(site.complaints()).toEqual([]));

/** A port is translated to an address that nobody has. */
const stale = () => smallEstateWith('--to-destination 172.18.0.2:80', '--to-destination 172.18.0.99:80');

const withoutHostTwo = () =>
  smallEstate().map((host) =>
    host.host === 'h2' ? { ...host, facts: host.facts.map(({ source, netns }) => failedFact(source, 'no route to host', netns)) } : host,
  );

const go = async (hash: string) => {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
};
const cell = (name: string | RegExp) => page.getByRole('gridcell', typeof name === 'string' ? { name, exact: true } : { name });
const rows = () => page.locator('tbody tr');
const column = async (nth: number) => page.locator(`tbody tr td:nth-child(${nth})`).allTextContents();
const clipboard = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>;

test.each([
  ['Findings', /172\.18\.0\.99 in network appnet/],
  ['Hosts', 'h2'],
  ['Networks', 'appnet'],
  ['Endpoints', '172.18.0.3'],
  ['Containers', '0.0.0.0:8080 → 80/tcp'],
  ['NAT rules', '172.18.0.99:80'],
  ['Filter rules', 'DOCKER-USER'],
  ['Routes', '172.18.0.0/16'],
  ['Listeners', '5432'],
] as const)('%s', async (title, holds) => {
  await page.getByRole('navigation', { name: 'Tables' }).getByRole('link', { name: title, exact: true }).click();
  await page.getByRole('link', { name: title, exact: true, current: 'page' } as never).waitFor();
  await cell(holds).first().waitFor();
});

test('words are looked for in all columns, and the address keeps them', async () => {
  await go('#/tables/containers');
  await cell('web').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('shop 8080');
  await page.getByText('1–1 of 1 that fit, of 3').waitFor();
  expect(await page.evaluate('location.hash')).toBe('#/tables/containers?q=shop+8080');
  await page.getByRole('searchbox').fill('nowhere');
  await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
});

test('a column sorts upwards, downwards and not at all; numbers as numbers', async () => {
  await go('#/tables/filterRules');
  const packets = page.getByRole('button', { name: 'Packets' });
  await packets.click();
  await until(page, `document.querySelector('[aria-sort=ascending]')`);
  const upwards = (await column(6)).filter(Boolean).map(Number);
  expect(upwards).toEqual([...upwards].sort((a, b) => a - b));
  await packets.click();
  await until(page, `document.querySelector('[aria-sort=descending]')`);
  expect(await page.evaluate('location.hash')).toBe('#/tables/filterRules?sort=-Packets');
  const downwards = (await column(6)).filter(Boolean).map(Number);
  expect(downwards).toEqual([...upwards].reverse());
  await packets.click();
  await until(page, `!document.querySelector('[aria-sort]')`);
});

test('the service filters by what a cell does not say: the subnet that holds an address', async () => {
  await go('#/tables/networks');
  await cell('appnet').waitFor();
  await page.getByText('Filter', { exact: true }).click();
  await page.getByLabel('Address').fill('172.18.77.1');
  await page.keyboard.press('Enter');
  await page.getByText('1–1 of 1').waitFor();
  expect(await column(2)).toEqual(['appnet']);
  expect(await page.evaluate('location.hash')).toBe('#/tables/networks?address=172.18.77.1');
  await page.getByText('Filter: Address 172.18.77.1').waitFor();
});

test('a filter that is none is told of', async () => {
  await go('#/tables/containers?port=many');
  await page.getByRole('heading', { name: /many/ }).waitFor();
  expect(site.complaints()).toEqual([expect.stringContaining('400')]);
});

test('ten thousand rules: all are there to be searched and sorted, a hundred are drawn', async () => {
  await go('#/tables/filterRules?at=2');
  await page.getByText(/^1–100 of 10,\d{3}$/).waitFor();
  expect(await rows().count()).toBe(100);
  await page.getByRole('button', { name: 'Next ›' }).click();
  await page.getByText(/^101–200 of 10,\d{3}$/).waitFor();
  const took = (await page.evaluate(`new Promise((resolve) => {
    const begun = performance.now();
    location.hash = '#/tables/filterRules?at=2&q=10.0.38.15/32';
    const look = () => document.querySelectorAll('tbody tr').length === 1 ? resolve(performance.now() - begun) : requestAnimationFrame(look);
    look();
  })`)) as number;
  process.stdout.write(`search in ${MANY} rules: ${Math.round(took)} ms\n`);
  expect(took).toBeLessThan(5000);
});

describe('taken elsewhere', () => {
  test('by keys: arrows go from cell to cell, c copies one, r its row', async () => {
    await go('#/tables/endpoints?sort=Container');
    await cell('172.18.0.3').waitFor();
    const line = rows().filter({ hasText: '172.18.0.3' });
    await line.locator('td').first().focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('c');
    await page.getByText('The cell is copied').waitFor();
    expect(await clipboard()).toBe('172.18.0.3');
    await page.keyboard.press('r');
    await page.getByText('The row is copied').waitFor();
    expect((await clipboard()).split('\t').slice(0, 4)).toEqual(['h1', 'db', 'appnet', '172.18.0.3']);
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate(`document.activeElement.tagName`)).toBe('TD');
  });

  test('by a button: a row, or all that fit', async () => {
    await go('#/tables/containers?q=db');
    await page.getByRole('button', { name: 'Copy row 1' }).click();
    await page.getByText('The row is copied').waitFor();
    expect(await clipboard()).toMatch(/^h1\tdb\trunning\t/);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('1 row copied').waitFor();
    expect((await clipboard()).split('\n').map((line) => line.split('\t')[1])).toEqual(['Name', 'db']);
  });

  test('as CSV that a spreadsheet takes for text', async () => {
    await go('#/tables/containers?at=3');
    await cell('=2+5').waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
    expect(file.suggestedFilename()).toBe('netwhy-containers-3.csv');
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toMatch(/^Host,Name,State,/);
    expect(text).toMatch(/\r\nh1,'=2\+5,running,/);
    // Quotes are doubled, and a line end in a name stays in its cell.
    expect(text).toMatch(/"evil[^\r]*""<b>\n"/);
    expect(text.endsWith('\r\n')).toBe(true);
  });
});

test('a name that is hostile is shown as it is written', async () => {
  await go('#/tables/containers');
  await cell('evil\\u{1b}[31m\\u{202e}"<b>\\u{a}').waitFor();
});

describe('what could not be read', () => {
  test('stands above', async () => {
    await go('#/tables/containers');
    await page.getByText('Something could not be read and may be missing here: one fact of h2').waitFor();
    await page.getByText('the engine did not answer within 5 s').waitFor();
  });

  test('with the last known state of a host of which nothing is left', async () => {
    await go('#/tables/hosts?at=4');
    const last = page.getByRole('button', { name: /^Last known: snapshot 3/ });
    await last.or(page.locator('.notice summary')).first().waitFor();
    if (!(await last.isVisible())) await page.locator('.notice summary').click();
    await last.click();
    await until(page, `location.hash === '#/tables/hosts?at=3'`);
  });
});

test('a row leads to the question and to the map', async () => {
  await go('#/tables/listeners?at=1&q=5432');
  const link = page.getByRole('link', { name: 'Why reach h1/db:5432' });
  await link.waitFor();
  expect(await link.getAttribute('href')).toBe('#/why?to=h1%2Fdb%3A5432&at=1');
  expect(await page.getByRole('link', { name: 'Map of container:h1/db' }).getAttribute('href')).toBe('#/map?sel=container%3Ah1%2Fdb&at=1');
});

test.each([
  ['COLLECTION_FAILED', 'No host could be read.', 'Try again'],
  ['UNAUTHENTICATED', 'A token is needed.', 'Sign in'],
])('%s is told, with what to do', async (code, message, button) => {
  const failed = await site.open('/#/tables/routes', {}, (context) => answering(context, 'RouteRows', () => ({ errors: [{ message, extensions: { code } }] })));
  await failed.getByText(message).first().waitFor();
  await failed.getByRole('button', { name: button }).first().waitFor();
  await failed.context().close();
});

test('a table without rows says so', async () => {
  await go('#/tables/networks?driver=macvlan');
  await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
});

test.each(['light', 'dark'] as const)('everybody can use it, %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  for (const table of ['containers', 'natRules', 'findings']) {
    await go(`#/tables/${table}`);
    await rows().first().waitFor();
    await screenshot(page, `tables-${table}-${colorScheme}`);
    expect(await accessibility(page)).toEqual([]);
  }
});

test('it fits a telephone: the table alone scrolls', async () => {
  await page.setViewportSize(NARROW);
  await go('#/tables/natRules?at=1');
  await rows().first().waitFor();
  await screenshot(page, 'tables-narrow');
  expect(await overflows(page)).toBe(false);
  expect(await accessibility(page)).toEqual([]);
});
