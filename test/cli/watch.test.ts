import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Output } from '../../src/cli/output.ts';
import { watchAnswer } from '../../src/cli/watch.ts';
import { explain } from '../../src/engine/index.ts';
import type { Answer } from '../../src/model/answer.ts';
import { UserError } from '../../src/model/errors.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { runCli } from '../doors/run-cli.ts';
import { hostOne } from '../doors/small-estate.ts';

const ask = (facts: EstateFacts): Answer => explain(buildModel(facts), { from: 'web', to: 'db', protocol: 'tcp', port: 5432 });
const open = ask([hostOne()]);
const counted = ask([{ ...hostOne(), facts: hostOne().facts.map((fact) => ({ ...fact, data: fact.data.replace('[9:540]', '[99:5400]') })) }]);
const dropped = ask([{ ...hostOne(), facts: hostOne().facts.map((fact) => (fact.source === 'ss' && fact.netns === '3' ? { ...fact, data: '' } : fact)) }]);

let printed: string[];
const output: Output = {
  terminal: { width: 80, fits: true, colour: false },
  print: (lines) => printed.push(...lines),
  printJson: () => {},
  note: () => {},
};
beforeEach(() => {
  printed = [];
});

/** Answers in turn, a minute apart; after the last one it is interrupted. */
async function watch(answers: readonly (Answer | Error)[], json = false): Promise<Answer | null> {
  const stop = new AbortController();
  let asked = 0;
  return watchAnswer(
    async () => {
      const answer = answers[asked++]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    output,
    {
      json,
      now: () => new Date(Date.UTC(2026, 0, 1, 10, asked)),
      pause: async () => {
        if (asked === answers.length) stop.abort();
      },
      signal: stop.signal,
    },
  );
}

const gone = new UserError('UNKNOWN_ENDPOINT', 'No endpoint is called db.', 'Look for it.');
const titles = () => printed.filter((line) => /^2026/.test(line));

test('the answer is printed when it turns, with the time and what turned, and not in between', async () => {
  expect([open.verdict, dropped.verdict]).toEqual(['REACHABLE', 'UNREACHABLE']);
  const last = await watch([open, counted, open, dropped, dropped, open]);
  expect(titles()).toEqual([
    '2026-01-01T10:01:00.000Z watching',
    '2026-01-01T10:04:00.000Z was REACHABLE, is UNREACHABLE (NO_LISTENER)',
    '2026-01-01T10:06:00.000Z was UNREACHABLE (NO_LISTENER), is REACHABLE',
  ]);
  expect(printed).toContain('REACHABLE (CONNECTED)');
  expect(last).toBe(open);
});

test('with --json a line each', async () => {
  await watch([open, counted, dropped], true);
  expect(printed.map((line) => JSON.parse(line))).toMatchObject([
    { at: '2026-01-01T10:01:00.000Z', turned: null, answer: { verdict: 'REACHABLE' } },
    { at: '2026-01-01T10:03:00.000Z', turned: 'was REACHABLE, is UNREACHABLE (NO_LISTENER)', answer: { verdict: 'UNREACHABLE' } },
  ]);
});

test('an answer that cannot be had is a turn, not the end', async () => {
  expect(await watch([open, gone, gone, open])).toBe(open);
  expect(titles().slice(1)).toEqual([
    '2026-01-01T10:02:00.000Z was REACHABLE, is no answer (UNKNOWN_ENDPOINT)',
    '2026-01-01T10:04:00.000Z was no answer (UNKNOWN_ENDPOINT), is REACHABLE',
  ]);
  expect(printed).toContain('No endpoint is called db.');
});

test('a question that cannot be asked at all is refused at once, and so is a bug', async () => {
  await expect(watch([gone, open])).rejects.toBe(gone);
  await expect(watch([open, new TypeError('bug')])).rejects.toThrow('bug');
});

test('an interruption does not wait for the answer that is under way', async () => {
  const stop = new AbortController();
  const never = new Promise<Answer>(() => {});
  const watched = watchAnswer(() => never, output, { json: false, now: () => new Date(), pause: async () => {}, signal: stop.signal });
  stop.abort();
  expect(await watched).toBeNull();
});

describe('what cannot be watched is refused', () => {
  test.each([
    [['--recording', 'demo/estate.tar.gz'], 'cannot be used with'],
    [['--snapshot', 'latest'], 'cannot be used with'],
    [['--batch', 'x.json'], 'cannot be used with'],
    [['--interval', '0'], 'not a number of seconds'],
    [['--interval', 'often'], 'not a number of seconds'],
  ])('%s', async (options, message) => {
    const { code, err } = await runCli('why', 'web', 'db:5432', '--watch', ...options);
    expect(code).toBe(3);
    expect(err).toContain(message);
  });
});
