/** The log: lines of JSON that hold no secret. */
import pino, { type DestinationStream, type Logger } from 'pino';

const PASSWORD_IN_URL = /([a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*):[^\s@"]+@/gi;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{4,}/gi;

/** Takes out what is known to be secret, and what looks so. */
function scrubber(secrets: readonly string[]): (text: string) => string {
  const known = [...new Set(secrets.filter((secret) => secret.length > 3).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))];
  known.sort((a, b) => b.length - a.length);
  return (text) =>
    known
      .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
      .replace(PASSWORD_IN_URL, '$1:***@')
      .replace(BEARER, '$1 ***');
}

/** Errors carry along what they are about, bodies and configurations: of those nothing is shown. */
function shownError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(code !== undefined && { code }),
    ...(error.cause instanceof Error && { cause: shownError(error.cause) }),
  };
}

export interface LogOptions {
  readonly level: string;
  /** Values that never appear. */
  readonly secrets: readonly string[];
  /** Standard error when left out. */
  readonly to?: DestinationStream;
}

export function openLog({ level, secrets, to }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        err: shownError,
        req: ({ method, id }: { method?: string; id?: string }) => ({ method, id }),
        res: ({ statusCode }: { statusCode?: number }) => ({ statusCode }),
      },
      hooks: { streamWrite: scrubber(secrets) },
    },
    to ?? pino.destination(2),
  );
}
