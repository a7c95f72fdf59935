/** Everything of one host that is compared. */
import { CHANGE_KINDS, type ChangeKind } from '../model/change.ts';
import type { Host, Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import { type Compared, compareAll } from './compare.ts';
import { containerSection, endpointSection, hostSection, networkSection } from './docker.ts';
import { type Entry, numbered, type Section, stableJson } from './entry.ts';
import { linkSections } from './links.ts';
import { listenerSection } from './listeners.ts';
import { type Common, type Side, sideOf } from './names.ts';
import { routeSection } from './routes.ts';
import { ruleSections } from './rules.ts';
import { sysctlSection } from './sysctls.ts';

/** Namespaces have names only where the containers and the list of namespaces are known. */
function namesUnknown(host: Host): string | null {
  const listing = host.gaps.find((gap) => gap.source === 'host.namespaces');
  if (listing) return listing.reason;
  return host.containers.known ? null : host.containers.gap.reason;
}

function unreadLinks(host: Host): [string, string][] {
  return host.namespaces.flatMap((netns): [string, string][] => (netns.links.known ? [] : [[netns.key, `links of ${netns.key}: ${netns.links.gap.reason}`]]));
}

function namespaceEntry(side: Side, netns: Netns): Entry {
  return {
    key: netns.key,
    fields: {
      kind: netns.kind,
      names: netns.kind === 'named' ? [...netns.names].sort() : null,
      containers: netns.containerIds.map(side.containerName).sort(),
    },
  };
}

function namespaceSection(side: Side): Section {
  const unknown = namesUnknown(side.host);
  const entries = unknown === null ? numbered(side.host.namespaces.map((netns) => namespaceEntry(side, netns))) : [];
  return { kind: 'namespace', netns: null, part: '', entries, unknown };
}

const INSIDE: readonly ChangeKind[] = ['link', 'natRule', 'filterRule', 'route', 'listener', 'sysctl'];

/** Without names a namespace of one side cannot be told to be one of the other. */
function unmatched(side: Side, theirs: ReadonlyMap<string, Netns>): readonly Section[] {
  const { unnamed } = side.common;
  if (unnamed === null || side.host.namespaces.every((netns) => theirs.has(netns.key))) return [];
  return INSIDE.map((kind) => ({ kind, netns: null, part: 'namespaces that have no counterpart', entries: [], unknown: unnamed }));
}

/** What is inside of a namespace that only one side has is not listed: the namespace stands for it. */
function sections(side: Side, other: Side): readonly Section[] {
  const theirs = new Map(other.host.namespaces.map((netns) => [netns.key, netns]));
  const inside = side.host.namespaces
    .filter((netns) => theirs.has(netns.key))
    .flatMap((netns) => [
      ...linkSections(side, netns),
      routeSection(side, netns, 4),
      routeSection(side, netns, 6),
      ...ruleSections(side, netns),
      listenerSection(side, netns),
      sysctlSection(side, netns, other, theirs.get(netns.key)),
    ]);
  return [
    hostSection(side),
    networkSection(side),
    containerSection(side),
    endpointSection(side),
    namespaceSection(side),
    ...inside,
    ...unmatched(side, theirs),
  ];
}

/** Why nothing at all is known of a host. */
function unread({ namespaces, engine, gaps }: Host): string | null {
  if (namespaces.length > 0 || engine?.known) return null;
  return gaps.find(({ source }) => source === 'host.namespaces')?.reason ?? null;
}

export function compareHosts(before: Model, a: Host, after: Model, b: Host): Compared {
  const [old, young] = [unread(a), unread(b)];
  const lost = [...(old === null ? [] : [`before: ${old}`]), ...(young === null ? [] : [`after: ${young}`])].join('; ');
  return lost === '' ? compareRead(before, a, after, b) : { changes: [], incomparable: CHANGE_KINDS.map((kind) => ({ host: a.name, kind, reason: lost })) };
}

function compareRead(before: Model, a: Host, after: Model, b: Host): Compared {
  const common: Common = { hosts: [a, b], unnamed: namesUnknown(a) ?? namesUnknown(b), unread: new Map([...unreadLinks(a), ...unreadLinks(b)]) };
  const old = sideOf(before, a, common);
  const young = sideOf(after, b, common);
  return compareAll(a.name, sections(old, young), sections(young, old));
}

/** What is compared of a host, as a text by kind: equal texts mean that a comparison would find nothing. */
export function comparedOf(model: Model, host: Host): ReadonlyMap<ChangeKind, string> {
  const side = sideOf(model, host, { hosts: [host, host], unnamed: namesUnknown(host), unread: new Map(unreadLinks(host)) });
  const texts = new Map<ChangeKind, string[]>();
  for (const section of sections(side, side)) {
    const lines = texts.get(section.kind) ?? [];
    texts.set(section.kind, lines);
    lines.push(`${section.netns}\n${section.part}\n${section.unknown}\n`);
    for (const { key, fields, place } of section.entries) lines.push(`${key}\n${place?.chain}\n${stableJson(fields)}\n`);
  }
  return new Map([...texts].map(([kind, lines]) => [kind, lines.join('')]));
}
