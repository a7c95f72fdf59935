/** What stands in what on the map, without places: a pure function of the estate. */
import type { ContainerPart, Estate, FindingPart, HostPart, NetworkPart } from '../../generated/page.ts';

export interface Group {
  readonly id: string;
  readonly name: string;
  /** Null: containers that are in no network of Docker's. */
  readonly network: NetworkPart | null;
  readonly containers: readonly ContainerPart[];
}

export interface HostBox {
  readonly host: HostPart;
  readonly groups: readonly Group[];
}

export interface Link {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** member: in another network too; shares: uses the other's network. */
  readonly kind: 'member' | 'shares';
}

export interface Picture {
  readonly hosts: readonly HostBox[];
  readonly links: readonly Link[];
  /** By id of what they are about. */
  readonly findings: ReadonlyMap<string, readonly FindingPart[]>;
}

export interface Filter {
  readonly host?: string | undefined;
  readonly project?: string | undefined;
  readonly network?: string | undefined;
}

/** c2 before c10; the same in every locale. */
const collator = new Intl.Collator('en', { numeric: true });
const byName = (a: { readonly name: string }, b: { readonly name: string }) => collator.compare(a.name, b.name);

/** Docker's own networks that every engine has: drawn when somebody is in them. */
const BUILT_IN = new Set(['host', 'none']);

/** Its addresses; its driver where that has some and none are known. */
export const rangeOf = ({ subnets, driver }: NetworkPart): string => subnets[0]?.subnet ?? (driver === 'host' || driver === 'null' ? '' : driver);

const TITLES: Readonly<Record<string, string>> = { host: "the host's own network", none: 'no network' };

/** The network that a container is drawn in: the one that it was started with, if it is still in it. */
export function homeOf(container: ContainerPart, among: ReadonlyMap<string, ContainerPart>): string | null {
  const owner = container.sharesNetworkOf === null ? undefined : among.get(container.sharesNetworkOf);
  if (owner && owner !== container) return homeOf({ ...owner, sharesNetworkOf: null }, among);
  return container.networkNames.find((name) => name === container.networkMode) ?? [...container.networkNames].sort()[0] ?? null;
}

export function picture(estate: Estate, filter: Filter = {}): Picture {
  const links: Link[] = [];
  const hosts = estate.hosts.nodes
    .filter(({ name }) => filter.host === undefined || name === filter.host)
    .map((host) => hostBox(host, estate, filter, links))
    .filter(({ groups }) => groups.length > 0 || (filter.project === undefined && filter.network === undefined));
  const shown = new Set(hosts.flatMap(({ groups }) => groups.flatMap((g) => [g.id, ...g.containers.map((c) => c.id)])));
  return {
    hosts: hosts.sort((a, b) => byName(a.host, b.host)),
    links: links.filter(({ from, to }) => shown.has(from) && shown.has(to)),
    findings: findingsOf(estate.findings.nodes),
  };
}

function hostBox(host: HostPart, estate: Estate, filter: Filter, links: Link[]): HostBox {
  const all = new Map(estate.containers.nodes.filter((c) => c.host === host.name).map((c) => [c.name, c]));
  const networks = new Map(estate.networks.nodes.filter((n) => n.host === host.name).map((n) => [n.name, n]));
  const wanted = [...all.values()].filter(
    (c) => (filter.project === undefined || c.project === filter.project) && (filter.network === undefined || networksOf(c, all).includes(filter.network)),
  );
  const members = new Map<string | null, ContainerPart[]>();
  for (const container of wanted.sort(byName)) {
    const home = homeOf(container, all);
    members.set(home, [...(members.get(home) ?? []), container]);
    for (const name of container.networkNames) if (name !== home) links.push(link(container.id, groupId(host.name, name), 'member'));
    const owner = container.sharesNetworkOf === null ? undefined : all.get(container.sharesNetworkOf);
    if (owner) links.push(link(container.id, owner.id, 'shares'));
  }
  const empty = [...networks.keys()].filter((name) => {
    if (members.has(name)) return false;
    const linked = links.some(({ to }) => to === groupId(host.name, name));
    return linked || (!BUILT_IN.has(name) && filter.project === undefined && (filter.network === undefined || filter.network === name));
  });
  const names = [...members.keys(), ...empty];
  const groups = names.map((name): Group => {
    const network = name === null ? null : (networks.get(name) ?? null);
    const title = name === null ? TITLES.none! : (TITLES[name] ?? name);
    return { id: groupId(host.name, name), name: title, network, containers: members.get(name) ?? [] };
  });
  return { host, groups: groups.sort(byName) };
}

export const networksOf = (container: ContainerPart, among: ReadonlyMap<string, ContainerPart>): readonly string[] => {
  const owner = container.sharesNetworkOf === null ? undefined : among.get(container.sharesNetworkOf);
  return owner ? owner.networkNames : container.networkNames;
};

const groupId = (host: string, network: string | null) => `network:${host}/${network ?? ''}`;

const link = (from: string, to: string, kind: Link['kind']): Link => ({ id: `${kind} ${from} ${to}`, from, to, kind });

function findingsOf(findings: readonly FindingPart[]): ReadonlyMap<string, readonly FindingPart[]> {
  const found = new Map<string, FindingPart[]>();
  for (const finding of findings) {
    const about = finding.container === null ? finding.subject.id : `container:${finding.host}/${finding.container}`;
    found.set(about, [...(found.get(about) ?? []), finding]);
  }
  return found;
}
