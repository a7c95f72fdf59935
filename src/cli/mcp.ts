import { loadConfig } from '../config.ts';
import { openDemo } from '../demo.ts';
import { forwardMcp, openApp, speakMcp } from '../main.ts';
import { UserError } from '../model/errors.ts';
import { EXIT } from './output.ts';
import { readToken } from './token.ts';

export interface McpOptions {
  readonly config?: string;
  readonly server?: string;
  readonly tokenFile?: string;
  readonly recording?: string;
  readonly demo?: boolean;
}

/** Prints nothing: standard output belongs to the protocol. */
export async function mcp({ config: file, server: named, tokenFile, recording, demo }: McpOptions): Promise<number> {
  if ([named, recording, demo || undefined].filter((given) => given !== undefined).length > 1)
    throw new UserError('BAD_ARGUMENT', '--server, --recording and --demo cannot be used together.', 'Use one of them.');
  const alone = recording === undefined && !demo && file === undefined;
  const server = named ?? (alone ? process.env.NETWHY_SERVER : undefined);
  if (server !== undefined) {
    await forwardMcp(server, readToken(tokenFile));
    return EXIT.ok;
  }
  const config = await loadConfig(file);
  const { app, remove } = demo ? await openDemo(config) : { app: openApp(config, recording === undefined ? { stays: true } : { recording }), remove: () => {} };
  try {
    await speakMcp(app);
  } finally {
    await app.close();
    remove();
  }
  return EXIT.ok;
}
