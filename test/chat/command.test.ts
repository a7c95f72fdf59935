import { describe, expect, test } from '@jest/globals';
import { parseCommand } from '../../src/chat/command.ts';
import { slackText } from '../../src/chat/slack-text.ts';
import type { UserError } from '../../src/model/errors.ts';

describe('a question', () => {
  test.each([
    ['why web db:5432', 'web', 'db:5432', null],
    ['/why web db:5432', 'web', 'db:5432', null],
    ['WHY from web to db:5432', 'web', 'db:5432', null],
    ['why web -> db:5432', 'web', 'db:5432', null],
    ['why web → db:5432', 'web', 'db:5432', null],
    ['why web db 5432', 'web', 'db:5432', null],
    ['why web dns udp/53', 'web', 'dns:53/udp', null],
    ['why web dns 53/udp', 'web', 'dns:53/udp', null],
    ['why web dns:53/udp', 'web', 'dns:53/udp', null],
    ['why web db icmp', 'web', 'db/icmp', null],
    ['why web db:1 at 1h ago', 'web', 'db:1', '1h ago'],
    ['why web db:1 at "before the fire"', 'web', 'db:1', 'before the fire'],
    ['why "to" \'at\':1', 'to', 'at:1', null],
    ['why “web” ‘db:1’', 'web', 'db:1', null],
    ["why can't web reach db:5432?", 'web', 'db:5432', null],
    ['can web talk to db:5432', 'web', 'db:5432', null],
    ['why not can:1', 'not', 'can:1', null],
  ])('%s', (text, from, to, at) => {
    expect(parseCommand(text)).toEqual({ kind: 'why', from, to, at });
  });
});

test.each([
  ['netdiff', { kind: 'diff', from: null, to: null }],
  ['netdiff yesterday now', { kind: 'diff', from: 'yesterday', to: 'now' }],
  ['diff yesterday to now', { kind: 'diff', from: 'yesterday', to: 'now' }],
  ['netdiff 1h ago -> live', { kind: 'diff', from: '1h ago', to: 'live' }],
  ['netdiff 2 days ago 1 day ago', { kind: 'diff', from: '2days ago', to: '1day ago' }],
  ['intents', { kind: 'intents', at: null }],
  ['intents previous', { kind: 'intents', at: 'previous' }],
  ['', { kind: 'help' }],
  ['help', { kind: 'help' }],
  ['why help', { kind: 'help' }],
])('%s', (text, command) => {
  expect(parseCommand(text)).toEqual(command);
});

test.each<readonly [string, RegExp, readonly string[]]>([
  ['wy web db:1', /"wy" is no command/, ['why']],
  ['why web', /a source and a target/, []],
  ['why web db:1 at', /Nothing stands behind `at`/, []],
  ['why can’t web reach db on', /"on" is no port/, []],
  ['why web db soon', /"soon" is no port/, []],
  ['why web db 1 2', /"2" is one word too many/, []],
  ['netdiff a b c', /"c" is one word too many/, []],
  ['intents a b', /"b" is one word too many/, []],
  ['x'.repeat(3000), /longer than 2000/, []],
])('%.30s is told how to ask', (text, message, candidates) => {
  try {
    parseCommand(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT', message: expect.stringMatching(message) });
    expect((error as UserError).candidates).toEqual(expect.arrayContaining([...candidates]));
    return;
  }
  throw new Error('it was understood');
});

test.each([
  ['<@U0LAN0Z89> why web db:5432', 'why web db:5432'],
  ['why web <http://db:5432|db:5432>', 'why web db:5432'],
  ['why web <https://db/>', 'why web https://db/'],
  ['why a -&gt; b:1', 'why a -> b:1'],
  ['why &amp;lt; b:1', 'why &lt; b:1'],
])('%s is what a person typed as %s', (sent, typed) => {
  expect(slackText(sent)).toBe(typed);
});
