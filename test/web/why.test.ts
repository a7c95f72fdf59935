/** The answer in a browser. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { takeSnapshot } from '../../src/operations/take-snapshot.ts';
import { startService } from '../doors/service.ts';
import { HOSTILE, smallEstate } from '../doors/small-estate.ts';
import { dbOnLoopback, smallEstateWith } from './estates.ts';
import { accessibility, answering, NARROW, overflows, type Site, screenshot, startSite, until } from './site.ts';

const MARKUP = `<img src=x onerror=alert(1)>`;
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

let site: Site;
let page: Page;

beforeAll(async () => {
  const service = await startService(smallEstate());
  await takeSnapshot(service.context, { label: 'worked' });
  service.setFacts(dbOnLoopback());
  await takeSnapshot(service.context, { label: 'broke' });
  site = await startSite(service);
  page = await site.open('/#/why');
});
afterAll(() => site.stop());
afterEach(() => expect(site.complaints()).toEqual([]));

const go = (hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
const hash = () => page.evaluate('location.hash') as Promise<string>;
const verdict = () => page.locator('.verdict');

test('who has no question is given some of this estate', async () => {
  await page.getByRole('link', { name: /→ db:5432/ }).click();
  await verdict().getByText('It does not work').waitFor();
});

test('by keys alone: names and ports complete, and the address is the question', async () => {
  await go('#/why');
  await page.getByText('Who cannot reach whom?').waitFor();
  await page.locator('body').click({ position: { x: 5, y: 795 } });
  await page.keyboard.press('/');
  await page.keyboard.type('we');
  await page.getByRole('option', { name: /^web/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(page, `document.activeElement.getAttribute('aria-expanded') !== null && document.activeElement.value === ''`);
  await page.keyboard.type('db:');
  await page.getByRole('option', { name: /^db:5432/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await verdict().getByText('It does not work').waitFor();
  expect(await hash()).toBe('#/why?from=web&to=db%3A5432');
});

test('an address that was sent shows verdict, cause, and where on the path it stops, with the lines that say so', async () => {
  const sent = await site.open('/#/why?from=web&to=db:5432');
  await sent.getByRole('heading', { name: 'It does not work' }).waitFor();
  expect(await sent.getByRole('combobox', { name: 'To' }).inputValue()).toBe('db:5432');
  expect(await sent.locator('.verdict').textContent()).toMatch(/web cannot reach db.*127\.0\.0\.1/);
  const path = sent.getByRole('region', { name: 'The path' });
  expect(await path.locator('li.stopped').first().textContent()).toMatch(/db.*stopped here/);
  await sent.getByText('stops here:').waitFor();
  expect(await sent.locator('.step.stops').textContent()).toContain('5432');
  await screenshot(sent, 'why-unreachable');
  await sent.context().close();
});

test('what works shows the way there and the way back, and its steps open their evidence', async () => {
  await go('#/why?from=host:h1&to=web:80');
  await verdict().getByText('It works').waitFor();
  await page.getByRole('heading', { name: 'The way back' }).waitFor();
  await page.locator('.step details').first().locator('summary').click();
  expect(await page.locator('.step details[open] .evidence').first().textContent()).toMatch(/h1.*ip\.route.*read/);
  expect(await page.locator('.stopped').count()).toBe(0);
});

test('since when is told on demand, with the change that did it', async () => {
  await go('#/why?from=web&to=db:5432');
  await page.getByRole('button', { name: 'Since when is it so?' }).click();
  const since = page.locator('section', { has: page.getByRole('heading', { name: 'Since when' }) });
  await since.getByText('Undoing these changes alone turns the answer back').waitFor();
  expect(await since.textContent()).toContain('127.0.0.1:5432');
  expect(await since.getByRole('link').getAttribute('href')).toBe('#/time?from=1&to=2');
});

test('a question is about the moment that the address says', async () => {
  await go('#/why?from=web&to=db:5432&at=1');
  await verdict().getByText('It works').waitFor();
  await go('#/why?from=web&to=db:5432&at=2');
  await verdict().getByText('It does not work').waitFor();
});

test('a rule that stops it is seen in its chain', async () => {
  site.service.setFacts(smallEstateWith('-s 10.0.0.66/32 -j DROP', '-s 172.18.0.2/32 -j DROP'));
  await go('#/why?from=web&to=10.0.0.2:80');
  await page.getByText('see it in its chain').first().click();
  await page.locator('.rules .this').waitFor();
  expect(await page.locator('.rules .this').textContent()).toMatch(/1.*DOCKER-USER -s 172\.18\.0\.2\/32 -j DROP.*2/);
  site.service.setFacts(dbOnLoopback());
});

test('a name that nothing has offers the nearest ones, at the end that it is of', async () => {
  await go('#/why?from=webb&to=db:5432');
  await page.getByText('UNKNOWN_ENDPOINT').waitFor();
  await page.getByRole('button', { name: 'web', exact: true }).click();
  expect(await hash()).toBe('#/why?from=web&to=db%3A5432');
  await go('#/why?from=web&to=host:h9:5432');
  await page.getByRole('button', { name: /h1/ }).first().click();
  expect(new URLSearchParams((await hash()).split('?')[1]).get('to')).toBe('host:h1:5432');
});

test('what is missing to tell is said', async () => {
  await go('#/why?from=web&to=db:5432');
  const answer = { verdict: 'UNDETERMINED', needs: ['Read the rules of h1 as root.'], symptom: 'UNKNOWN', disposition: 'INSUFFICIENT_INFORMATION' };
  const rest = { summary: 'web may reach db.', cause: null, blockers: [], reply: null, caveats: [{ code: 'X', text: 'Its MTU is 1500.' }], remedies: [] };
  const question = { from: 'web', to: 'db', protocol: 'TCP', port: 1 };
  const forward = { disposition: 'INSUFFICIENT_INFORMATION', hops: [] };
  const reachability = { ...answer, ...rest, question, forward };
  const own = await site.open('/#/why?from=web&to=db:1', {}, (context) => answering(context, 'Why', () => ({ data: { reachability } })));
  await own.getByText('It cannot be told').waitFor();
  await own.getByText('Read the rules of h1 as root.').waitFor();
  await own.getByText('Its MTU is 1500.').waitFor();
  expect(await accessibility(own)).toEqual([]);
  await own.context().close();
});

test('names are text, whatever they hold', async () => {
  site.service.setFacts(smallEstateWith(inJson(HOSTILE), inJson(MARKUP)));
  await go(`#/why?from=web&to=${encodeURIComponent(MARKUP)}`);
  await page.getByText(MARKUP).first().waitFor();
  await go(`#/why?${new URLSearchParams({ from: MARKUP, to: '"><script>alert(1)</script>' })}`);
  await page.getByRole('alert').or(verdict()).first().waitFor();
  expect(await page.locator('main img, main script').count()).toBe(0);
  site.service.setFacts(dbOnLoopback());
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([
    ['at 1280 pixels', undefined],
    ['at 390 pixels', NARROW],
  ] as const)('it is accessible and fits %s', async (_, viewport) => {
    const own = await site.open('/#/why?from=web&to=db:5432', { colorScheme, ...(viewport && { viewport }) });
    await own.getByRole('heading', { name: 'It does not work' }).waitFor();
    expect(await accessibility(own)).toEqual([]);
    expect(await overflows(own)).toBe(false);
    await screenshot(own, `why-${colorScheme}-${viewport ? 'narrow' : 'wide'}`);
    await own.context().close();
  });
});
