/** One host's facts → the host, before links of different namespaces are joined. */
import { z } from 'zod';
import type { Container, DockerNetwork, DockerProxy, Engine } from '../model/docker.ts';
import type { Gap, Known } from '../model/evidence.ts';
import type { HostFacts } from '../model/facts.ts';
import type { Host } from '../model/model.ts';
import { parseContainers } from './docker-containers.ts';
import { parseEngine, parseInfo } from './docker-engine.ts';
import { parseNetworks } from './docker-networks.ts';
import { parseProxies } from './docker-proxy.ts';
import { indexFacts, type Reader, reader } from './fact.ts';
import { readNetns } from './netns.ts';
import { listedOrSeen, parseNamespaces, settle } from './places.ts';
import { socketOwnersSchema } from './sockets.ts';

const kernelSchema = z.looseObject({
  release: z.string().nullish(),
  version: z.string().nullish(),
  machine: z.string().nullish(),
  hostname: z.string().nullish(),
  bootId: z.string().nullish(),
});

/** What tells one running kernel from another; the boot id alone where it was read. */
export interface Kernel {
  readonly bootId: string | null;
  readonly build: string | null;
}

export interface Draft {
  readonly host: Host;
  readonly kernel: Kernel;
}

function readEngine(facts: Reader): Known<Engine> | null {
  const version = facts.fact('docker.version');
  if (version?.status === 'absent') return null;
  const info = facts.read('docker.info', parseInfo);
  return facts.read('docker.version', (data) => parseEngine(data, info.known ? info.value : null, version?.command ?? []));
}

export function readHost(facts: HostFacts): Draft {
  const index = indexFacts(facts.facts);
  const gaps: Gap[] = [];
  const whole = reader(facts.host, index, null, null, gaps);
  const engine = readEngine(whole);
  const networks = whole.read<readonly DockerNetwork[]>('docker.networks', parseNetworks, []);
  const containers = whole.read<readonly Container[]>('docker.containers', (data) => parseContainers(facts.host, data), []);
  const proxies = whole.read<readonly DockerProxy[]>('host.docker-proxy', parseProxies, []);
  const owners = whole.read('host.sockets', (data) => socketOwnersSchema.parse(JSON.parse(data)));
  const kernel = whole.read('host.kernel', (data) => kernelSchema.parse(JSON.parse(data)));
  const listed = whole.read('host.namespaces', parseNamespaces);
  const inodes = new Set(facts.facts.flatMap((f) => (f.netns === null ? [] : [f.netns])));
  const settled = settle(facts.host, listedOrSeen(listed.known ? listed.value : [], inodes), containers.known ? containers.value : []);
  const sockets = { owners: owners.known ? owners.value : {}, proxies: proxies.known ? proxies.value : [] };
  const namespaces = settled.places.map((place) => readNetns(place, reader(facts.host, index, place.inode, place.key, gaps), sockets));
  const k = kernel.known ? kernel.value : {};
  return {
    host: {
      name: facts.host,
      collectedAt: facts.collectedAt,
      ...(facts.earlier && { earlier: facts.earlier }),
      kernel: k.release ?? null,
      hostname: k.hostname ?? null,
      engine,
      networks,
      containers: containers.known ? { known: true, value: settled.containers } : containers,
      proxies,
      namespaces,
      ownNetns: settled.own,
      gaps,
    },
    kernel: { bootId: k.bootId ?? null, build: k.release ? `${k.release} ${k.version ?? ''} ${k.machine ?? ''}` : null },
  };
}
