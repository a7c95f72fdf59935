import type { ObjectHistory, ObjectValue } from '../model/snapshot.ts';
import { show } from '../util/printable.ts';
import { paint, type Terminal } from './terminal.ts';

const NOUNS: Readonly<Record<ObjectHistory['kind'], string>> = {
  host: 'host',
  network: 'network',
  container: 'container',
  endpoint: 'endpoint',
  natRule: 'NAT rule',
};

const short = (text: string | null) => (text === null ? 'nothing' : show(text, 120));

export function renderHistory({ kind, host, name, id, values }: ObjectHistory, terminal: Terminal): string[] {
  return [
    `${paint(terminal, 'bold', `${NOUNS[kind]} ${show(name, 200)} on ${show(host, 60)}`)} (${show(id, 200)})`,
    ...values.flatMap((value, i) => [
      ...(i > 0 && values[i - 1]!.until?.id !== value.from.id ? [`  ${values[i - 1]!.until?.takenAt ?? ''}  gone`] : []),
      `  ${value.from.takenAt}  snapshot ${value.from.id}: ${what(value, i)}`,
    ]),
    ...(values.at(-1)?.until ? [`  ${values.at(-1)!.until!.takenAt}  snapshot ${values.at(-1)!.until!.id}: gone`] : []),
  ];
}

function what({ changes }: ObjectValue, place: number): string {
  if (changes.length > 0) return changes.map(({ field, before, after }) => `${show(field, 60)} ${short(before)} → ${short(after)}`).join(', ');
  return place === 0 ? 'first seen' : 'back';
}
