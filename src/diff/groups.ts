/** Changes by what happened: a container that was made anew brings a new address, a new link and new rules, which are parts of one thing. */
import type { Change, ChangeGroup } from '../model/change.ts';
import type { Container, DockerNetwork } from '../model/docker.ts';
import type { Host, Model } from '../model/model.ts';
import { familyOf } from '../util/ip.ts';
import { containersOf } from './names.ts';
import { summary } from './words.ts';

/** A container or network of one host that something happened to. */
interface Subject {
  readonly kind: 'container' | 'network';
  readonly host: string;
  readonly name: string;
  readonly title: string;
  /** `addresses`: those in the change's text. */
  owns(change: Change, addresses: readonly string[]): boolean;
}

const WORD = /[0-9a-fA-F:.]+/g;

/** Addresses in a text, without prefix length or port. */
function addressesIn(text: string): readonly string[] {
  return (text.match(WORD) ?? []).flatMap((word) => [word, word.replace(/:\d+$/, '')]).filter((word) => familyOf(word) !== null);
}

const addressesOf = (c: Container | null) =>
  (c?.endpoints ?? []).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]).filter((address) => address !== null && address !== '');
const networksOf = (host: Host): readonly DockerNetwork[] => (host.networks.known ? host.networks.value : []);

function connections(before: Container, after: Container): string | null {
  const names = (c: Container) => c.endpoints.map(({ networkName }) => networkName);
  const gained = names(after).filter((name) => !names(before).includes(name));
  const lost = names(before).filter((name) => !names(after).includes(name));
  const parts = [
    ...(gained.length > 0 ? [`was connected to ${gained.join(', ')}`] : []),
    ...(lost.length > 0 ? [`was disconnected from ${lost.join(', ')}`] : []),
  ];
  return parts.length > 0 ? parts.join(' and ') : null;
}

const RUNS: ReadonlySet<string> = new Set(['running', 'paused', 'restarting']);

/** Null: nothing happened to it by itself. */
function fate(before: Container | null, after: Container | null): string | null {
  if (!before) return after && RUNS.has(after.state) ? 'was created and started' : 'was created';
  if (!after) return 'was removed';
  const [old, young] = [addressesOf(before).join(', '), addressesOf(after).join(', ')];
  const moved = old !== young && old !== '' && young !== '' ? `: ${old} → ${young}` : '';
  if (before.id !== after.id) return `was recreated${before.image === after.image ? '' : ` from ${after.image}`}${moved}`;
  if (before.state !== after.state) {
    if (after.state === 'running') return `${before.state === 'paused' ? 'goes on' : 'was started'}${moved}`;
    if (RUNS.has(before.state) && !RUNS.has(after.state)) return `stopped${after.exitCode ? ` with exit code ${after.exitCode}` : ''}`;
    return `is ${after.state}`;
  }
  if (before.startedAt !== after.startedAt && RUNS.has(after.state)) return `was restarted${moved}`;
  const connected = connections(before, after);
  if (connected) return connected;
  if (before.health !== after.health) return `is ${after.health ?? 'without health check'}`;
  return moved === '' ? null : `moved${moved}`;
}

function containerSubject(host: string, before: Container | null, after: Container | null): Subject | null {
  const name = (after ?? before)!.name;
  const what = fate(before, after);
  if (what === null) return null;
  const addresses = new Set([...addressesOf(before), ...addressesOf(after)]);
  const place = `container:${name}`;
  return {
    kind: 'container',
    host,
    name,
    title: `${name} ${what}`,
    owns: ({ kind, key }, told) => {
      if (kind === 'container') return key === name;
      if (kind === 'endpoint') return key.endsWith(`/${name}`);
      if (key === place || key.startsWith(`${place}/`) || key.includes(`veth(${place}/`) || key.includes(`to ${place}/`)) return true;
      return (kind === 'natRule' || kind === 'filterRule' || kind === 'route') && told.some((address) => addresses.has(address));
    },
  };
}

function networkSubject(host: string, before: DockerNetwork | null, after: DockerNetwork | null): Subject | null {
  const network = (after ?? before)!;
  const recreated = before !== null && after !== null && before.id !== after.id;
  if (before && after && !recreated) return null;
  const bridges = [before, after].flatMap((n) => (n?.bridge ? [n.bridge] : []));
  const words = [`br(${network.name})`, ...bridges, ...[before, after].flatMap((n) => n?.ipam.map(({ subnet }) => subnet) ?? [])];
  return {
    kind: 'network',
    host,
    name: network.name,
    title: `network ${network.name} was ${recreated ? 'recreated' : after ? 'created' : 'removed'}`,
    owns: ({ kind, key, text }) => {
      if (kind === 'network') return key === network.name;
      return (
        (kind === 'natRule' || kind === 'filterRule' || kind === 'route' || kind === 'link') && words.some((word) => key.includes(word) || text.includes(word))
      );
    },
  };
}

function pairs<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): readonly (readonly [T | null, T | null])[] {
  const old = new Map(before.map((thing) => [thing.name, thing]));
  const young = new Map(after.map((thing) => [thing.name, thing]));
  return [...new Set([...old.keys(), ...young.keys()])].map((name) => [old.get(name) ?? null, young.get(name) ?? null]);
}

function subjectsOf(before: Host, after: Host): readonly Subject[] {
  const known = before.containers.known && after.containers.known;
  const containers = known ? pairs(containersOf(before), containersOf(after)).map(([a, b]) => containerSubject(after.name, a, b)) : [];
  const networks =
    before.networks.known && after.networks.known ? pairs(networksOf(before), networksOf(after)).map(([a, b]) => networkSubject(after.name, a, b)) : [];
  return [...containers, ...networks].filter((subject) => subject !== null);
}

/** Rules of one chain, settings and sockets of one namespace: what nobody made together stands together. */
function placeOf({ kind, key }: Change): string {
  return (kind === 'natRule' || kind === 'filterRule' ? key.split(' ')[0] : key.split('/')[0]) ?? key;
}

/** In the order of `changes`; every change is in one group. A restart that changed nothing else is no change and makes no group. */
export function groupChanges(before: Model, after: Model, changes: readonly Change[]): readonly ChangeGroup[] {
  const old = new Map(before.hosts.map((host) => [host.name, host]));
  const subjects = after.hosts.flatMap((host) => {
    const former = old.get(host.name);
    return former ? subjectsOf(former, host) : [];
  });
  const groups = new Map<Subject | string, number[]>();
  for (const [i, change] of changes.entries()) {
    const addresses = addressesIn(change.text);
    const owner =
      subjects.find((subject) => subject.host === change.host && subject.owns(change, addresses)) ?? `${change.host} ${change.kind} ${placeOf(change)}`;
    groups.set(owner, [...(groups.get(owner) ?? []), i]);
  }
  return [...groups].map(([owner, members]): ChangeGroup => {
    const parts = members.map((i) => changes[i]!);
    if (typeof owner !== 'string') return { title: `${owner.title} on ${owner.host}`, host: owner.host, kind: owner.kind, name: owner.name, members };
    const [only] = parts;
    const title = parts.length === 1 && only ? only.text : `${summary(parts, []).replace(/\.$/, '')} in ${placeOf(only!)} on ${only!.host}`;
    return { title, host: only!.host, kind: 'other', name: null, members };
  });
}
