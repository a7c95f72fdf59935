/** Model × model → changes. Nothing happened: no change, whatever counters, handles, indexes, ids and restarts did. */
import { CHANGE_KINDS, type Change, type Diff } from '../model/change.ts';
import type { Model } from '../model/model.ts';
import { groupChanges } from './groups.ts';
import { compareHosts } from './host.ts';

import { changeText, headline, summary } from './words.ts';

export { comparedOf } from './host.ts';

const ORDER = new Map(CHANGE_KINDS.map((kind, i) => [kind, i]));

function byPlace(a: Change, b: Change): number {
  if (a.host !== b.host) return a.host < b.host ? -1 : 1;
  const kind = (ORDER.get(a.kind) ?? 0) - (ORDER.get(b.kind) ?? 0);
  return kind !== 0 ? kind : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function wholeHost(host: string, action: 'added' | 'removed'): Change {
  return { kind: 'host', action, host, key: host, text: changeText('host', action, host, host, []), fields: [] };
}

/** Hosts are told apart by their name. A host that one side lacks is one change; its contents are not listed. */
export function diffModels(before: Model, after: Model): Diff {
  const old = new Map(before.hosts.map((host) => [host.name, host]));
  const young = new Map(after.hosts.map((host) => [host.name, host]));
  const changes: Change[] = [];
  const incomparable: Diff['incomparable'][number][] = [];
  for (const name of new Set([...old.keys(), ...young.keys()])) {
    const a = old.get(name);
    const b = young.get(name);
    if (a && b) {
      const compared = compareHosts(before, a, after, b);
      changes.push(...compared.changes);
      incomparable.push(...compared.incomparable);
    } else changes.push(wholeHost(name, a ? 'removed' : 'added'));
  }
  changes.sort(byPlace);
  const groups = groupChanges(before, after, changes);
  return { summary: headline(groups, summary(changes, incomparable)), changes, groups, incomparable };
}
