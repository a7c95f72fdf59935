import type { LastKnown } from '../operations/last-known.ts';
import { show } from '../util/printable.ts';

/** Seconds and what they are called, from the largest that an age is told in. */
const UNITS = [
  [2 * 86_400, 86_400, 'days'],
  [2 * 3600, 3600, 'hours'],
  [120, 60, 'min'],
] as const;

function age(seconds: number): string {
  const [, size, name] = UNITS.find(([from]) => seconds >= from) ?? [0, 1, 's'];
  return `${Math.floor(seconds / size)} ${name}`;
}

export function lastKnownLine({ host, snapshot, ageSeconds, reason }: LastKnown): string {
  const known = snapshot === null ? show(reason ?? '', 500) : `last known ${age(ageSeconds ?? 0)} earlier (snapshot ${snapshot.id})`;
  return `${show(host, 60)}: not read; ${known}`;
}
