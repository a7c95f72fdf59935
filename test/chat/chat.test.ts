// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** Chats ask by requests that they sign. */
import { type Server as HttpServer, createServer as listen } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { OPEN } from '../../src/access/settings.ts';
import { type ChatDoor, registerChat } from '../../src/chat/index.ts';
import type { ChatSettings } from '../../src/chat/settings.ts';
import type { AuditEntry } from '../../src/model/access.ts';
import { handleErrors } from '../../src/rest/index.ts';
import { createServer, type Server } from '../../src/server.ts';
import { type Service, startService } from '../doors/service.ts';
import { changedEstate, HOSTILE, smallEstate } from '../doors/small-estate.ts';
import {
  DISCORD_KEY,
  discordCommand,
  interaction,
  mention,
  NOW,
  SECRET,
  type SignedRequest,
  slackEvent,
  slashCommand,
  TEAMS_SECRET,
  teamsMessage,
} from './signed.ts';

let service: Service;
let app: FastifyInstance;
/** What the chat's own service was sent. */
let sent: { readonly method: string; readonly path: string; readonly authorization: string | undefined; readonly body: any }[] = [];
let chatService: HttpServer;
let settings: ChatSettings;
let clock = NOW;
const audited: any[] = [];

beforeAll(async () => {
  chatService = listen((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      sent.push({ method: request.method!, path: request.url!, authorization: request.headers.authorization, body: JSON.parse(text) });
      response.end('{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => chatService.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(chatService.address() as AddressInfo).port}`;
  const slack = { signingSecret: SECRET, botToken: 'xoxb-1', teams: [], channels: [], users: [], apiUrl: `${base}/api`, hooksUrl: `${base}/hooks` };
  settings = { slack, mattermost: { token: 'mm-token' }, teams: { secret: TEAMS_SECRET }, discord: { publicKey: DISCORD_KEY, apiUrl: `${base}/discord` } };

  service = await startService(smallEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'before' });
  service.setFacts(changedEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'after' });
});
beforeEach(async () => {
  sent = [];
  audited.length = 0;
  clock = NOW;
  app = await chats(settings);
});
afterEach(() => app.close());
afterAll(async () => {
  chatService.close();
  await service.stop();
});

/** The chats alone, without the service around them. */
async function chats(configured: ChatSettings, more: Partial<ChatDoor> = {}): Promise<FastifyInstance> {
  const alone = fastify();
  handleErrors(alone);
  const contextOf = () => ({ ...service.context, audit: (line: AuditEntry) => void audited.push(line) });
  await registerChat(alone, { contextOf, page: 'https://netwhy.example.org', now: () => clock, ...more }, configured);
  return alone;
}

const ask = async (request: SignedRequest, to: FastifyInstance = app) => {
  const reply = await to.inject({ ...request, headers: { ...request.headers, host: 'netwhy.example.org' } });
  return { status: reply.statusCode, json: reply.body === '' ? null : (reply.json() as any), headers: reply.headers };
};
/** All that is said in blocks. */
const said = (blocks: any[]) => JSON.stringify(blocks);

describe('a slash command', () => {
  test('gets verdict, sentence, evidence, since when and a link to the page', async () => {
    const { status, json } = await ask(slashCommand('/why', '10.0.0.66 10.0.0.1:8080'));
    expect([status, json.response_type]).toEqual([200, 'in_channel']);
    expect(json.blocks[0]).toEqual({ type: 'header', text: { type: 'plain_text', text: '✖ UNREACHABLE: 10.0.0.66 → 10.0.0.1:8080', emoji: false } });
    const rest = await service.rest('POST', '/api/v1/reachability?since=true', { from: '10.0.0.66', to: '10.0.0.1:8080' });
    expect(json.blocks[1].text.text).toBe(rest.json.summary);
    expect(said(json.blocks)).toContain('-A DOCKER-USER -s 10.0.0.66/32 -j DROP');
    expect(said(json.blocks)).toContain(`Since when: ${rest.json.since.text}`);
    expect(said(json.blocks)).toContain('Fix: ');
    expect(json.blocks.at(-1).elements[0].text).toBe('<https://netwhy.example.org/#/why?from=10.0.0.66&amp;to=10.0.0.1%3A8080|Open in netwhy>');
    expect(audited).toMatchObject([{ principal: 'slack:U2147483697', door: 'chat', operation: 'why', result: 'done' }]);
  });

  test.each([
    ['/why', 'web db:5432', '✔ REACHABLE: web → db:5432'],
    ['/why', 'web to db 5432', '✔ REACHABLE: web → db:5432'],
    ['/why', 'web -&gt; db:5432 at before', '✔ REACHABLE: web → db:5432'],
    ['/why', '“web” <http://db:5432|db:5432>', '✔ REACHABLE: web → db:5432'],
    ['/netwhy', "why can't web reach db:81?", '✖ UNREACHABLE: web → db:81'],
    ['/netdiff', 'before after', /^Changes: before of .* → after of /],
    ['/netdiff', 'before to now', /^Changes: before of .* → now$/],
    ['/intents', '', 'No intents were checked'],
    ['/netwhy', 'help', "Why can't A reach B?"],
  ])('%s %s', async (command, text, title) => {
    const { json } = await ask(slashCommand(command, text));
    expect(json.blocks[0].text.text).toEqual(typeof title === 'string' ? title : expect.stringMatching(title));
  });

  test.each([
    ['web', /a source and a target/, /why FROM TO:PORT/],
    ['web db:5432 now please', /one word too many|no port/, /why FROM TO:PORT/],
    ['wep db:5432', /nothing is called wep/, /Nearest: .*web/],
    ['web db', /names no port/, /db:80/],
    ['web db:5432 at befor', /no snapshot/, /Nearest: before/],
  ])('that says %s is told what is wrong, for the asker alone', async (text, message, help) => {
    const { status, json } = await ask(slashCommand('/why', text));
    expect([status, json.response_type]).toEqual([200, 'ephemeral']);
    expect(said(json.blocks)).toMatch(message);
    expect(said(json.blocks)).toMatch(help);
  });

  test('of who is not named is refused, where some are', async () => {
    const other = await chats({ ...settings, slack: { ...settings.slack!, channels: ['C1'], users: ['U1'] } });
    const denied = await ask(slashCommand('/why', 'web db:5432', { channel_id: 'C2', user_id: 'U1' }), other);
    expect(denied.json).toEqual({ response_type: 'ephemeral', text: expect.stringMatching(/may not ask/) });
    expect((await ask(slashCommand('/why', 'web db:5432', { channel_id: 'C1', user_id: 'U1' }), other)).json.blocks).toBeDefined();
    await other.close();
  });
});

describe('what nobody signed is refused', () => {
  const good = () => slashCommand('/why', 'web db:5432');
  const changed = (request: SignedRequest, headers: Record<string, string>): SignedRequest => ({ ...request, headers: { ...request.headers, ...headers } });
  const without = (request: SignedRequest, name: string): SignedRequest => ({
    ...request,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([key]) => key !== name)),
  });

  test.each<readonly [string, () => SignedRequest]>([
    ['another secret', () => slashCommand('/why', 'web db:5432', {}, { secret: 'guess' })],
    ['six minutes old', () => slashCommand('/why', 'web db:5432', {}, { at: NOW - 360_000 })],
    ['six minutes ahead', () => slashCommand('/why', 'web db:5432', {}, { at: NOW + 360_000 })],
    ['no signature', () => without(good(), 'x-slack-signature')],
    ['no time', () => without(good(), 'x-slack-request-timestamp')],
    ['a time that is none', () => changed(good(), { 'x-slack-request-timestamp': 'NaN' })],
    ['a short signature', () => changed(good(), { 'x-slack-signature': 'v0=00' })],
    ['a long signature', () => changed(good(), { 'x-slack-signature': `v0=${'0'.repeat(5000)}` })],
    ['another body', () => ({ ...good(), payload: good().payload.replace('db', 'xx') })],
    ['an event with another secret', () => slackEvent({ type: 'url_verification', challenge: 'x' }, { secret: 'guess' })],
    ['Teams, another secret', () => teamsMessage('why web db:5432', { secret: Buffer.from('guess').toString('base64') })],
    ['Teams, six minutes old', () => teamsMessage('why web db:5432', { at: NOW - 360_000 })],
    ['Teams, no signature', () => without(teamsMessage('why web db:5432'), 'authorization')],
    ['Discord, another body', () => ({ ...interaction({ type: 1 }), payload: '{"type":1}' })],
    ['Discord, a short signature', () => changed(interaction({ type: 1 }), { 'x-signature-ed25519': '00' })],
    ['Discord, six minutes old', () => interaction({ type: 1 }, { at: NOW - 360_000 })],
    ['Mattermost, another token', () => mattermost('why web db:5432', 'guess')],
    ['Mattermost, no token', () => mattermost('why web db:5432', '')],
  ])('%s', async (_, request) => {
    const { status, json } = await ask(request());
    expect([status, json.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(JSON.stringify(json)).not.toContain(SECRET);
    expect(audited).toMatchObject([{ principal: 'nobody', door: 'chat', operation: expect.stringMatching(/^POST \/chat\//), result: 'UNAUTHENTICATED' }]);
  });

  test.each<readonly [string, SignedRequest]>([
    ['Slack', slashCommand('/why', 'web db:5432')],
    ['Teams', teamsMessage('why web db:5432')],
    ['Discord', interaction(discordCommand('why', { from: 'web', to: 'db:5432' }))],
  ])('%s, here before', async (_, request) => {
    expect((await ask(request)).status).toBe(200);
    clock += 240_000;
    expect((await ask(request)).status).toBe(401);
  });

  test.each(['/chat/slack/commands', '/chat/slack/events', '/chat/teams', '/chat/discord', '/chat/mattermost', '/chat'])(
    'a hundred kilobytes for %s',
    async (url) => {
      const { status } = await ask({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload: 'x'.repeat(100 * 1024) });
      expect(status).toBe(413);
    },
  );

  test('a chat that the configuration does not name has no door', async () => {
    const other = await chats({ slack: null, mattermost: null, teams: null, discord: null });
    for (const request of [slashCommand('/why', 'a b:1'), teamsMessage('x'), interaction({ type: 1 })]) expect((await ask(request, other)).status).toBe(404);
    await other.close();
  });
});

describe('an event', () => {
  test('by which Slack asks whether the address is ours', async () => {
    expect((await ask(slackEvent({ token: 'x', challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P', type: 'url_verification' }))).json).toEqual({
      challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    });
  });

  const settled = () => app.close();

  test('of a mention is answered in its thread, once', async () => {
    expect(await ask(slackEvent(mention('<@U0LAN0Z89> why web db:5432', 'Ev-once')))).toMatchObject({ status: 200, json: {} });
    clock += 10_000;
    const again = slackEvent(mention('<@U0LAN0Z89> why web db:5432', 'Ev-once'), { at: clock });
    const retried = await ask({ ...again, headers: { ...again.headers, 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' } });
    expect([retried.status, retried.headers['x-slack-no-retry']]).toEqual([200, '1']);
    await settled();
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/api/chat.postMessage',
        authorization: 'Bearer xoxb-1',
        body: { channel: 'C0LAN2Q65', thread_ts: '1515449522.000016', blocks: expect.any(Array) },
      },
    ]);
    expect(sent[0]!.body.blocks[0].text.text).toBe('✔ REACHABLE: web → db:5432');
  });

  test.each([
    ['of a bot', { bot_id: 'B1' }],
    ['of an edit', { type: 'message', channel_type: 'im', subtype: 'message_changed' }],
    ['that is no mention', { type: 'message', channel_type: 'channel' }],
    ['without a text', { text: undefined }],
  ])('%s is not answered', async (_, event) => {
    expect((await ask(slackEvent(mention('why web db:5432', undefined, event)))).status).toBe(200);
    await settled();
    expect(sent).toEqual([]);
  });

  test('that is no JSON is refused', async () => {
    const request = { ...slackEvent({}) };
    const broken = slackEvent([] as never);
    expect((await ask({ ...broken })).json.code).toBe('BAD_ARGUMENT');
    expect((await ask(request)).status).toBe(200);
  });
});

describe('an answer that takes longer than the chat waits', () => {
  async function slowApp() {
    let goOn = () => {};
    let isOver = () => {};
    const slow = jest.spyOn(service.context.estates, 'at').mockImplementation(async function (this: any, reference: any) {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      slow.mockRestore();
      return service.context.estates.at(reference);
    });
    const waited: number[] = [];
    const wait = (ms: number) => {
      waited.push(ms);
      return new Promise<void>((resolve) => {
        isOver = resolve;
      });
    };
    return { app: await chats(settings, { wait }), waited, timeIsOver: () => isOver(), answerIsThere: () => goOn() };
  }
  const begun = async (waited: readonly number[]) => {
    while (waited.length === 0) await new Promise((resolve) => setImmediate(resolve));
  };

  test('is sent to where Slack said', async () => {
    const { app, waited, timeIsOver, answerIsThere } = await slowApp();
    const reply = ask(slashCommand('/why', 'web db:5432', { response_url: `${settings.slack!.hooksUrl}/commands/T1/2/x` }), app);
    await begun(waited);
    timeIsOver();
    expect((await reply).json).toEqual({ response_type: 'ephemeral', text: expect.stringMatching(/Looking/) });
    expect(waited).toEqual([2000]);
    answerIsThere();
    await app.close();
    expect(sent).toMatchObject([{ method: 'POST', path: '/hooks/commands/T1/2/x', body: { response_type: 'in_channel', replace_original: false } }]);
    expect(sent[0]!.body.blocks[0].text.text).toBe('✔ REACHABLE: web → db:5432');
  });

  test.each(['https://evil.example/x', 'http://127.0.0.1:1/hooks/x', 'file:///etc/passwd', '', 'https://hooks.slack.com.evil.example/'])(
    'is not sent to %j',
    async (address) => {
      const { app, waited, timeIsOver, answerIsThere } = await slowApp();
      const reply = ask(slashCommand('/why', 'web db:5432', { response_url: address }), app);
      await begun(waited);
      timeIsOver();
      expect((await reply).json.text).toMatch(/takes longer than Slack waits/);
      answerIsThere();
      await app.close();
      expect(sent).toEqual([]);
    },
  );

  test('goes to Discord in place of what it shows meanwhile', async () => {
    const { app, waited, timeIsOver, answerIsThere } = await slowApp();
    const reply = ask(interaction(discordCommand('why', { from: 'web', to: 'db:5432' })), app);
    await begun(waited);
    timeIsOver();
    expect((await reply).json).toEqual({ type: 5 });
    answerIsThere();
    await app.close();
    expect(sent).toMatchObject([{ method: 'PATCH', path: '/discord/webhooks/845027738276462632/A_UNIQUE.TOKEN-1/messages/@original' }]);
    expect(sent[0]!.body.content).toMatch(/REACHABLE/);
  });

  test('and that nobody takes is complained of, without the address', async () => {
    const told = jest.spyOn(service.context, 'report');
    const closed = await new Promise<number>((resolve) => {
      const probe = listen().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as AddressInfo;
        probe.close(() => resolve(port));
      });
    });
    const other = await chats({ ...settings, slack: { ...settings.slack!, apiUrl: `http://127.0.0.1:${closed}/secret-path` } });
    await ask(slackEvent(mention('why web db:5432')), other);
    await other.close();
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ message: 'a chat did not take an answer: ECONNREFUSED' }));
    told.mockRestore();
  });
});

function mattermost(text: string, token = 'mm-token', more: Record<string, string> = {}): SignedRequest {
  const form = { channel_id: 'c', command: '/netwhy', team_id: 't', text, token, user_id: 'u', user_name: 'ada', response_url: 'http://127.0.0.1:1/', ...more };
  return {
    method: 'POST',
    url: '/chat/mattermost',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(form).toString(),
  };
}

describe('other chats', () => {
  test.each([
    ['/netwhy', 'why web db:5432', {}],
    ['/why', 'web db:5432', {}],
    ['an outgoing webhook', 'netwhy why web db:5432', { command: '', trigger_word: 'netwhy' }],
  ])('Mattermost: %s', async (command, text, more) => {
    const { status, json } = await ask(mattermost(text, 'mm-token', { command, ...more }));
    expect([status, json.response_type]).toEqual([200, 'in_channel']);
    expect(json.text).toMatch(/^\*\*✔ REACHABLE: web → db:5432\*\*/);
    expect(json.text).toMatch(/\[Open in netwhy\]\(https:\/\/netwhy\.example\.org\/#\/why\?from=web&to=db%3A5432\)$/);
    expect(audited).toMatchObject([{ principal: 'mattermost:ada' }]);
  });

  test('Teams', async () => {
    const { json } = await ask(teamsMessage('why&nbsp;web db:5432'));
    expect(json).toEqual({ type: 'message', text: expect.stringMatching(/^\*\*✔ REACHABLE: web → db:5432\*\*/) });
  });

  test('Discord', async () => {
    expect((await ask(interaction({ type: 1 }))).json).toEqual({ type: 1 });
    const { json } = await ask(interaction(discordCommand('why', { to: 'db:81', from: 'web', at: 'before' })));
    expect(json).toMatchObject({ type: 4, data: { content: expect.stringMatching(/^\*\*✖ UNREACHABLE: web → db:81\*\*/), allowed_mentions: { parse: [] } } });
    expect(json.data.content.length).toBeLessThanOrEqual(2000);
    expect((await ask(interaction({ ...discordCommand('why', {}), application_id: '../../evil' }))).json.code).toBe('BAD_ARGUMENT');
  });

  test('any program with a token', async () => {
    const neutral = (payload: unknown) =>
      ask({ method: 'POST', url: '/chat', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) });
    const { json } = await neutral({ text: 'why 10.0.0.66 10.0.0.1:8080', user: 'ada' });
    expect(json).toMatchObject({
      verdict: 'UNREACHABLE',
      title: '✖ UNREACHABLE: 10.0.0.66 → 10.0.0.1:8080',
      link: expect.stringMatching(/^https:\/\/netwhy\.example\.org\/#\/why/),
    });
    expect(json.text).toContain('**Fix:**');
    expect((await neutral({ text: 5 })).json.code).toBe('BAD_ARGUMENT');
    expect((await neutral({})).status).toBe(400);
  });
});

describe('in the whole service', () => {
  let whole: Server;
  beforeAll(async () => {
    const access = { ...OPEN, publicUrl: 'https://netwhy.example.org', loopback: 'token' as const };
    whole = await createServer(service.context, { chats: settings, access, now: () => NOW, audit: (line) => audited.push(line) });
  });
  afterAll(() => whole.stop());

  test('a signature is enough, by the name that others know', async () => {
    const { status, json } = await ask(slashCommand('/why', 'web db:5432'), whole.app);
    expect([status, json.blocks[0].text.text]).toEqual([200, '✔ REACHABLE: web → db:5432']);
    expect(audited).toMatchObject([{ principal: 'slack:U2147483697', door: 'chat', operation: 'why', result: 'done', address: expect.any(String) }]);
    expect((await ask(slashCommand('/why', 'web db:5432', {}, { secret: 'guess' }), whole.app)).status).toBe(401);
  });

  test('who has no signature needs a token', async () => {
    const { status, json } = await ask(
      { method: 'POST', url: '/chat', headers: { 'content-type': 'application/json' }, payload: '{"text":"help"}' },
      whole.app,
    );
    expect([status, json.code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});

describe('names that others chose', () => {
  const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

  test('neither mention, link nor format, and hide nothing', async () => {
    const evil = '<!channel>&<@U1>*x*`y`@here';
    const { json } = await ask(slashCommand('/why', `"${evil.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}" db:5432`));
    expect(json.text).not.toMatch(/<[!@#]|@here/);
    const markup = JSON.stringify(json.blocks.filter((block: any) => JSON.stringify(block).includes('"mrkdwn"')));
    expect(markup).not.toContain('channel');
    const other = await ask(mattermost(`why "${evil}" db:5432`));
    expect(other.json.text).not.toMatch(/(?<!\\)<!channel|@here|(?<!\\)`y/);
  });

  test("from a terminal's nightmare", async () => {
    const { json } = await ask(slashCommand('/why', `"${HOSTILE.replaceAll('"', '')}" db:5432`));
    for (const block of json.blocks) expect(block.text?.text ?? '').not.toMatch(UNSEEN);
  });

  test('are cut to what Slack takes', async () => {
    const { json } = await ask(slashCommand('/why', `${'x'.repeat(900)} ${'y'.repeat(900)}:80`));
    expect(json.blocks.length).toBeLessThanOrEqual(50);
    for (const block of json.blocks) expect((block.text?.text ?? '').length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3000);
    expect((await ask(slashCommand('/why', 'x'.repeat(5000)))).json.response_type).toBe('ephemeral');
  });
});
