/** Chats: one reading of what is typed, one wording of what is found, thin dressings. */
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { NOBODY } from '../model/access.ts';
import { UserError } from '../model/errors.ts';
import type { Door } from './door.ts';
import { registerDiscord, registerMattermost, registerNeutral, registerTeams } from './others.ts';
import type { ChatSettings } from './settings.ts';
import { registerSlack } from './slack.ts';

const BODY_LIMIT = 64 * 1024;

/** `wait`: resolves after so many milliseconds; for tests. */
export type ChatDoor = Pick<Door, 'contextOf' | 'page' | 'now'> & Partial<Pick<Door, 'wait'>>;

export async function registerChat(app: FastifyInstance, given: ChatDoor, { slack, mattermost, teams, discord }: ChatSettings): Promise<void> {
  const pending = new Set<Promise<void>>();
  const door: Door = {
    wait: (ms) => setTimeout(ms, undefined, { ref: false }),
    ...given,
    later: ({ report }, work) => {
      const done = work.catch(report).finally(() => pending.delete(done));
      pending.add(done);
    },
  };
  await app.register(async (chat) => {
    // Signatures are over the bytes.
    chat.removeAllContentTypeParsers();
    chat.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_, body, done) => done(null, body));
    chat.addHook('onClose', async () => void (await Promise.allSettled(pending)));
    chat.addHook('onError', async (request, _, error) => {
      if (request.routeOptions.config.access !== 'signed' || !(error instanceof UserError)) return;
      const operation = `${request.method} ${request.routeOptions.url}`;
      door.contextOf(request).audit?.({ principal: NOBODY.name, door: 'chat', operation, target: null, result: error.code });
    });
    registerNeutral(chat, door);
    if (slack) registerSlack(chat, door, slack);
    if (mattermost) registerMattermost(chat, door, mattermost);
    if (teams) registerTeams(chat, door, teams);
    if (discord) registerDiscord(chat, door, discord);
  });
}
