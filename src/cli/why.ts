import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Answer } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import { never } from '../util/invariant.ts';
import type { At, Client } from './client.ts';
import { EXIT, type Output } from './output.ts';
import { show } from './printable.ts';
import { renderAnswer } from './render-answer.ts';

export interface WhyOptions {
  readonly json?: boolean;
  readonly batch?: string;
  readonly protocol?: string;
  readonly sourceAddress?: string;
  readonly sourcePort?: string;
  readonly family?: string;
  readonly since?: boolean;
}

export async function why(client: Client, output: Output, from: string | undefined, to: string | undefined, options: WhyOptions, at: At): Promise<number> {
  if (options.batch !== undefined) return whyBatch(client, output, options.batch, options.json === true, at);
  if (from === undefined || to === undefined)
    throw new UserError('BAD_ARGUMENT', 'why needs a source and a destination.', 'For example: netwhy why web db:5432');
  const answer = await client.ask(
    {
      from,
      to,
      ...(options.protocol !== undefined && { protocol: options.protocol.toLowerCase() }),
      ...(options.sourceAddress !== undefined && { sourceAddress: options.sourceAddress }),
      ...(options.sourcePort !== undefined && { sourcePort: Number(options.sourcePort) }),
      ...(options.family !== undefined && { family: Number(options.family) }),
    },
    at,
    options.since === true,
  );
  if (options.json) output.printJson(answer);
  else output.print(renderAnswer(answer, output.terminal));
  return exitCode(answer);
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
