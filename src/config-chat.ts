/** The part of the configuration that says which chats may ask. Secrets stand in files or in the environment. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ChatSettings } from './chat/settings.ts';
import { UserError } from './model/errors.ts';
import { isLoopbackHost } from './util/loopback.ts';

const name = z.string().min(1);
const ids = z.array(z.string().regex(/^[A-Z0-9]{1,30}$/, 'must be an id of Slack, for example C0123ABCD')).default([]);

const isService = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.host)));
};
/** For Slack of governments, and for tests. */
const service = (standard: string) =>
  z
    .string()
    .refine(isService, 'must be an https URL')
    .transform((text) => text.replace(/\/+$/, ''))
    .default(standard);

const slack = z.strictObject({
  ...{ signingSecretFile: name.optional(), signingSecretEnv: name.optional() },
  ...{ botTokenFile: name.optional(), botTokenEnv: name.optional() },
  ...{ teams: ids, channels: ids, users: ids },
  apiUrl: service('https://slack.com/api'),
  hooksUrl: service('https://hooks.slack.com'),
});
const mattermost = z.strictObject({ tokenFile: name.optional(), tokenEnv: name.optional() });
const teams = z.strictObject({ secretFile: name.optional(), secretEnv: name.optional() });
const discord = z.strictObject({
  publicKey: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits'),
  apiUrl: service('https://discord.com/api/v10'),
});
const chat = z.strictObject({ slack: slack.optional(), mattermost: mattermost.optional(), teams: teams.optional(), discord: discord.optional() });

/** By the path of each in the file. */
export const chatEntries = { chat, 'chat.slack': slack, 'chat.mattermost': mattermost, 'chat.teams': teams, 'chat.discord': discord };
export const chatShape = { chat: chat.optional() };

/** The secrets, when a service starts: what only asks needs none. */
export type OpenChats = () => ChatSettings;

/** Files are named relative to that of the configuration. What it returns throws UserError BAD_CONFIG for a secret that is not there. */
export function readChat(file: string, written: z.output<typeof chatShape.chat>): OpenChats {
  const secret = (what: string, named: string | undefined, env: string | undefined) => {
    const value = secretAt(what, file, named, env);
    if (value !== null) return value;
    throw new UserError('BAD_CONFIG', `${file}: chat.${what} is not given.`, `Give chat.${what}Env or chat.${what}File.`);
  };
  return () => ({
    slack: written?.slack
      ? {
          ...written.slack,
          signingSecret: secret('slack.signingSecret', written.slack.signingSecretFile, written.slack.signingSecretEnv),
          botToken: secretAt('slack.botToken', file, written.slack.botTokenFile, written.slack.botTokenEnv),
        }
      : null,
    mattermost: written?.mattermost ? { token: secret('mattermost.token', written.mattermost.tokenFile, written.mattermost.tokenEnv) } : null,
    teams: written?.teams ? { secret: secret('teams.secret', written.teams.secretFile, written.teams.secretEnv) } : null,
    discord: written?.discord ?? null,
  });
}

/** Null: it is not named. */
function secretAt(what: string, file: string, named: string | undefined, env: string | undefined): string | null {
  if (named !== undefined && env !== undefined)
    throw new UserError('BAD_CONFIG', `${file}: chat.${what} is given twice.`, 'Give it by a file or by the environment.');
  const missing = (why: string) => new UserError('BAD_CONFIG', `${file}: chat.${what} cannot be read: ${why}.`, 'Put the secret there, or name another place.');
  if (env !== undefined) {
    if (!process.env[env]) throw missing(`${env} is not set`);
    return process.env[env]!;
  }
  if (named === undefined) return null;
  try {
    const value = readFileSync(path.resolve(path.dirname(file), named), 'utf8').trim();
    if (value !== '') return value;
  } catch (error) {
    throw missing((error as NodeJS.ErrnoException).code ?? 'it cannot be read');
  }
  throw missing(`${named} is empty`);
}
