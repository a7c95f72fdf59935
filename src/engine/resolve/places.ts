/** Finding hosts, containers and namespaces by what a person calls them. */
import type { Container } from '../../model/docker.ts';
import { UserError } from '../../model/errors.ts';
import type { Host, Model } from '../../model/model.ts';
import type { Netns } from '../../model/network.ts';
import { nearest } from '../../util/nearest.ts';

export interface Placed<T> {
  readonly host: Host;
  readonly it: T;
}

function containersOf(host: Host): readonly Container[] {
  return host.containers.known ? host.containers.value : [];
}

export function allContainers(model: Model): readonly Placed<Container>[] {
  return model.hosts.flatMap((host) => containersOf(host).map((it) => ({ host, it })));
}

export function allNetns(model: Model): readonly Placed<Netns>[] {
  return model.hosts.flatMap((host) => host.namespaces.map((it) => ({ host, it })));
}

export function isRunning(container: Container): boolean {
  return container.state === 'running' || container.state === 'paused';
}

function containerById(model: Model, id: string): Placed<Container> | undefined {
  return allContainers(model).find(({ it }) => it.id === id);
}

/** Everything a reference may name, as it would have to be written. */
function everyName(model: Model): string[] {
  const names = allContainers(model).flatMap(({ it }) => (it.project !== null && it.service !== null ? [it.name, `${it.project}/${it.service}`] : [it.name]));
  const netns = allNetns(model).flatMap(({ it }) => it.names.map((name) => `netns:${name}`));
  return [...names, ...model.hosts.map((host) => `host:${host.name}`), ...netns];
}

function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

export function unknownEndpoint(model: Model, reference: string): UserError {
  const candidates = nearest(reference.replace(/^(host|netns|container|dns):/, ''), everyName(model));
  const unread = model.hosts.filter((host) => !host.containers.known).map((host) => host.name);
  const hint =
    unread.length > 0
      ? `containers of ${unread.join(', ')} could not be read; see the gaps`
      : 'name a container, project/service, host:NAME, netns:NAME, an IP address, dns:NAME or internet';
  return new UserError('UNKNOWN_ENDPOINT', `nothing is called ${shown(reference)}`, hint, candidates);
}

export function ambiguous(reference: string, candidates: readonly string[]): UserError {
  return new UserError('AMBIGUOUS_ENDPOINT', `${shown(reference)} may be one of ${candidates.length}`, 'write one of the candidates', candidates.slice(0, 20));
}

function one<T>(reference: string, found: readonly Placed<T>[], write: (placed: Placed<T>) => string): Placed<T> | null {
  if (found.length > 1) throw ambiguous(reference, found.map(write));
  return found[0] ?? null;
}

/** The same namespace read under two hosts of one machine: one inode, the same links. */
function sameNamespace(a: Netns, b: Netns): boolean {
  if (a.inode !== b.inode || !a.links.known || !b.links.known) return false;
  const marks = new Set(a.links.value.map((link) => `${link.ifindex} ${link.mac}`));
  return b.links.value.some((link) => link.mac !== null && marks.has(`${link.ifindex} ${link.mac}`) && link.kind !== 'loopback');
}

const KINDS: readonly Netns['kind'][] = ['host', 'container', 'named', 'process'];

/** One of each namespace, as the host that knows most about it sees it. */
export function distinct(found: readonly Placed<Netns>[]): readonly Placed<Netns>[] {
  const sorted = [...found].sort((a, b) => KINDS.indexOf(a.it.kind) - KINDS.indexOf(b.it.kind));
  return sorted.filter((placed, i) => !sorted.slice(0, i).some((other) => other.host !== placed.host && sameNamespace(other.it, placed.it)));
}

/** `NAME` or `host/NAME`; null when there is none. */
function scoped<T>(model: Model, name: string, among: readonly Placed<T>[], matches: (it: T, name: string) => boolean): readonly Placed<T>[] {
  const whole = among.filter(({ it }) => matches(it, name));
  if (whole.length > 0) return whole;
  const slash = name.indexOf('/');
  const host = slash < 0 ? undefined : model.hosts.find((h) => h.name === name.slice(0, slash));
  return host ? among.filter((placed) => placed.host === host && matches(placed.it, name.slice(slash + 1))) : [];
}

export function findNetns(model: Model, name: string): Placed<Netns> | null {
  const found = scoped(model, name, allNetns(model), (it, wanted) => it.names.includes(wanted) || it.key === wanted || it.inode === wanted || it.id === wanted);
  return one(`netns:${name}`, distinct(found), ({ host, it }) => `netns:${host.name}/${it.key.replace(/^netns:/, '')}`);
}

function writeContainer({ host, it }: Placed<Container>): string {
  return `${host.name}/${it.name}`;
}

const ID_PREFIX = /^[0-9a-f]{4,64}$/;

/** By name, full id or unambiguous prefix of one, each also as `host/NAME`. Two engines may name containers alike. */
export function findContainer(model: Model, name: string): Placed<Container> | null {
  const all = allContainers(model);
  const byName = scoped(model, name, all, (it, wanted) => it.name === wanted);
  if (byName.length > 0) return one(name, byName, writeContainer);
  const byId = scoped(model, name, all, (it, wanted) => ID_PREFIX.test(wanted) && it.id.startsWith(wanted));
  const exact = byId.filter(({ it }) => it.id === name);
  return one(name, exact.length > 0 ? exact : byId, (placed) => `${writeContainer(placed)} (${placed.it.id.slice(0, 12)})`);
}

/** Containers of `project/service`, by name. */
function findService(model: Model, reference: string): readonly Placed<Container>[] {
  return allContainers(model).filter(({ it }) => it.project !== null && it.service !== null && `${it.project}/${it.service}` === reference);
}

/** `project/service` and `host/container` may be written alike: then it is neither. */
export function containerOrService(
  model: Model,
  reference: string,
): { readonly container: Placed<Container> } | { readonly service: readonly Placed<Container>[] } | null {
  const service = findService(model, reference);
  const container = findContainer(model, reference);
  if (container && service.some(({ it }) => it.id !== container.it.id)) {
    throw ambiguous(reference, [`container:${writeContainer(container)}`, ...service.map((s) => s.it.name)]);
  }
  if (container) return { container };
  return service.length > 0 ? { service } : null;
}

export function findHost(model: Model, name: string): Host {
  const host = model.hosts.find((h) => h.name === name);
  if (!host) throw unknownEndpoint(model, `host:${name}`);
  return host;
}

export function netnsOf(model: Model, container: Container): Netns | null {
  return container.netns === null ? null : (model.namespaces.get(container.netns) ?? null);
}

/** The container whose networks `container` has: itself, or the owner of the namespace it joined. */
export function networkIdentity(model: Model, container: Container): Container {
  if (container.sharesNetworkOf === null) return container;
  return containerById(model, container.sharesNetworkOf)?.it ?? container;
}

/** The container that a namespace belongs to: the owner comes first in its list. */
export function containerOf(host: Host, netns: Netns): Container | null {
  if (netns.kind !== 'container') return null;
  return containersOf(host).find((c) => c.id === netns.containerIds[0]) ?? null;
}
