/** Mattermost, Microsoft Teams, Discord, and whatever can send a token. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../operations/parse-input.ts';
import { answerChat } from './answer.ts';
import { parseCommand } from './command.ts';
import { asChatter, type Door, formOf, header, jsonOf, refused, send, within } from './door.ts';
import { markdownMessage } from './markdown.ts';
import type { ChatSettings } from './settings.ts';
import { discordKey, isFresh, isFromDiscord, isFromTeams, Seen, sameSecret } from './signatures.ts';

const signed = { config: { access: 'signed' } } as const;
const asked = z.strictObject({ text: z.string().max(2000), user: z.string().max(200).nullish() });

/** For any program with a token: `{"text": "why web db:5432"}`. */
export function registerNeutral(app: FastifyInstance, door: Door): void {
  app.post('/chat', async (request) => {
    const { text, user } = parseInput(asked, jsonOf(request.body as Buffer), 'BAD_ARGUMENT', 'body');
    const context = door.contextOf(request);
    const who = user == null ? context : asChatter(context, `${context.principal.name}:${user}`);
    const message = await answerChat(who, () => parseCommand(text), door.page);
    return { text: markdownMessage(message), verdict: message.verdict, title: message.title, parts: message.parts, link: message.link };
  });
}

/** Slash commands and outgoing webhooks: a form with a token. https://developers.mattermost.com/integrate/slash-commands/custom/ */
export function registerMattermost(app: FastifyInstance, door: Door, { token }: NonNullable<ChatSettings['mattermost']>): void {
  app.post('/chat/mattermost', signed, async (request) => {
    const body = request.body as Buffer;
    const form = header(request, 'content-type').startsWith('application/json') ? (jsonOf(body) as Record<string, string>) : formOf(body);
    if (!sameSecret(String(form.token ?? ''), token)) throw refused('its token is not that of the configuration');
    const { command, trigger_word: trigger, text = '', user_name: user = '' } = form;
    const context = asChatter(door.contextOf(request), `mattermost:${user}`);
    const words = String(text).slice(0, 3000);
    const name = command?.replace(/^\//, '') ?? '';
    // A slash command named why asks why; a trigger word stands before the command.
    const said = /^(why|netdiff|diff|intents)$/i.test(name) ? `${name} ${words}` : trigger && words.startsWith(trigger) ? words.slice(trigger.length) : words;
    const message = await answerChat(context, () => parseCommand(said), door.page);
    return { response_type: message.audience === 'all' ? 'in_channel' : 'ephemeral', text: markdownMessage(message) };
  });
}

/** Teams waits ten seconds. */
const TEAMS_PATIENCE = 8000;

export function registerTeams(app: FastifyInstance, door: Door, { secret }: NonNullable<ChatSettings['teams']>): void {
  const seen = new Seen();
  app.post('/chat/teams', signed, async (request) => {
    const [body, authorization] = [request.body as Buffer, header(request, 'authorization')];
    if (!Buffer.isBuffer(body) || !isFromTeams(secret, authorization, body)) throw refused('Teams did not sign it');
    const { text = '', from, timestamp } = jsonOf(body);
    if (!isFresh(Date.parse(String(timestamp)) / 1000, door.now())) throw refused('it is older than five minutes');
    if (!seen.add(authorization, door.now())) throw refused('it was here before');
    const { id } = (typeof from === 'object' && from !== null ? from : {}) as { readonly id?: unknown };
    const context = asChatter(door.contextOf(request), `teams:${String(id ?? '')}`);
    const message = await within(
      door,
      answerChat(context, () => parseCommand(teamsText(String(text))), door.page),
      TEAMS_PATIENCE,
    );
    return {
      type: 'message',
      text: message === null ? 'This takes longer than Teams waits: ask on the page, or narrow the question.' : markdownMessage(message),
    };
  });
}

/** Teams sends HTML, with the mention in front. */
const teamsText = (html: string): string =>
  html
    .replace(/<at>.*?<\/at>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .trim();

/** Discord waits three seconds, and takes 2,000 characters. */
const DISCORD_PATIENCE = 2000;
const DISCORD_LONGEST = 2000;

const option = z.object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).optional() });
const interaction = z.object({
  id: z.string().max(40),
  type: z.number(),
  application_id: z.string().regex(/^\d{1,30}$/),
  token: z.string().regex(/^[\w.-]{1,500}$/),
  data: z.object({ name: z.string().max(40), options: z.array(option).max(10).default([]) }).optional(),
  member: z.object({ user: z.object({ id: z.string() }) }).optional(),
  user: z.object({ id: z.string() }).optional(),
});

export function registerDiscord(app: FastifyInstance, door: Door, { publicKey, apiUrl }: NonNullable<ChatSettings['discord']>): void {
  const [key, seen] = [discordKey(publicKey), new Seen()];
  app.post('/chat/discord', signed, async (request) => {
    const given = { timestamp: header(request, 'x-signature-timestamp'), signature: header(request, 'x-signature-ed25519'), body: request.body as Buffer };
    if (!Buffer.isBuffer(given.body) || !isFromDiscord(key, given, door.now())) throw refused('Discord did not sign it within the last five minutes');
    if (!seen.add(given.signature, door.now())) throw refused('it was here before');
    const body = jsonOf(given.body);
    if (body.type === 1) return { type: 1 };
    const { application_id, token, data, member, user } = parseInput(interaction, body, 'BAD_ARGUMENT', 'interaction');
    const context = asChatter(door.contextOf(request), `discord:${member?.user.id ?? user?.id ?? ''}`);
    const message = answerChat(context, () => parseCommand(discordText(data)), door.page).then((said) => ({
      content: markdownMessage(said, DISCORD_LONGEST),
      allowed_mentions: { parse: [] },
    }));
    const now = await within(door, message, DISCORD_PATIENCE);
    if (now !== null) return { type: 4, data: now };
    const url = `${apiUrl}/webhooks/${application_id}/${token}/messages/@original`;
    door.later(
      context,
      message.then((said) => send('PATCH', url, said)).then(() => undefined),
    );
    return { type: 5 };
  });
}

/** Options stand for words, in the order of a sentence. */
function discordText(data: z.infer<typeof interaction>['data']): string {
  const value = (name: string) => data?.options.find((given) => given.name === name)?.value;
  const word = (given: unknown) => `"${String(given).replaceAll('"', '')}"`;
  const words = ['from', 'to', 'port'].flatMap((name) => (value(name) === undefined ? [] : [word(value(name))]));
  const at = value('at');
  return `${data?.name ?? ''} ${words.join(' ')}${at === undefined ? '' : data?.name === 'why' ? ` at ${word(at)}` : ` ${word(at)}`} ${value('text') ?? ''}`;
}
