/** Section against section. */
import type { Change, ChangeKind, FieldChange } from '../model/change.ts';
import type { Rule } from '../model/firewall.ts';
import { commute } from './commute.ts';
import { type Entry, type FieldValue, type Section, stableJson } from './entry.ts';
import { moved, withEffect } from './order.ts';
import { changeText } from './words.ts';

/** A record's members are fields of their own: `labels.tier`. */
function flat(fields: Entry['fields']): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) continue;
    if (typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, member] of Object.entries(value as Record<string, FieldValue>)) out.set(`${name}.${key}`, stableJson(member));
    } else out.set(name, stableJson(value));
  }
  return out;
}

function fieldChanges(before: Entry | null, after: Entry | null): FieldChange[] {
  const a = before ? flat(before.fields) : new Map<string, string>();
  const b = after ? flat(after.fields) : new Map<string, string>();
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  return names.map((field) => ({ field, before: a.get(field) ?? null, after: b.get(field) ?? null })).filter((f) => f.before !== f.after);
}

function position(entry: Entry | null): string | null {
  return entry?.place ? String(entry.place.position) : null;
}

/** Keys whose place among the others of their chain changed, to a difference. */
function movedKeys(before: readonly Entry[], after: readonly Entry[]): ReadonlySet<string> {
  const chains = new Map<string, [string[], string[]]>();
  const rules = new Map<string, Rule>();
  for (const [side, entries] of [before, after].entries()) {
    for (const { key, place } of entries) {
      if (!place) continue;
      const pair = chains.get(place.chain) ?? [[], []];
      pair[side]?.push(key);
      chains.set(place.chain, pair);
      rules.set(key, place.rule);
    }
  }
  const free = (a: string, b: string) => {
    const one = rules.get(a);
    const two = rules.get(b);
    return one !== undefined && two !== undefined && commute(one, two);
  };
  return new Set([...chains.values()].flatMap(([a, b]) => [...withEffect(moved(a, b), a, b, free)]));
}

function compareSections(host: string, kind: ChangeKind, before: readonly Entry[], after: readonly Entry[]): Change[] {
  const old = new Map(before.map((entry) => [entry.key, entry]));
  const young = new Map(after.map((entry) => [entry.key, entry]));
  const turned = movedKeys(before, after);
  const changes: Change[] = [];
  for (const key of new Set([...old.keys(), ...young.keys()])) {
    const a = old.get(key) ?? null;
    const b = young.get(key) ?? null;
    const action = a === null ? 'added' : b === null ? 'removed' : 'changed';
    const fields = fieldChanges(a, b);
    if (action !== 'changed' || turned.has(key)) {
      const place = { field: 'position', before: position(a), after: position(b) };
      if (place.before !== null || place.after !== null) fields.push(place);
    }
    if (action === 'changed' && fields.length === 0) continue;
    changes.push({ kind, action, host, key, text: changeText(kind, action, host, (b ?? a)?.label ?? key, fields), fields });
  }
  return changes;
}

export interface Compared {
  readonly changes: readonly Change[];
  readonly incomparable: readonly { readonly host: string; readonly kind: ChangeKind; readonly reason: string }[];
}

function id(section: Section): string {
  return `${section.kind}\n${section.netns}\n${section.part}`;
}

/** A section that one side lacks is empty there. */
export function compareAll(host: string, before: readonly Section[], after: readonly Section[]): Compared {
  const a = new Map(before.map((section) => [id(section), section]));
  const b = new Map(after.map((section) => [id(section), section]));
  const changes: Change[] = [];
  const incomparable: Compared['incomparable'][number][] = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const old = a.get(key);
    const young = b.get(key);
    const section = old ?? young;
    if (!section) continue;
    const reasons = [old?.unknown ? `before: ${old.unknown}` : null, young?.unknown ? `after: ${young.unknown}` : null].filter((r) => r !== null);
    if (reasons.length === 0) changes.push(...compareSections(host, section.kind, old?.entries ?? [], young?.entries ?? []));
    else {
      const where = [section.netns, section.part].filter((word) => word).join(' ');
      incomparable.push({ host, kind: section.kind, reason: `${where === '' ? '' : `${where}: `}${reasons.join('; ')}` });
    }
  }
  return { changes, incomparable };
}
