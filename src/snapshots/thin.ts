/** Which snapshots have served their time. */
import type { Retention } from '../model/retention.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Ids, oldest first. Kept for ever: the newest, pinned ones, and those that a person labelled; `routine` are labels that schedules give.
 * `now`: milliseconds since 1970.
 */
export function expired(snapshots: readonly SnapshotInfo[], retention: Retention, now: number, routine: ReadonlySet<string>): number[] {
  const oldestFirst = [...snapshots].sort((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt) || a.id - b.id);
  const newest = oldestFirst.at(-1);
  const hours = new Set<number>();
  const days = new Set<number>();
  const first = (seen: Set<number>, time: number, length: number) => {
    const before = seen.size;
    return seen.add(Math.floor(time / length)).size > before;
  };
  return oldestFirst.flatMap((snapshot) => {
    const time = Date.parse(snapshot.takenAt);
    const age = now - time;
    const [ofHour, ofDay] = [first(hours, time, HOUR), first(days, time, DAY)];
    const forEver = snapshot === newest || snapshot.pinned || (snapshot.label !== null && !routine.has(snapshot.label));
    const young = age <= retention.keepAll;
    const inHourly = ofHour && retention.hourly !== null && age <= retention.hourly;
    const inDaily = ofDay && retention.daily !== null && age <= retention.daily;
    return forEver || young || inHourly || inDaily ? [] : [snapshot.id];
  });
}
