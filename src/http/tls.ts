import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls';
import { UserError } from '../model/errors.ts';

/** Certificate (with those between it and the root) and key, in PEM. */
interface Files {
  readonly cert: string;
  readonly key: string;
}

/** Throws UserError BAD_CONFIG when one cannot be read or they do not belong together. */
export function readTls(files: Files): SecureContextOptions {
  const read = (what: keyof Files) => {
    try {
      return readFileSync(files[what], 'utf8');
    } catch (error) {
      throw wrong(`Cannot read ${files[what]}: ${(error as NodeJS.ErrnoException).code}`);
    }
  };
  const options = { cert: read('cert'), key: read('key'), minVersion: 'TLSv1.2' } as const;
  try {
    createSecureContext(options);
  } catch (error) {
    throw wrong(`${files.cert} and ${files.key} are no certificate with its key: ${(error as Error).message}`);
  }
  return options;
}

const wrong = (what: string) => new UserError('BAD_CONFIG', `${what}.`, 'Check `tls` in the configuration: files in PEM that the user of netwhy can read.');

/** Milliseconds between two looks at the files. */
const EVERY = 10_000;

/** New connections get what is in the files when they change, and on SIGHUP; what is wrong then is reported, and what was stays. */
export function followTls(server: Pick<Server, 'setSecureContext'>, files: Files, report: (error: unknown) => void): { stop(): void } {
  const reload = () => {
    try {
      server.setSecureContext(readTls(files));
    } catch (error) {
      report(error);
    }
  };
  const paths = [files.cert, files.key];
  for (const path of paths) watchFile(path, { interval: EVERY, persistent: false }, reload);
  process.on('SIGHUP', reload);
  return {
    stop: () => {
      for (const path of paths) unwatchFile(path, reload);
      process.off('SIGHUP', reload);
    },
  };
}
