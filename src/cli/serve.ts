import { loadConfig } from '../config.ts';
import { openDemo } from '../demo.ts';
import { openApp, serve as run } from '../main.ts';
import { UserError } from '../model/errors.ts';
import type { Output } from './output.ts';

export interface ServeOptions {
  readonly config?: string;
  readonly demo?: boolean;
  readonly recording?: string;
  readonly listen?: string;
}

export async function serve(options: ServeOptions, output: Output): Promise<number> {
  if (options.demo && options.recording !== undefined)
    throw new UserError('BAD_ARGUMENT', '--demo and --recording cannot be used together.', 'Use one of them.');
  const env = options.listen === undefined ? process.env : { ...process.env, NETWHY_LISTEN: options.listen };
  const config = await loadConfig(options.config, env);
  const log = (line: string) => output.print([line]);
  if (!options.demo) return run(config, openApp(config, options.recording === undefined ? { stays: true } : { recording: options.recording }), log);

  const demo = await openDemo(config);
  try {
    return await run(demo.config, demo.app, (line) => output.print([line, ...demo.hints(config.listen)]));
  } finally {
    demo.remove();
  }
}
