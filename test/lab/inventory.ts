/** What Docker says stands on a host, for turning the words of scenarios into names and addresses. */
import { labFolder } from './engines.ts';
import type { Lab, LabHost } from './hosts.ts';
import { type Place, placeWithin } from './namespaces.ts';

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Pid: number };
  readonly HostConfig: { readonly NetworkMode: string };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

interface Network {
  readonly Id: string;
  readonly Name: string;
  readonly IPAM: { readonly Config: readonly { readonly Subnet: string; readonly Gateway?: string }[] };
}

export interface Inventory {
  readonly lab: Lab;
  readonly host: LabHost;
  readonly containers: ReadonlyMap<string, Inspected>;
  readonly networks: ReadonlyMap<string, Network>;
}

/** Containers are called `name-host`, so that one estate of all hosts has no name twice. */
export const containerName = (name: string, host: LabHost): string => `${name}-${host.name}`;

/** The last one taken of each host. */
const latest = new WeakMap<LabHost, Inventory>();

/** The last one taken; `takeInventory` after Docker was told to change something. */
export const inventoryOf = async (lab: Lab, host: LabHost): Promise<Inventory> => latest.get(host) ?? takeInventory(lab, host);

/** A container that is removed between the listing and the look at it makes the look fail: then once more. */
export async function takeInventory(lab: Lab, host: LabHost): Promise<Inventory> {
  return inventoryNow(lab, host).catch(() => inventoryNow(lab, host));
}

async function inventoryNow(lab: Lab, host: LabHost): Promise<Inventory> {
  const ids = (await host.docker('ps', '-aq')).split('\n').filter(Boolean);
  const networkIds = (await host.docker('network', 'ls', '-q')).split('\n');
  const [containers, networks] = await Promise.all([
    ids.length > 0 ? host.docker('container', 'inspect', ...ids) : '[]',
    host.docker('network', 'inspect', ...networkIds),
  ]);
  const inventory: Inventory = {
    lab,
    host,
    containers: new Map((JSON.parse(containers) as Inspected[]).map((c) => [c.Name.slice(1), c])),
    networks: new Map((JSON.parse(networks) as Network[]).map((n) => [n.Name, n])),
  };
  latest.set(host, inventory);
  return inventory;
}

function known<T>(map: ReadonlyMap<string, T>, key: string, host: LabHost): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`lab: ${host.name} has no ${key}`);
  return value;
}

export const findContainer = (inventory: Inventory, name: string): Inspected =>
  known(inventory.containers, containerName(name, inventory.host), inventory.host);

/** The container whose network a container has: itself, or in container mode the owner's; null when that is gone. */
function networkOwner(inventory: Inventory, container: Inspected): Inspected | null {
  const mode = container.HostConfig.NetworkMode;
  if (!mode.startsWith('container:')) return container;
  return [...inventory.containers.values()].find((c) => c.Id === mode.slice('container:'.length)) ?? null;
}

/** Address of a container as seen by `from`: on a network that both are in, else its first; null without any. */
export function addressOf(inventory: Inventory, name: string, from?: string): string | null {
  const owner = networkOwner(inventory, findContainer(inventory, name));
  if (owner?.HostConfig.NetworkMode === 'host') return inventory.host.address;
  const own = owner?.NetworkSettings.Networks ?? {};
  const theirs = from === undefined ? {} : (networkOwner(inventory, findContainer(inventory, from))?.NetworkSettings.Networks ?? {});
  const shared = Object.keys(own).find((network) => network in theirs);
  return (shared ? own[shared] : Object.values(own)[0])?.IPAddress || null;
}

export function placeOfContainer(inventory: Inventory, name: string): Place | null {
  const pid = findContainer(inventory, name).State.Pid;
  const machine = Number(inventory.host.place.slice('/proc/'.length));
  return pid > 0 ? placeWithin(machine, pid) : null;
}

export const peerOf = (inventory: Inventory): LabHost => {
  const { hosts } = inventory.lab;
  return hosts[(hosts.indexOf(inventory.host) + 1) % hosts.length]!;
};

function placeholder(inventory: Inventory, kind: string, name: string, network: string | undefined): string {
  const { host, lab } = inventory;
  switch (kind) {
    case 'lan':
      return host.address;
    case 'peer':
      return peerOf(inventory).address;
    case 'pid':
      return host.place.slice('/proc/'.length);
    case 'prev':
      return lab.hosts.at(lab.hosts.indexOf(host) - 1)!.address;
    case 'outside':
      return lab.outside.address;
    case 'lab':
      return labFolder;
    case 'host':
      return host.name;
    case 'n':
      return `${lab.hosts.indexOf(host) + 1}`;
    case 'peern':
      return `${lab.hosts.indexOf(peerOf(inventory)) + 1}`;
    case 'name':
      return containerName(name, host);
    case 'address': {
      const address = network ? findContainer(inventory, name).NetworkSettings.Networks[network]?.IPAddress : addressOf(inventory, name);
      if (!address) throw new Error(`lab: ${name} has no address on ${host.name}`);
      return address;
    }
    case 'subnet':
    case 'gateway': {
      const pool = known(inventory.networks, name, host).IPAM.Config[0]!;
      // Without one in its configuration, as the default bridge, a network's gateway is its first address.
      return kind === 'subnet' ? pool.Subnet : (pool.Gateway ?? pool.Subnet.replace(/\.0\/\d+$/, '.1'));
    }
    case 'peersubnet':
      return placeholder(latest.get(peerOf(inventory))!, 'subnet', name, undefined);
    case 'dead':
      return known(inventory.networks, name, host).IPAM.Config[0]!.Subnet.replace(/\.\d+\/\d+$/, '.99');
    case 'bridge':
      return name === 'bridge' ? 'docker0' : `br-${known(inventory.networks, name, host).Id.slice(0, 12)}`;
    default:
      throw new Error(`lab: no placeholder {${kind}}`);
  }
}

/** The words of a scenario with their placeholders filled in, see Step. */
export function fill(inventory: Inventory, text: string): string {
  return text
    .replaceAll(/(^|[ :=])@([a-z0-9]+)/g, (_, before: string, name: string) => `${before}${containerName(name, inventory.host)}`)
    .replaceAll(/\{([a-z]+)(?::([a-z0-9]+))?(?::([a-z0-9]+))?\}/g, (_, kind: string, name: string | undefined, network: string | undefined) =>
      placeholder(inventory, kind, name ?? '', network),
    );
}
