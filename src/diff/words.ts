/** Changes in words. */
import { CHANGE_KINDS, type Change, type ChangeGroup, type ChangeKind, type Diff, type FieldChange } from '../model/change.ts';

const NOUNS: Readonly<Record<ChangeKind, readonly [string, string]>> = {
  host: ['host', 'hosts'],
  network: ['network', 'networks'],
  endpoint: ['endpoint', 'endpoints'],
  container: ['container', 'containers'],
  namespace: ['namespace', 'namespaces'],
  link: ['link', 'links'],
  natRule: ['NAT rule', 'NAT rules'],
  filterRule: ['filter rule', 'filter rules'],
  route: ['route', 'routes'],
  listener: ['listener', 'listeners'],
  sysctl: ['sysctl', 'sysctls'],
};

const LONGEST = 160;

function short(text: string | null): string {
  if (text === null) return 'nothing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

export function changeText(kind: ChangeKind, action: Change['action'], host: string, label: string, fields: readonly FieldChange[]): string {
  const what = `${NOUNS[kind][0]} ${short(label)} on ${host}`;
  if (action !== 'changed') return `${what} ${action}`;
  return `${what}: ${fields.map((f) => `${f.field} ${short(f.before)} → ${short(f.after)}`).join(', ')}`;
}

const ACTIONS = ['added', 'removed', 'changed'] as const;

/** Hosts of which no kind could be compared. */
function lostHosts(incomparable: Diff['incomparable']): readonly string[] {
  const kinds = new Map<string, Set<ChangeKind>>();
  for (const { host, kind } of incomparable) kinds.set(host, (kinds.get(host) ?? new Set()).add(kind));
  return [...kinds].filter(([, unknown]) => unknown.size === CHANGE_KINDS.length).map(([host]) => host);
}

export function summary(changes: readonly Change[], incomparable: Diff['incomparable']): string {
  const counts: string[] = [];
  for (const kind of CHANGE_KINDS) {
    for (const action of ACTIONS) {
      const n = changes.filter((c) => c.kind === kind && c.action === action).length;
      if (n > 0) counts.push(`${n} ${NOUNS[kind][n === 1 ? 0 : 1]} ${action}`);
    }
  }
  const first = counts.length === 0 ? 'Nothing changed' : `${counts.join(', ')}`;
  const lost = lostHosts(incomparable);
  const known = incomparable.filter(({ host }) => !lost.includes(host));
  const kinds = CHANGE_KINDS.filter((kind) => known.some((i) => i.kind === kind)).map((kind) => NOUNS[kind][1]);
  const hosts = lost.length === 0 ? '' : ` Nothing could be compared on ${short(lost.join(', '))}.`;
  return `${first}.${hosts}${kinds.length === 0 ? '' : ` Not all could be compared: ${kinds.join(', ')}.`}`;
}

/** So many are told by name. */
const TOLD = 3;

/** What happened to containers and networks comes before the counts. */
export function headline(groups: readonly ChangeGroup[], counts: string): string {
  const titles = groups.flatMap(({ kind, title }) => (kind === 'other' ? [] : [title]));
  if (titles.length === 0) return counts;
  const more = titles.length > TOLD ? ` and ${titles.length - TOLD} more like it` : '';
  return `${titles.slice(0, TOLD).map(short).join('; ')}${more}. ${counts}`;
}
