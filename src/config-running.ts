/** The part of the configuration that says how the service runs and what it tells of itself. */
import { z } from 'zod';
import { UserError } from './model/errors.ts';
import { parseDatabaseUrl } from './snapshots/url.ts';

const LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

const isUrl = (text: string) => /^https?:\/\//.test(text) && URL.canParse(text);
const tracing = z.strictObject({ otlp: z.string().refine(isUrl, 'must be an http or https URL, for example http://127.0.0.1:4318') });

export const runningShape = {
  log: z.enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` }).optional(),
  stopSeconds: z.number().min(0).max(3600).optional(),
  tracing: tracing.optional(),
};

export interface Running {
  readonly log: (typeof LEVELS)[number];
  /** How long what runs may take to end after a signal. */
  readonly stopSeconds: number;
  /** Base URL of an OTLP receiver over HTTP; null: no traces. */
  readonly otlp: string | null;
}

type Written = { readonly [K in keyof typeof runningShape]?: z.infer<(typeof runningShape)[K]> };

/** Throws UserError BAD_CONFIG for what the environment says. */
export function readRunning(written: Written, env: NodeJS.ProcessEnv): Running {
  const log = env.NETWHY_LOG || written.log || 'warn';
  const level = LEVELS.find((name) => name === log);
  if (level === undefined) throw new UserError('BAD_CONFIG', `NETWHY_LOG is ${JSON.stringify(log.slice(0, 100))}.`, `It must be one of ${LEVELS.join(', ')}.`);
  const otlp = written.tracing?.otlp ?? (env.OTEL_EXPORTER_OTLP_ENDPOINT || null);
  if (otlp !== null && !isUrl(otlp)) {
    throw new UserError('BAD_CONFIG', 'OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https URL.', 'For example http://127.0.0.1:4318.');
  }
  return { log: level, stopSeconds: written.stopSeconds ?? 30, otlp };
}

/** What must never be logged of a configuration. */
export function secretsOf({
  database,
  watch,
}: {
  readonly database: string;
  readonly watch: { readonly targets: readonly { readonly url: string }[] };
}): string[] {
  const parsed = parseDatabaseUrl(database);
  const password = parsed.provider === 'postgresql' ? new URL(parsed.url).password : '';
  return [...watch.targets.map(({ url }) => url), ...(password === '' ? [] : [password, decodeURIComponent(password)])];
}
