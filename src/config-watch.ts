/** The part of the configuration that says what must hold and who is told when it does not. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readIntents } from './intents/read.ts';
import { UserError } from './model/errors.ts';
import { NOTICE_FORMATS, type NoticeTarget } from './model/notice.ts';
import type { Watch } from './operations/context.ts';

const intents = z.union([z.string().min(1), z.array(z.string())], { error: 'must be the name of a file, or a list of intents' });

export const notice = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be letters, digits, dots, dashes and underscores'),
    url: z.string().refine(isWebhook, 'must be an http or https URL without a user name or password'),
    format: z.enum(NOTICE_FORMATS, { error: `must be ${NOTICE_FORMATS.join(' or ')}` }).optional(),
    secretFile: z.string().min(1).optional(),
    secretEnv: z.string().min(1).optional(),
  })
  .refine(({ secretFile, secretEnv }) => secretFile === undefined || secretEnv === undefined, 'must have secretFile or secretEnv, not both');

export const watchShape = { intents: intents.optional(), notices: z.array(notice).optional() };

interface Written {
  readonly intents?: z.infer<typeof intents> | undefined;
  readonly notices?: readonly z.infer<typeof notice>[] | undefined;
}

function isWebhook(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && url.username === '' && url.password === '';
}

/** `text` is that of the configuration file; other files are named relative to it. Throws UserError BAD_CONFIG or BAD_INTENT. */
export function readWatch(file: string, text: string, written: Written): Watch {
  const beside = (name: string) => path.resolve(path.dirname(file), name);
  const names = (written.notices ?? []).map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new UserError('BAD_CONFIG', `${file}: two notices have the name ${twice}.`, 'Give each a name of its own.');
  const targets = (written.notices ?? []).map(
    ({ name, url, format, secretFile, secretEnv }): NoticeTarget => ({
      name,
      url,
      format: format ?? 'json',
      secret: secretFile !== undefined ? { file: beside(secretFile) } : secretEnv !== undefined ? { env: secretEnv } : null,
    }),
  );
  if (written.intents === undefined) return { intents: [], targets };
  if (typeof written.intents !== 'string') return { intents: readIntents(file, text), targets };
  return { intents: readIntents(written.intents, readIntentsFile(beside(written.intents))), targets };
}

function readIntentsFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError('BAD_CONFIG', `Cannot read the intents ${file}: ${(error as NodeJS.ErrnoException).code}.`, 'Check `intents` in the configuration.');
  }
}
