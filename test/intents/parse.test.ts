import { describe, expect, test } from '@jest/globals';
import { parseIntent } from '../../src/intents/parse.ts';
import { readIntents } from '../../src/intents/read.ts';
import { UserError } from '../../src/model/errors.ts';

const name = (reference: string) => ({ kind: 'name', reference });

function refused(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('an intent in words', () => {
  test.each([
    ['web must reach db:5432', { kind: 'must', subjects: [name('web')], target: { party: name('db'), port: 5432, protocol: 'tcp' } }],
    ['web must reach names:53/udp', { kind: 'must', subjects: [name('web')], target: { party: name('names'), port: 53, protocol: 'udp' } }],
    ['internet must not reach db', { kind: 'must-not', subjects: [name('internet')], target: { party: name('db'), port: null, protocol: 'tcp' } }],
    ['host:h1 must reach host:h2:22', { kind: 'must', subjects: [name('host:h1')], target: { party: name('host:h2'), port: 22, protocol: 'tcp' } }],
    ['web must reach [fd00::1]:80', { kind: 'must', subjects: [name('web')], target: { party: name('fd00::1'), port: 80, protocol: 'tcp' } }],
    [
      'every container labelled tier=web must reach cache:6379',
      { kind: 'must', subjects: [{ kind: 'labelled', key: 'tier', value: 'web' }], target: { party: name('cache'), port: 6379, protocol: 'tcp' } },
    ],
    [
      'every container in network front must not reach every container in network back:5432',
      { kind: 'must-not', subjects: [{ kind: 'network', name: 'front' }], target: { party: { kind: 'network', name: 'back' }, port: 5432, protocol: 'tcp' } },
    ],
    [
      'every container of project shop must reach every container of project log:514/udp',
      { kind: 'must', subjects: [{ kind: 'project', name: 'shop' }], target: { party: { kind: 'project', name: 'log' }, port: 514, protocol: 'udp' } },
    ],
    ['only proxy may reach app:8080', { kind: 'only', subjects: [name('proxy')], target: { party: name('app'), port: 8080, protocol: 'tcp' } }],
    [
      'only a, b and host:h1 may reach app',
      { kind: 'only', subjects: [name('a'), name('b'), name('host:h1')], target: { party: name('app'), port: null, protocol: 'tcp' } },
    ],
  ])('%s', (text, expected) => {
    expect(parseIntent(text, 'x:1')).toEqual({ ...expected, text });
  });

  test('is known by its text with single spaces', () => {
    expect(parseIntent('  web   must\n reach db:1 ', 'x:1').text).toBe('web must reach db:1');
  });

  test.each([
    ['web should reach db:5432', '`must reach`, `must not reach`, or `only ... may reach`'],
    ['web must db:5432', '`reach TARGET` after `must`'],
    ['web must not', '`reach TARGET` after `must`'],
    ['only web must reach db', '`may reach TARGET` after the names'],
    ['every host must reach db:1', '`every container labelled KEY=VALUE`'],
    ['web and api must reach db:1', 'one name in place of "web and api"'],
    ['web must reach db:70000', 'a target: port 70000 does not exist'],
    ['web must reach every container in network n:0', 'a port of 1 to 65535'],
    ['web must reach db/udp', 'a port before /udp'],
    ['web must reach db/icmp', '/tcp or /udp'],
    ['db must not reach internet', 'a port behind `internet`'],
    ['only a,, b may reach c:1', 'one name in place of ""'],
    [`${'a'.repeat(1000)} must reach b:1`, 'at most 1000 characters'],
  ])('%s is refused: %s', (text, expected) => {
    const error = refused(() => parseIntent(text, 'intents.yaml:7'));
    expect(error.code).toBe('BAD_INTENT');
    expect(error.message).toContain('intents.yaml:7: ');
    expect(error.message).toContain(`expected ${expected}`);
  });
});

describe('a file of intents', () => {
  test('is a list, or has one under `intents`', () => {
    const texts = (text: string) => readIntents('f', text).map((intent) => intent.text);
    expect(texts('# ours\n- web must reach db:5432\n- "internet must not reach db"\n')).toEqual(['web must reach db:5432', 'internet must not reach db']);
    expect(texts('listen: 1\nintents:\n  - web must reach db:5432\n')).toEqual(['web must reach db:5432']);
  });

  test.each([
    ['- web must reach db:5432\n\n- web mustreach db:1\n', 'f:3: '],
    ['- web must reach db:5432\n- {a: 1}\n', 'f:2: expected an intent as one text'],
    ['- web must reach db:5432\n- 17\n', 'f:2: expected an intent as one text'],
    ['web must reach db:5432', 'f:1: expected a list'],
    ['', 'f: expected a list'],
    ['- "web', 'f:1: not valid YAML'],
    ['- web must reach db:1\n- web  must reach db:1\n', 'f:2: "web must reach db:1" stands at f:1 already'],
  ])('%j is refused with its line', (text, message) => {
    const error = refused(() => readIntents('f', text));
    expect(error.code).toBe('BAD_INTENT');
    expect(error.message).toContain(message);
  });
});
