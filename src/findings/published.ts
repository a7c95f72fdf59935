/** Ports that a running container publishes, and who listens on them inside. */
import type { Container, PublishedPort } from '../model/docker.ts';
import type { Listener, Netns } from '../model/network.ts';
import { netnsOf, type Scene } from './scene.ts';

export interface Published {
  readonly container: Container;
  readonly netns: Netns;
  readonly port: PublishedPort;
  /** Sockets inside on that port and protocol. */
  readonly listeners: readonly Listener[];
  /** `8080 → 80/tcp`, all addresses and families together. */
  readonly text: string;
}

/** Seconds after its start in which a program may still be on its way to its socket. */
const WARMING_UP = 60;

function settled(scene: Scene, { health, startedAt }: Container): boolean {
  const age = (Date.parse(scene.host.collectedAt) - Date.parse(startedAt ?? '')) / 1000;
  return health !== 'starting' && !(age < WARMING_UP);
}

/** Rules inside may send the port elsewhere. */
const translates = ({ firewall }: Netns) =>
  firewall.gaps.length > 0 ||
  firewall.tables.some(({ chains }) => [...chains.values()].some(({ base, rules }) => base?.type === 'nat' && base.hook === 'prerouting' && rules.length > 0));

/** Each container port once, of containers whose sockets are known and had time to open. */
export function published(scene: Scene): Published[] {
  return scene.running.flatMap((container) => {
    const netns = netnsOf(scene, container);
    if (netns?.kind !== 'container' || !netns.listeners.known || !settled(scene, container) || translates(netns)) return [];
    const given = container.ports.filter((port) => port.given !== null && (port.protocol === 'tcp' || port.protocol === 'udp'));
    const once = new Map(given.map((port) => [`${port.containerPort}/${port.protocol}`, port]));
    return [...once].map(([inside, port]): Published => {
      const listeners = netns.listeners.known ? netns.listeners.value : [];
      return {
        container,
        netns,
        port,
        listeners: listeners.filter((listener) => listener.port === port.containerPort && listener.protocol === port.protocol),
        text: `${port.given?.hostPort} → ${inside}`,
      };
    });
  });
}

export const onLoopback = ({ address }: Listener) => address.startsWith('127.') || address === '::1';
