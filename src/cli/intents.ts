/** `netwhy intents` and `netwhy notices`: what was found of intents on snapshots, and who was told. */
import type { IntentPeriod } from '../model/intent.ts';
import type { Delivery, Notice } from '../model/notice.ts';
import { show } from '../util/printable.ts';
import type { At, Client } from './client.ts';
import type { Output } from './output.ts';
import { table } from './table.ts';
import { wrap } from './terminal.ts';

interface Options {
  readonly json?: boolean;
  readonly history?: string;
  readonly dead?: boolean;
  readonly retry?: string;
}

const columns = [
  { title: 'STATE', value: ({ finding }: IntentPeriod) => finding.state },
  { title: 'INTENT', value: ({ finding }: IntentPeriod) => finding.intent },
  { title: 'FROM', value: ({ from }: IntentPeriod) => from, right: true },
  { title: 'UNTIL', value: ({ to }: IntentPeriod) => to, right: true },
  { title: 'WHY', value: ({ finding }: IntentPeriod) => finding.sentence },
];

export async function printIntents(client: Client, output: Output, options: Options, at: At): Promise<number> {
  const found = options.history === undefined ? await client.intents(at) : await client.intentHistory(options.history);
  const periods = 'intents' in found ? found.intents : found;
  if (options.json) output.printJson(found);
  else
    output.print(
      periods.length ? table(periods, columns, output.terminal) : ['No intent was checked on this snapshot: write `intents:` in the configuration.'],
    );
  return 0;
}

export async function printNotices(client: Client, output: Output, options: Options): Promise<number> {
  const notices = options.retry === undefined ? await client.notices(options.dead === true) : [await client.retryNotice(options.retry)];
  if (options.json) output.printJson(notices);
  else
    output.print(
      notices.length ? notices.flatMap((notice) => lines(notice, output)) : [options.dead ? 'Nothing is dead.' : 'No verdict of an intent has changed.'],
    );
  return 0;
}

function lines({ id, at, before, after, text, deliveries }: Notice, { terminal }: Output): string[] {
  return [`${id}  ${at}  ${before} → ${after}`, ...wrap(show(text, 2000), terminal.width, '    '), ...deliveries.map(told)];
}

function told({ target, state, attempts, nextAttempt, lastError }: Delivery): string {
  const failed = lastError === null ? '' : `: ${show(lastError, 200)}`;
  const next = state === 'PENDING' && attempts > 0 ? `, again at ${nextAttempt}` : '';
  return `    ${show(target, 60)}: ${state} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${failed}${next}`;
}
