/** The whole service, and a browser that looks at its page and hears of everything that goes wrong there. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { invariant } from '../../src/util/invariant.ts';
import type { Service } from '../doors/service.ts';

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

/** Before the page is asked for. */
export type Prepare = (context: BrowserContext) => Promise<void>;

export interface Site {
  readonly service: Service;
  /** `where` is what stands behind the origin: `/#/map`. Waits until the frame of the page is drawn. */
  open(where: string, options?: BrowserContextOptions, prepare?: Prepare): Promise<Page>;
  /** What went wrong in the pages since it was asked last: errors on the console, exceptions, requests to elsewhere. */
  complaints(): string[];
  stop(): Promise<void>;
}

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

function findChromium(): string {
  const found = [process.env.CHROMIUM ?? [], CHROMIUMS].flat().find(existsSync);
  invariant(found, 'Chromium is not here: install the package chromium, or name the program in CHROMIUM.');
  return found;
}

export const launch = () => chromium.launch({ executablePath: findChromium(), headless: true, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** One browser for a whole test file. */
export async function startSite(service: Service): Promise<Site> {
  const browser = await launch();
  let complaints: string[] = [];
  return {
    service,
    open: async (where, options, prepare) => {
      const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'], ...options });
      context.setDefaultTimeout(10_000);
      await prepare?.(context);
      return openPage(context, service.url, where, (complaint) => complaints.push(complaint));
    },
    complaints: () => {
      const heard = complaints;
      complaints = [];
      return heard;
    },
    stop: async () => {
      await browser.close();
      await service.stop();
    },
  };
}

async function openPage(context: BrowserContext, origin: string, where: string, complain: (text: string) => void): Promise<Page> {
  const page = await context.newPage();
  // What the policy of the page refuses is an error on the console too.
  page.on('console', (message) => message.type() === 'error' && complain(message.text()));
  page.on('pageerror', (error) => complain(String(error)));
  page.on('request', (request) => /^https?:/.test(request.url()) && !request.url().startsWith(origin) && complain(`asked ${request.url()}`));
  await page.goto(`${origin}${where}`);
  await page.locator('main').waitFor();
  return page;
}

/** What is said in place of the service when the operation of that name is asked. */
export async function answering(context: BrowserContext, operation: string, answer: (variables: Readonly<Record<string, unknown>>) => unknown): Promise<void> {
  await context.route('**/graphql', (route) => {
    const { query, variables } = route.request().postDataJSON() as { query: string; variables?: Record<string, unknown> };
    return new RegExp(`^(query|mutation) ${operation}\\b`).test(query) ? route.fulfill({ json: answer(variables ?? {}) }) : route.fallback();
  });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[] }[];
}

/** What axe finds against WCAG 2.2 AA, one line a place. The debugger may run it whatever the policy of the page says. */
export async function accessibility(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })`,
  )) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`));
}

/** Whether something reaches beyond the right edge of the window. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth') as Promise<boolean>;

/** For a person to look at, in the folder NETWHY_SCREENSHOTS; nothing without. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.NETWHY_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** Waits until an expression holds in the page. `waitForFunction` compiles it there, which the policy of the page forbids. */
export async function until(page: Page, expression: string): Promise<void> {
  for (const end = Date.now() + 10_000; !(await page.evaluate(expression)); await sleep(20)) {
    invariant(Date.now() < end, `in the page this did not come true: ${expression}`);
  }
}
