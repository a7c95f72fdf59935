import type { Change } from '../model/change.ts';
import type { DiffResult } from '../operations/diff.ts';
import { show } from '../util/printable.ts';
import { lastKnownLine } from './last-known.ts';
import { paint, type Terminal, wrap } from './terminal.ts';

const MARKS = { added: ['+', 'green'], removed: ['-', 'red'], changed: ['~', 'yellow'] } as const satisfies Record<Change['action'], readonly [string, string]>;

const name = (side: DiffResult['from']) =>
  side === null ? 'now' : `snapshot ${side.id}${side.label === null ? '' : ` "${show(side.label, 60)}"`} of ${side.takenAt}`;

export function renderDiff(diff: DiffResult, terminal: Terminal): string[] {
  return [
    `${name(diff.from)} → ${name(diff.to)}`,
    ...diff.lastKnown.map((known) => `${lastKnownLine(known)}: compared with that`),
    ...wrap(show(diff.summary, 2000), terminal.width),
    ...diff.groups.flatMap(({ title, members }) => {
      const parts = members.map((i) => diff.changes[i]!);
      if (parts.length === 1 && parts[0]!.text === title) return one(parts[0]!, terminal, '');
      return [paint(terminal, 'bold', `* ${show(title, 500)}`), ...parts.flatMap((change) => one(change, terminal, '  '))];
    }),
    ...notCompared(diff.incomparable).map(([kinds, host, reason]) => `? ${show(host, 60)}: ${kinds} not compared: ${show(reason, 500)}`),
  ];
}

/** What is missing for the same reason shares a line. */
function notCompared(entries: DiffResult['incomparable']): (readonly [kinds: string, host: string, reason: string])[] {
  const lines = new Map<string, readonly [string, string, string]>();
  for (const { host, kind, reason } of entries) {
    const key = JSON.stringify([host, reason]);
    const before = lines.get(key);
    lines.set(key, [before ? `${before[0]}, ${kind}` : kind, host, reason]);
  }
  return [...lines.values()];
}

function one(change: Change, terminal: Terminal, indent: string): string[] {
  const [mark, colour] = MARKS[change.action];
  // The line says them all, unless it had to be cut.
  const fields = change.text.includes('…') ? change.fields : [];
  return [
    `${indent}${paint(terminal, colour, mark)} ${show(change.text, 500)}`,
    ...fields.map(({ field, before, after }) => `${indent}    ${show(field, 60)}: ${show(before ?? 'absent', 200)} → ${show(after ?? 'absent', 200)}`),
  ];
}
