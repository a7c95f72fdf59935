/** Slack: slash commands, and what it is mentioned in. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Context } from '../operations/context.ts';
import { answerChat } from './answer.ts';
import { type Command, parseCommand } from './command.ts';
import { asChatter, type Door, formOf, header, jsonOf, refused, send, within } from './door.ts';
import type { SlackSettings } from './settings.ts';
import { isFromSlack, Seen, type Signed } from './signatures.ts';
import { slackMessage } from './slack-blocks.ts';
import { slackText } from './slack-text.ts';

/** Slack waits three seconds. */
const PATIENCE = 2000;

const signed = { config: { access: 'signed' } } as const;

export function registerSlack(app: FastifyInstance, door: Door, settings: SlackSettings): void {
  const signatures = new Seen();
  const events = new Seen();

  /** Throws UserError UNAUTHENTICATED. */
  const verified = (request: FastifyRequest): Signed => {
    const given = { timestamp: header(request, 'x-slack-request-timestamp'), signature: header(request, 'x-slack-signature'), body: request.body as Buffer };
    if (!Buffer.isBuffer(given.body) || !isFromSlack(settings.signingSecret, given, door.now()))
      throw refused('Slack did not sign it within the last five minutes');
    return given;
  };
  const onlyOnce = ({ signature }: Signed) => {
    if (!signatures.add(signature, door.now())) throw refused('it was here before');
  };
  const isAllowed = (team: string, channel: string, user: string) =>
    [
      [settings.teams, team],
      [settings.channels, channel],
      [settings.users, user],
    ].every(([allowed, one]) => allowed!.length === 0 || allowed!.includes(one as string));
  const noteRefusal = ({ audit, principal }: Context) =>
    audit?.({ principal: principal.name, door: 'chat', operation: 'slack', target: null, result: 'FORBIDDEN' });

  app.post('/chat/slack/commands', signed, async (request, reply) => {
    const given = verified(request);
    onlyOnce(given);
    const form = formOf(given.body);
    if (form.ssl_check === '1') return reply.send('');
    const { command = '', text = '', team_id = '', channel_id = '', user_id = '', response_url: address = '' } = form;
    const context = asChatter(door.contextOf(request), `slack:${user_id}`);
    if (!isAllowed(team_id, channel_id, user_id)) {
      noteRefusal(context);
      return { response_type: 'ephemeral', text: 'You may not ask netwhy here: its configuration names who may.' };
    }
    const message = answerChat(context, () => commandOf(command, slackText(text)), door.page).then((said) => ({
      response_type: said.audience === 'all' ? 'in_channel' : 'ephemeral',
      ...slackMessage(said),
    }));
    const now = await within(door, message, PATIENCE);
    if (now !== null) return now;
    if (!isOf(settings.hooksUrl, address))
      return { response_type: 'ephemeral', text: 'This takes longer than Slack waits, and Slack named no address for later.' };
    door.later(
      context,
      message.then((said) => send('POST', address, { ...said, replace_original: false })).then(() => undefined),
    );
    return { response_type: 'ephemeral', text: 'Looking. The answer comes here in a moment.' };
  });

  app.post('/chat/slack/events', signed, async (request, reply) => {
    const given = verified(request);
    const body = jsonOf(given.body);
    const id = String(body.event_id ?? '');
    const isNew = id === '' || events.add(id, door.now());
    if (!isNew && header(request, 'x-slack-retry-num') !== '') return reply.header('x-slack-no-retry', '1').send({});
    onlyOnce(given);
    if (body.type === 'url_verification') return { challenge: String(body.challenge ?? '') };
    const mention = body.type === 'event_callback' && isNew ? mentionOf(body) : null;
    if (mention && settings.botToken !== null) answerMention(request, mention, settings.botToken);
    return {};
  });

  /** Slack is answered at once, the one who asks when the answer is there. */
  function answerMention(request: FastifyRequest, { team, channel, user, text, thread }: Mention, token: string): void {
    const context = asChatter(door.contextOf(request), `slack:${user}`);
    if (!isAllowed(team, channel, user)) {
      noteRefusal(context);
      return;
    }
    const work = async () => {
      const said = slackMessage(await answerChat(context, () => parseCommand(slackText(text)), door.page));
      const url = `${settings.apiUrl}/chat.postMessage`;
      const { ok, error } = await send('POST', url, { channel, ...(thread && { thread_ts: thread }), ...said }, { authorization: `Bearer ${token}` });
      if (ok !== true) throw new Error(`Slack did not take an answer: ${String(error).slice(0, 100)}`);
    };
    door.later(context, work());
  }
}

/** `/why` asks why; a command of another name says it in its text. */
function commandOf(name: string, text: string): Command {
  const bare = name.replace(/^\//, '');
  return parseCommand(/^(why|netdiff|diff|intents)$/i.test(bare) ? `${bare} ${text}` : text);
}

/** Whether an address is at that place: the same origin, and below its path. */
function isOf(place: string, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const [at, url] = [new URL(place), new URL(address)];
  return url.origin === at.origin && url.username === '' && url.password === '' && url.pathname.startsWith(at.pathname);
}

interface Mention {
  readonly team: string;
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly thread: string | null;
}

/** Null: nobody asked; what bots say is not answered. */
function mentionOf(body: Readonly<Record<string, unknown>>): Mention | null {
  const event = (typeof body.event === 'object' && body.event !== null ? body.event : {}) as Readonly<Record<string, unknown>>;
  const asked = event.type === 'app_mention' || (event.type === 'message' && event.channel_type === 'im');
  const { channel, user, text, ts, thread_ts: thread } = event;
  if (!asked || event.bot_id !== undefined || event.subtype !== undefined) return null;
  if (typeof channel !== 'string' || typeof user !== 'string' || typeof text !== 'string') return null;
  const within = thread ?? (event.type === 'app_mention' ? ts : null);
  return { team: String(body.team_id ?? ''), channel, user, text, thread: typeof within === 'string' ? within : null };
}
