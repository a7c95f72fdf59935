/** `netwhy`: arguments in, exit code out. */
import { CommanderError } from 'commander';
import { UserError } from '../model/errors.ts';
import { EXIT, type Output, printError } from './output.ts';
import { type Common, program, type Run, type Serve, type Services } from './program.ts';
import { terminalOf } from './terminal.ts';
import { readToken } from './token.ts';

export async function main(argv: readonly string[]): Promise<number> {
  const output = standardOutput();
  let code: number = EXIT.ok;
  const run: Run = async (options, work) => {
    const { client, done } = await openClient(options);
    try {
      code = await work(client, output, options.snapshot ?? null);
    } finally {
      done();
      await client.close();
    }
  };
  const serve: Serve = async (options) => {
    code = await (await import('./serve.ts')).serve(options, output);
  };
  const schedules: Services['schedules'] = async (options) => {
    code = await (await import('./schedule.ts')).run(options, output);
  };
  const mcp: Services['mcp'] = async (options) => {
    code = await (await import('./mcp.ts')).mcp(options);
  };
  const completion: Services['completion'] = {
    script: async (shell) => (await import('./completion.ts')).printScript(output, shell),
    candidates: async (cli, words) => (await import('./completion.ts')).printCandidates(cli, words, output, openClient),
  };
  const cli = await program(run, { serve, schedules, mcp, completion }, argv.slice(2));
  for (const command of [cli, ...cli.commands, ...cli.commands.flatMap(({ commands }) => commands)])
    command.exitOverride().configureOutput({ writeErr: (text) => process.stderr.write(text) });
  try {
    await cli.parseAsync(argv);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failed;
    printError(error, output, argv.includes('--json'));
    return EXIT.failed;
  }
}

async function openClient(options: Common) {
  if (options.recording !== undefined && (options.server !== undefined || options.snapshot !== undefined)) {
    throw new UserError(
      'BAD_ARGUMENT',
      `--recording and --${options.server === undefined ? 'snapshot' : 'server'} cannot be used together.`,
      'Use one of them.',
    );
  }
  const server = options.server ?? (options.recording === undefined && options.config === undefined ? process.env.NETWHY_SERVER : undefined);
  if (server !== undefined) return { client: (await import('./remote.ts')).remoteClient(server, readToken(options.tokenFile)), done: () => {} };
  const [{ loadConfig }, { localClient }, { progressLine }] = await Promise.all([import('../config.ts'), import('./local.ts'), import('./progress.ts')]);
  const { onProgress, done } = progressLine(process.stderr);
  const source = {
    ...(!options.watch && { onProgress }),
    ...(options.recording !== undefined && { recording: options.recording }),
    ...(options.watch && { stays: true }),
  };
  const config = await loadConfig(options.config);
  return { client: localClient(options.watch ? { ...config, cacheSeconds: 0 } : config, source), done };
}

function standardOutput(): Output {
  // A reader that has seen enough, such as head, is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    throw error;
  });
  return {
    terminal: terminalOf(process.stdout),
    print: (lines) => void process.stdout.write(`${lines.join('\n')}\n`),
    printJson: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
  };
}
