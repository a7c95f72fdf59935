/** `netwhy check`: do intents hold? For a person, and for a pipeline. */
import { readFile, writeFile } from 'node:fs/promises';
import { UserError } from '../model/errors.ts';
import type { IntentFinding } from '../model/intent.ts';
import { intentsIn } from '../operations/intents.ts';
import type { At, Client } from './client.ts';
import { junit } from './junit.ts';
import { EXIT, type Output, printError } from './output.ts';
import { renderIntents } from './render-intents.ts';

interface Options {
  readonly json?: boolean;
  readonly junit?: string;
}

export async function check(client: Client, output: Output, file: string | null, options: Options, at: At): Promise<number> {
  try {
    const written = file === null ? null : intentsIn(file, await read(file));
    const { findings, snapshot } = await client.check(written?.map(([, text]) => text) ?? null, at);
    if (findings.length === 0)
      throw new UserError(
        'BAD_INTENT',
        file === null ? 'The configuration names no intents.' : `${file} names no intents.`,
        'Write one: - web must reach db:5432',
      );
    const places = findings.map((_, place) => written?.[place]?.[0] ?? null);
    if (options.junit !== undefined) await save(options.junit, junit(findings, places));
    if (options.json) output.printJson({ snapshot, findings });
    else output.print(renderIntents(findings, places, output.terminal));
    return exitCode(findings);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    printError(error, output, options.json === true);
    return EXIT.unsure;
  }
}

function exitCode(findings: readonly IntentFinding[]): number {
  if (findings.some(({ state }) => state === 'BROKEN')) return EXIT.unreachable;
  return findings.every(({ state }) => state === 'HOLDS') ? EXIT.ok : EXIT.unsure;
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError('BAD_INTENT', `Cannot read the intents ${file}: ${error.code ?? error.message}.`, 'Name a YAML file that holds a list of intents.');
  });
}

async function save(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw new UserError('BAD_ARGUMENT', `Cannot write ${file}: ${error.code ?? error.message}.`, 'Choose another path for --junit.');
  });
}
