import { describe, expect, test } from '@jest/globals';
import type { SnapshotInfo } from '../../src/model/snapshot.ts';
import { Channel } from '../../src/operations/channel.ts';
import { Events } from '../../src/operations/events.ts';
import type { SnapshotStore } from '../../src/snapshots/store.ts';

describe('a channel', () => {
  const open = () => {
    const ends: string[] = [];
    return { ends, channel: new Channel<number>(() => ends.push('end')) };
  };

  test('gives values in their order, also to who waits', async () => {
    const { channel } = open();
    const waiting = channel.next();
    for (const value of [1, 2, 3]) channel.push(value);
    expect(await waiting).toEqual({ value: 1, done: false });
    expect([await channel.next(), await channel.next()].map(({ value }) => value)).toEqual([2, 3]);
  });

  test('ends at once while the next value is waited for', async () => {
    const { channel, ends } = open();
    const waiting = channel.next();
    await channel.return();
    await channel.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(channel.push(1)).toBe(false);
    expect(await channel.next()).toEqual({ value: undefined, done: true });
    expect(ends).toEqual(['end']);
  });

  test('fails behind what came before', async () => {
    const { channel, ends } = open();
    channel.push(1);
    channel.fail(new Error('broken'));
    expect(await channel.next()).toEqual({ value: 1, done: false });
    await expect(channel.next()).rejects.toThrow('broken');
    expect(ends).toEqual(['end']);
  });

  test('lets go who does not keep up', async () => {
    const { channel, ends } = open();
    expect(Array.from({ length: 1001 }, (_, value) => channel.push(value)).slice(-2)).toEqual([true, false]);
    expect(ends).toEqual(['end']);
  });
});

describe('events', () => {
  const snapshot = (id: number) => ({ id }) as SnapshotInfo;

  /** A database whose snapshots are the numbers up to `last`. */
  function over(last: () => number) {
    const reported: unknown[] = [];
    const store = {
      before: async () => (last() === 0 ? null : snapshot(last())),
      after: async (id: number, limit: number) => {
        if (last() < 0) throw new Error('away');
        return Array.from({ length: Math.min(limit, last() - id) }, (_, i) => snapshot(id + i + 1));
      },
    } as unknown as SnapshotStore;
    // It is looked at when the test says so.
    return {
      reported,
      events: new Events(
        async () => store,
        (error) => reported.push(error),
        3_600_000,
      ),
    };
  }

  test('tell each snapshot once and in order, however many came at once and however long one takes', async () => {
    let last = 5;
    const { events } = over(() => last);
    const slow = await events.snapshots(async ({ id }) => {
      await new Promise((resolve) => setTimeout(resolve, id % 3));
      return [id];
    });
    last = 255;
    events.look();
    events.look();
    const ids: number[] = [];
    for await (const id of slow) if (ids.push(id) === 250) break;
    expect(ids).toEqual(Array.from({ length: 250 }, (_, i) => i + 6));
    expect(events.listeners).toBe(0);
  });

  test('a look that fails is reported, and the next one tells what was missed', async () => {
    let last = 1;
    const { events, reported } = over(() => last);
    const values = await events.snapshots(async ({ id }) => [id]);
    last = -1;
    events.look();
    await new Promise((resolve) => setImmediate(resolve));
    last = 3;
    events.look();
    expect([(await values.next()).value, (await values.next()).value]).toEqual([2, 3]);
    expect(reported).toEqual([expect.objectContaining({ message: 'away' })]);
    await values.return();
  });

  test('what one subscriber cannot be told fails for that one alone', async () => {
    let last = 0;
    const { events } = over(() => last);
    const bad = await events.snapshots(() => Promise.reject(new Error('no diff')));
    const good = await events.snapshots(async ({ id }) => [id]);
    last = 1;
    events.look();
    await expect(bad.next()).rejects.toThrow('no diff');
    expect(await good.next()).toEqual({ value: 1, done: false });
    expect(events.listeners).toBe(1);
    await good.return();
  });
});
