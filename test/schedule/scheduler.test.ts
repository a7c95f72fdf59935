/** Schedules over a clock that is set by hand. */
import { describe, expect, test } from '@jest/globals';
import type { Schedule } from '../../src/model/schedule.ts';
import { here, type Take } from '../../src/schedule/here.ts';
import type { Ledger } from '../../src/schedule/ledger.ts';
import { runOnce } from '../../src/schedule/run.ts';
import { Scheduler } from '../../src/schedule/scheduler.ts';
import { FakeClock, settle } from './fake-clock.ts';

const hourly: Schedule = { name: 'hourly', when: { kind: 'cron', cron: '0 * * * *', timezone: 'UTC' }, jitterSeconds: 0, label: null };
const day = (time: string) => `2026-01-01T${time}Z`;
const time = (at: number) => new Date(at).toISOString().slice(11, 19);

/** What was taken and what was missed, in order. */
function book(before: string | null = null): Ledger & { readonly lines: string[]; readonly taken: Take } {
  const lines: string[] = [];
  let last = before === null ? null : Date.parse(day(before));
  const write = (dueAt: number, line: string) => {
    last = Math.max(last ?? 0, dueAt);
    lines.push(line);
  };
  return {
    lines,
    last: async () => last,
    missed: async (_schedule, dueAt, reason) => write(dueAt, `missed ${time(dueAt)}: ${reason}`),
    failed: async (_schedule, dueAt, reason) => write(dueAt, `failed ${time(dueAt)}: ${reason}`),
    taken: async (_schedule, dueAt) => write(dueAt, `taken ${time(dueAt)}`),
  };
}

function start(clock: FakeClock, ledger: ReturnType<typeof book>, { take = ledger.taken, schedule = hourly, chance = 0 } = {}) {
  const errors: unknown[] = [];
  const report = (error: unknown) => void errors.push(error);
  const scheduler = new Scheduler([schedule], { ledger, hands: here(take, report), clock, chance: () => chance, report });
  return { stop: () => scheduler.stop(), errors };
}

test('takes a snapshot whenever one is due, and none at the start', async () => {
  const clock = new FakeClock(day('00:30:00'));
  const ledger = book();
  const { stop } = start(clock, ledger);
  await clock.runTo(day('03:15:00'));
  await stop();
  expect(ledger.lines).toEqual(['taken 01:00:00', 'taken 02:00:00', 'taken 03:00:00']);
});

test('jitter delays the start, not the time that it is for', async () => {
  const clock = new FakeClock(day('00:30:00'));
  const ledger = book();
  const { stop } = start(clock, ledger, { schedule: { ...hourly, jitterSeconds: 120 }, chance: 0.5 });
  await clock.runTo(day('01:00:59'));
  expect(ledger.lines).toEqual([]);
  await clock.runTo(day('01:01:00'));
  await stop();
  expect(ledger.lines).toEqual(['taken 01:00:00']);
});

test('what is due while the run before has not ended is missed and not queued up', async () => {
  const clock = new FakeClock(day('00:30:00'));
  const ledger = book();
  let end = () => {};
  let running = 0;
  const take: Take = async (schedule, dueAt) => {
    running++;
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    running--;
    await ledger.taken(schedule, dueAt);
  };
  const { stop } = start(clock, ledger, { take });
  await clock.runTo(day('03:30:00'));
  expect(running).toBe(1);
  end();
  await clock.runTo(day('04:30:00'));
  end();
  await stop();
  expect(ledger.lines).toEqual([
    'missed 02:00:00: the run that was due at 2026-01-01T01:00:00.000Z had not ended',
    'missed 03:00:00: the run that was due at 2026-01-01T01:00:00.000Z had not ended',
    'taken 01:00:00',
    'taken 04:00:00',
  ]);
});

describe('what was due while nobody ran', () => {
  test('before the start is missed, as one', async () => {
    const clock = new FakeClock(day('05:30:00'));
    const ledger = book('01:00:00');
    const { stop } = start(clock, ledger);
    await clock.runTo(day('06:00:00'));
    await stop();
    expect(ledger.lines).toEqual([
      'missed 05:00:00: netwhy did not run then, or could not write it down: 4 times from 2026-01-01T02:00:00.000Z to 2026-01-01T05:00:00.000Z',
      'taken 06:00:00',
    ]);
  });

  test('a moment before the start is taken still', async () => {
    const clock = new FakeClock(day('03:00:20'));
    const ledger = book('01:00:00');
    const { stop } = start(clock, ledger);
    await clock.runTo(day('03:00:20'));
    await stop();
    expect(ledger.lines).toEqual(['missed 02:00:00: netwhy did not run then, or could not write it down', 'taken 03:00:00']);
  });

  test('and is written down already is neither missed nor taken again', async () => {
    const clock = new FakeClock(day('03:00:20'));
    const ledger = book('03:00:00');
    const { stop } = start(clock, ledger);
    await clock.runTo(day('03:59:59'));
    await stop();
    expect(ledger.lines).toEqual([]);
  });

  test('because the machine slept is missed, and the last of it too when that is too long ago', async () => {
    const clock = new FakeClock(day('00:30:00'));
    const ledger = book();
    const { stop } = start(clock, ledger);
    await clock.runTo(day('00:31:00'));
    await clock.sleepTo(day('04:10:00'));
    await clock.runTo(day('05:00:00'));
    await stop();
    expect(ledger.lines).toEqual([
      'missed 03:00:00: netwhy did not run then, or could not write it down: 3 times from 2026-01-01T01:00:00.000Z to 2026-01-01T03:00:00.000Z',
      'missed 04:00:00: netwhy did not run then, and 600 s later it was too late',
      'taken 05:00:00',
    ]);
  });
});

test('a run of which nothing could be written down is missed', async () => {
  const clock = new FakeClock(day('00:30:00'));
  const ledger = book();
  let broken = true;
  const take: Take = async (schedule, dueAt) => {
    if (broken) throw new Error('disk full');
    await ledger.taken(schedule, dueAt);
  };
  const { stop, errors } = start(clock, ledger, { take });
  await clock.runTo(day('02:30:00'));
  broken = false;
  await clock.runTo(day('03:30:00'));
  await stop();
  expect(errors).toEqual([new Error('disk full'), new Error('disk full')]);
  expect(ledger.lines).toEqual([
    'missed 01:00:00: netwhy did not run then, or could not write it down',
    'missed 02:00:00: netwhy did not run then, or could not write it down',
    'taken 03:00:00',
  ]);
});

test('stopping waits for the run that is on, and starts no other', async () => {
  const clock = new FakeClock(day('00:30:00'));
  const ledger = book();
  let end = () => {};
  const { stop } = start(clock, ledger, {
    take: (schedule, dueAt) =>
      new Promise<void>((resolve) => {
        end = resolve;
      }).then(() => ledger.taken(schedule, dueAt)),
  });
  await clock.runTo(day('01:00:00'));
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  await settle();
  expect(stopped).toBe(false);
  end();
  await stopping;
  await clock.runTo(day('03:00:00'));
  expect(ledger.lines).toEqual(['taken 01:00:00']);
});

test('a database that fails for a while is told of, does not end the schedule, and hears later what it missed', async () => {
  const clock = new FakeClock(day('03:30:00'));
  const ledger = book('01:00:00');
  let broken = true;
  const fail = () => {
    if (broken) throw new Error('disk full');
  };
  const failing: typeof ledger = {
    ...ledger,
    last: async (schedule) => {
      fail();
      return ledger.last(schedule);
    },
    missed: async (schedule, dueAt, reason) => {
      fail();
      return ledger.missed(schedule, dueAt, reason);
    },
  };
  const { stop, errors } = start(clock, failing);
  await clock.runTo(day('04:30:00'));
  expect(ledger.lines).toEqual([]);
  broken = false;
  await clock.runTo(day('05:30:00'));
  await clock.runTo(day('06:30:00'));
  await stop();
  expect(errors).toEqual([new Error('disk full'), new Error('disk full')]);
  expect(ledger.lines).toEqual([
    'missed 04:00:00: netwhy did not run then, or could not write it down: 3 times from 2026-01-01T02:00:00.000Z to 2026-01-01T04:00:00.000Z',
    'taken 05:00:00',
    'taken 06:00:00',
  ]);
});

describe('once', () => {
  const once = async (now: string, last: string | null) => {
    const ledger = book(last);
    await runOnce([hourly], { take: ledger.taken, ledger, report: () => {} }, Date.parse(day(now)));
    return ledger.lines;
  };
  test('takes what is due, and says what was missed before', async () => {
    expect(await once('04:40:00', '01:00:00')).toEqual([
      'missed 03:00:00: netwhy did not run then, or could not write it down: 2 times from 2026-01-01T02:00:00.000Z to 2026-01-01T03:00:00.000Z',
      'taken 04:00:00',
    ]);
    expect(await once('04:40:00', null)).toEqual(['taken 04:00:00']);
  });
  test('takes nothing when that was done', async () => {
    expect(await once('04:40:00', '04:00:00')).toEqual([]);
  });
});
