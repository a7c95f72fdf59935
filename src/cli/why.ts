import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { Answer } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import { never } from '../util/invariant.ts';
import { show } from '../util/printable.ts';
import type { At, Client } from './client.ts';
import { EXIT, type Output } from './output.ts';
import { renderAnswer } from './render-answer.ts';
import { watchAnswer } from './watch.ts';

export interface WhyOptions {
  readonly json?: boolean;
  readonly batch?: string;
  readonly protocol?: string;
  readonly sourceAddress?: string;
  readonly sourcePort?: string;
  readonly family?: string;
  readonly since?: boolean;
  readonly probe?: boolean;
  readonly watch?: boolean;
  readonly interval?: string;
  readonly recording?: string;
}

export async function why(client: Client, output: Output, from: string | undefined, to: string | undefined, options: WhyOptions, at: At): Promise<number> {
  if (options.watch && (options.batch !== undefined || options.recording !== undefined || at !== null))
    throw new UserError('BAD_ARGUMENT', '--watch asks what is there now: it cannot be used with --batch, --snapshot or --recording.', 'Leave one of them out.');
  if (options.probe && (options.batch !== undefined || options.watch))
    throw new UserError('BAD_ARGUMENT', '--probe sends one packet for one answer: it cannot be used with --batch or --watch.', 'Leave one of them out.');
  if (options.batch !== undefined) return whyBatch(client, output, options.batch, options.json === true, at);
  if (from === undefined || to === undefined)
    throw new UserError('BAD_ARGUMENT', 'why needs a source and a destination.', 'For example: netwhy why web db:5432');
  const question = {
    from,
    to,
    ...(options.protocol !== undefined && { protocol: options.protocol.toLowerCase() }),
    ...(options.sourceAddress !== undefined && { sourceAddress: options.sourceAddress }),
    ...(options.sourcePort !== undefined && { sourcePort: Number(options.sourcePort) }),
    ...(options.family !== undefined && { family: Number(options.family) }),
  };
  const ask = () => client.ask(question, at, { since: options.since === true, probe: options.probe === true });
  if (options.watch) return watch(ask, output, options);
  const answer = await ask();
  if (options.json) output.printJson(answer);
  else output.print(renderAnswer(answer, output.terminal));
  return exitCode(answer);
}

const SECONDS = 2;

/** Until it is interrupted; the exit code is that of the last answer. */
async function watch(ask: () => Promise<Answer>, output: Output, options: WhyOptions): Promise<number> {
  const seconds = Number(options.interval ?? SECONDS);
  if (!(seconds >= 0.1 && seconds <= 86_400))
    throw new UserError('BAD_ARGUMENT', `--interval ${options.interval} is not a number of seconds.`, 'Use 0.1 to 86400.');
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, interrupt);
  try {
    const answer = await watchAnswer(ask, output, {
      json: options.json === true,
      now: () => new Date(),
      pause: () => setTimeout(seconds * 1000, undefined, { signal: stop.signal }).catch(() => {}),
      signal: stop.signal,
    });
    return answer ? exitCode(answer) : EXIT.failed;
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, interrupt);
  }
}

function exitCode({ verdict }: Answer): number {
  switch (verdict) {
    case 'REACHABLE':
      return EXIT.ok;
    case 'UNREACHABLE':
      return EXIT.unreachable;
    case 'AMBIGUOUS':
    case 'UNDETERMINED':
      return EXIT.unsure;
    default:
      return never(verdict);
  }
}

/** Exit code 0 when every question got an answer, whatever it is; 3 when one could not be answered. */
async function whyBatch(client: Client, output: Output, file: string, json: boolean, at: At): Promise<number> {
  const items = await client.askAll(await readBatch(file), at);
  if (json) output.printJson(items);
  else {
    output.print(
      items.map((item) =>
        'error' in item
          ? `${show(String(item.id))}: ${item.error.code}: ${show(item.error.message)}`
          : `${show(String(item.id))}: ${item.verdict}: ${show(item.summary, 1000)}`,
      ),
    );
  }
  return items.some((item) => 'error' in item) ? EXIT.failed : EXIT.ok;
}

async function readBatch(file: string): Promise<unknown> {
  const name = file === '-' ? 'standard input' : file;
  const read = file === '-' ? text(process.stdin) : readFile(file, 'utf8');
  const content = await read.catch((error: NodeJS.ErrnoException) => {
    throw new UserError('BAD_BATCH', `Cannot read the batch from ${name}: ${error.code ?? error.message}.`, 'Name a JSON file, or - for standard input.');
  });
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new UserError(
      'BAD_BATCH',
      `${name} is not JSON: ${(error as Error).message}.`,
      'It must be an array of questions: [{"id": 1, "from": "web", "to": "db:5432"}].',
    );
  }
}
