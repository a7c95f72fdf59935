/** The GraphQL explorer in a browser, without any other site. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startService } from '../doors/service.ts';
import { smallEstate } from '../doors/small-estate.ts';
import { type Site, screenshot, startSite } from './site.ts';

let site: Site;
let page: Page;

beforeAll(async () => {
  site = await startSite(await startService(smallEstate()));
  page = await site.open('/#/tables');
});
afterAll(() => site.stop());
afterEach(() => expect(site.complaints()).toEqual([]));

test('the help leads to it, and what is written there is asked', async () => {
  await page.keyboard.press('?');
  await page.getByRole('link', { name: 'GraphQL explorer' }).click();
  await page.locator('.graphiql-query-editor .CodeMirror-code').getByText('containers').waitFor();
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await page.locator('.result-window').getByText('"172.18.0.2"').waitFor();
});

test('it has the schema with its descriptions, and dialogs', async () => {
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByRole('link', { name: 'Query', exact: true }).click();
  await page.getByText('Without `at`, hosts are read now', { exact: false }).or(page.getByText('hosts are read now')).first().waitFor();
  await page.getByRole('button', { name: 'Open settings dialog' }).click();
  await page.getByRole('dialog').waitFor();
  await screenshot(page, 'explorer');
});

test('its policy gives way for styles alone', async () => {
  const { headers } = await site.service.server.app.inject('/explorer');
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("style-src 'self' 'unsafe-inline';");
  expect(String((await site.service.server.app.inject('/')).headers['content-security-policy'])).not.toContain('unsafe');
});
