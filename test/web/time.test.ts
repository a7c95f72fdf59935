/** The line of time in a browser. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { parseIntent } from '../../src/intents/parse.ts';
import { takeSnapshot } from '../../src/operations/take-snapshot.ts';
import { startService } from '../doors/service.ts';
import { changedEstate, smallEstate } from '../doors/small-estate.ts';
import { dbOnLoopback, dbReaddressed } from './estates.ts';
import { accessibility, answering, NARROW, overflows, type Site, screenshot, startSite, until } from './site.ts';

let site: Site;
/** One page that is used again: opening one takes longer than most tests. */
let page: Page;

const LABEL = '<img src=x onerror=alert(1)>';

beforeAll(async () => {
  const intents = ['web must reach db:5432'].map((text) => parseIntent(text, 'test'));
  const service = await startService(smallEstate(), undefined, { intents, targets: [] });
  for (const [facts, label] of [
    [smallEstate(), null],
    [smallEstate(), LABEL],
    [dbOnLoopback(), null],
    [changedEstate(), null],
    [dbReaddressed(), 'newest'],
  ] as const) {
    service.setFacts(facts);
    await takeSnapshot(service.context, { label });
  }
  service.setFacts(smallEstate());
  site = await startSite(service);
  page = await site.open('/#/time');
});
afterAll(() => site.stop());
afterEach(() => expect(site.complaints()).toEqual([]));

const go = async (hash: string) => {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
};
const moment = (id: number) => page.getByRole('button', { name: new RegExp(`, snapshot ${id}:`) });
const changes = () => page.getByRole('region', { name: 'What changed' });
const flows = () => page.getByRole('region', { name: 'Who reaches whom now' });
const hash = () => page.evaluate('location.hash') as Promise<string>;

test('a person who comes by sees the last change, summary first, and both ends of it on the line', async () => {
  await go('#/time');
  await changes().getByText('db moved').first().waitFor();
  expect(await changes().locator('p').first().textContent()).toMatch(/moved.*\./);
  expect(await page.locator('.line button').count()).toBe(5);
  expect(await page.locator('.line [data-end=to]').getAttribute('aria-label')).toMatch(/snapshot 5: changes of .*“newest”/);
  expect(await page.locator('.line [data-end=from]').getAttribute('aria-label')).toMatch(/snapshot 4/);
});

test('a moment that is chosen tells what it brought, and which flows turned by it, with witness and cause', async () => {
  await go('#/time');
  await moment(3).click();
  await flows().getByText('1 flow').or(flows().getByText('flows closed')).first().waitFor();
  expect(await hash()).toBe('#/time?from=2&to=3');
  const flow = flows().locator('li article').first();
  expect(await flow.textContent()).toMatch(/web.*→.*db.*tcp 5432.*reachable.*unreachable/);
  expect(await flow.textContent()).toContain('Undoing this, and nothing else, turns it back');
  expect(await flow.textContent()).toContain('127.0.0.1:5432');
  const why = await flow.getByRole('link', { name: 'why after' }).getAttribute('href');
  expect(new URLSearchParams(why!.split('?')[1]).get('to')).toMatch(/db:5432$/);
  expect(new URLSearchParams(why!.split('?')[1]).get('at')).toBe('3');
  await screenshot(page, 'time-flows');
});

test('by keys alone: arrows go along the line, Enter chooses, Shift+Enter compares', async () => {
  await go('#/time?from=2&to=3');
  await page.locator('.line [data-end=to]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await until(page, `location.hash === '#/time?from=3&to=4'`);
  await page.keyboard.press('Home');
  await page.keyboard.down('Shift');
  await page.keyboard.press('Enter');
  await page.keyboard.up('Shift');
  await until(page, `location.hash === '#/time?from=1&to=4'`);
  await page.keyboard.press('End');
  expect(await page.evaluate(`document.activeElement.getAttribute('aria-label')`)).toMatch(/snapshot 5/);
});

test('changes are filtered by kind and by container, and the address says so', async () => {
  await go('#/time?from=1&to=5');
  await changes().getByText(/moved/).first().waitFor();
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('LISTENER');
  await changes().getByText('Nothing of that kind changed.').waitFor();
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('ENDPOINT');
  await changes().getByText('endpoint appnet/db').first().waitFor();
  expect(await hash()).toContain('kind=ENDPOINT');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('');
  await page.getByRole('combobox', { name: 'Container' }).selectOption('db');
  await until(page, `location.hash.includes('container=db')`);
});

test('the whole page can be seen as of then, and goes back to now', async () => {
  await go('#/time?from=2&to=3');
  await page.getByRole('button', { name: 'See the whole page as of then' }).click();
  const bar = page.getByText('You look at the past');
  await bar.waitFor();
  expect(await page.locator('.past').textContent()).toMatch(/snapshot 3/);
  await page.getByRole('link', { name: 'Tables', exact: true }).click();
  expect(await hash()).toBe('#/tables?at=3');
  await go('#/tables/listeners?at=3&q=5432');
  await page
    .getByRole('cell', { name: '127.0.0.1' })
    .or(page.getByRole('gridcell', { name: '127.0.0.1' }))
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.getByRole('gridcell', { name: '0.0.0.0' }).first().waitFor();
  expect(await bar.count()).toBe(0);
});

test('intents say what they were found to be then, and what they were before', async () => {
  await go('#/time?from=2&to=3');
  const intents = page.getByRole('region', { name: 'What must hold' });
  await intents.getByText('broken').first().waitFor();
  await intents.getByText('web must reach db:5432').click();
  await intents.getByText('from snapshot 1').waitFor();
  expect(await intents.getByRole('list', { name: 'Its history, newest first' }).textContent()).toMatch(/broken.*holds/);
});

test('a label is shown as it is written', async () => {
  await go('#/time');
  await page.getByRole('button', { name: LABEL }).first().waitFor();
  expect(await page.locator('main img').count()).toBe(0);
});

test('hours and days are put together', async () => {
  await go('#/time?step=DAY');
  await page.getByText(/^[12] days?, shown/).waitFor();
  expect(await page.locator('.line button').count()).toBeLessThanOrEqual(2);
  expect(await page.locator('.line button').last().getAttribute('aria-label')).toMatch(/the last of \d/);
});

describe('snapshots', () => {
  test('a snapshot that is taken elsewhere appears by itself', async () => {
    await go('#/time');
    await page.getByText('5 snapshots').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await takeSnapshot(site.service.context, { label: '\u202e<b>elsewhere' });
    await page.getByText('6 snapshots').waitFor();
    await page.getByRole('button', { name: '“\\u{202e}<b>elsewhere” (6)' }).waitFor();
  });

  test('one is taken by a button, labelled and pinned', async () => {
    await page.getByLabel('Label of the new snapshot').fill('by hand');
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    await page.getByText('Snapshot 7 is taken.').waitFor();
    await go('#/time?from=6&to=7');
    const keep = page.getByRole('form', { name: 'Label and pin of snapshot 7' });
    await keep.getByRole('button', { name: 'Pin', exact: true }).click();
    await keep.getByRole('button', { name: 'Pinned' }).waitFor();
    await keep.getByLabel('Label').fill('kept');
    await keep.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: '“kept” (7)' }).waitFor();
    expect((await site.service.rest('GET', '/api/v1/snapshots/7')).json).toMatchObject({ label: 'kept', pinned: true });
  });
});

describe('many snapshots', () => {
  const moments = (until: string | null) => {
    const newest = Date.parse(until ?? '2026-05-01T00:00:00.000Z');
    return Array.from({ length: 200 }, (_, i) => ({
      snapshot: { id: String(Math.round(newest / 60_000) - i), takenAt: new Date(newest - i * 60_000).toISOString(), label: null, pinned: false },
      snapshots: 1,
      changes: i % 7,
      kinds: i % 7 ? ['ROUTE'] : [],
      marked: [],
    }));
  };

  test('are shown by pages, older ones when asked for', async () => {
    const many = await site.open('/#/time', {}, (context) =>
      answering(context, 'Timeline', ({ until }) => ({
        data: { timeline: { totalCount: 5000, pageInfo: { hasNextPage: true, endCursor: 'x' }, nodes: moments((until as string | null) ?? null) } },
      })),
    );
    await many.getByText('5,000 snapshots').waitFor();
    const first = await many.locator('.line button').first().getAttribute('aria-label');
    await many.getByRole('button', { name: '‹ Older' }).click();
    await until(many, `location.hash.includes('until=')`);
    await until(many, `document.querySelector('.line button').getAttribute('aria-label') !== ${JSON.stringify(first)}`);
    expect(await many.locator('.line button').count()).toBe(200);
    await many.getByRole('button', { name: 'Newest ›' }).click();
    await until(many, `!location.hash.includes('until=')`);
    await many.context().close();
    // The snapshots of that story are not in the store.
    site.complaints();
  });
});

describe('states', () => {
  test('without a snapshot it says how to begin', async () => {
    const none = await site.open('/#/time', {}, (context) =>
      answering(context, 'Timeline', () => ({ data: { timeline: { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] } } })),
    );
    await none.getByRole('heading', { name: 'There is no snapshot yet' }).waitFor();
    expect(await accessibility(none)).toEqual([]);
    await none.context().close();
  });

  test.each([
    ['STORE_FAILED', 'The disk is full.', 'Try again'],
    ['FORBIDDEN', 'It needs the scope READ.', 'Use this token'],
  ])('%s is told, with what to do', async (code, message, button) => {
    const failed = await site.open('/#/time', {}, (context) =>
      answering(context, 'Timeline', () => ({ errors: [{ message, extensions: { code, hint: 'Make room.' } }] })),
    );
    await failed.getByText(message).first().waitFor();
    await failed.getByRole('button', { name: button }).first().waitFor();
    expect(await accessibility(failed)).toEqual([]);
    await failed.context().close();
  });

  test('one who may not take snapshots is told so where it was tried', async () => {
    const reader = await site.open('/#/time', {}, (context) =>
      answering(context, 'TakeSnapshot', () => ({ errors: [{ message: 'It needs the scope SNAPSHOT.', extensions: { code: 'FORBIDDEN' } }] })),
    );
    await reader.getByRole('button', { name: 'Take a snapshot' }).click();
    await reader.getByText('Your token does not allow this').waitFor();
    await changesOf(reader).waitFor();
    await reader.context().close();
  });
});

const changesOf = (on: Page) => on.getByRole('region', { name: 'What changed' });

test.each(['light', 'dark'] as const)('everybody can use it, %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await go('#/time?from=1&to=3');
  await flows().locator('article').first().waitFor();
  await screenshot(page, `time-${colorScheme}`);
  expect(await accessibility(page)).toEqual([]);
});

test('it fits a telephone', async () => {
  await page.setViewportSize(NARROW);
  await go('#/time?from=1&to=3&at=3');
  await flows().locator('article').first().waitFor();
  await screenshot(page, 'time-narrow');
  expect(await overflows(page)).toBe(false);
  expect(await accessibility(page)).toEqual([]);
});
