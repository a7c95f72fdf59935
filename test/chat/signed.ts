/** Requests as chats send them, signed with keys of our own. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

export const NOW = Date.parse('2026-01-02T03:04:05Z');
export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
export const TEAMS_SECRET = Buffer.from('a key of thirty-two bytes, more or less').toString('base64');

/** No two requests are the same. */
let count = 0;

export interface SignedRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload: string;
}

interface When {
  /** Milliseconds since 1970. */
  readonly at?: number;
  readonly secret?: string;
}

function slack(url: string, type: string, payload: string, { at = NOW, secret = SECRET }: When): SignedRequest {
  const timestamp = String(Math.floor(at / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${payload}`).digest('hex')}`;
  return { method: 'POST', url, headers: { 'content-type': type, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature }, payload };
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling, the fields that Slack sends. */
export function slashCommand(command: string, text: string, more: Record<string, string> = {}, when: When = {}): SignedRequest {
  const form = {
    token: 'gIkuvaNzQIHg97ATvDxqgjtO',
    team_id: 'T0001',
    team_domain: 'example',
    channel_id: 'C2147483705',
    channel_name: 'test',
    user_id: 'U2147483697',
    user_name: 'steve',
    command,
    text,
    api_app_id: 'A123456',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/1234/5678',
    trigger_id: `13345224609.738474920.${++count}`,
    ...more,
  };
  return slack('/chat/slack/commands', 'application/x-www-form-urlencoded', new URLSearchParams(form).toString(), when);
}

/** https://docs.slack.dev/reference/events/app_mention */
export function slackEvent(body: Record<string, unknown>, when: When = {}): SignedRequest {
  return slack('/chat/slack/events', 'application/json', JSON.stringify(body), when);
}

export const mention = (text: string, id = `Ev${++count}`, event: Record<string, unknown> = {}) => ({
  token: 'XXYYZZ',
  team_id: 'T0001',
  api_app_id: 'A123456',
  event: { type: 'app_mention', user: 'U061F7AUR', text, ts: '1515449522.000016', channel: 'C0LAN2Q65', event_ts: '1515449522000016', ...event },
  type: 'event_callback',
  event_id: id,
  event_time: 1515449522,
  authed_users: ['U0LAN0Z89'],
});

/** https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook */
export function teamsMessage(text: string, { at = NOW, secret = TEAMS_SECRET }: When = {}): SignedRequest {
  const payload = JSON.stringify({
    type: 'message',
    id: `148598340${++count}`,
    timestamp: new Date(at).toISOString(),
    serviceUrl: 'https://smba.trafficmanager.net/amer/',
    channelId: 'msteams',
    from: { id: '29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgFmB39ATiQWA85gQtHieVkKilBZ9XHoq9j7Zaqt7CZ', name: 'Larry Jin' },
    text: `<at>netwhy</at> ${text}`,
  });
  const authorization = `HMAC ${createHmac('sha256', Buffer.from(secret, 'base64')).update(payload).digest('base64')}`;
  return { method: 'POST', url: '/chat/teams', headers: { 'content-type': 'application/json; charset=utf-8', authorization }, payload };
}

const pair = generateKeyPairSync('ed25519');
export const DISCORD_KEY = (pair.publicKey.export({ format: 'der', type: 'spki' }) as Buffer).subarray(-32).toString('hex');

/** https://discord.com/developers/docs/interactions/receiving-and-responding */
export function interaction(body: Record<string, unknown>, { at = NOW }: When = {}): SignedRequest {
  const timestamp = String(Math.floor(at / 1000));
  const payload = JSON.stringify({ id: `78600872971521${++count}`, application_id: '845027738276462632', token: 'A_UNIQUE.TOKEN-1', version: 1, ...body });
  const signature = sign(null, Buffer.from(timestamp + payload), pair.privateKey).toString('hex');
  return {
    method: 'POST',
    url: '/chat/discord',
    headers: { 'content-type': 'application/json', 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature },
    payload,
  };
}

export const discordCommand = (name: string, options: Record<string, unknown>) => ({
  type: 2,
  member: { user: { id: '53908232506183680', username: 'Mason' } },
  data: { id: '771825006014889984', name, type: 1, options: Object.entries(options).map(([option, value]) => ({ type: 3, name: option, value })) },
});
