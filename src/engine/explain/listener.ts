/** Nobody took the packet at its end: was it the wrong port, the wrong address, or nobody at all? */
import type { Cause } from '../../model/answer.ts';
import type { Listener } from '../../model/network.ts';
import { duplicateAddress } from './plumbing.ts';
import { cause, containersOf, hostOf, nameOf, networksOf, type Scene } from './scene.ts';

const loopback = (l: Listener) => l.address.startsWith('127.') || l.address === '::1';

export function socketCause(scene: Scene): Cause {
  const { why, netns, model, question } = scene;
  const { protocol, dport, dst } = why.packet;
  const where = nameOf(model, netns);
  const all = netns.listeners.known ? netns.listeners.value : [];
  const onPort = all.filter((l) => l.port === dport && l.protocol === protocol);
  const parameters = { port: String(dport), protocol, place: where, address: dst };
  const elsewhere = publishedElsewhere(scene) ?? duplicateAddress(scene);
  if (elsewhere) return elsewhere;
  if (onPort.some(loopback) && onPort.every((l) => loopback(l)))
    return cause('LISTENS_ON_LOOPBACK_ONLY', `${who(onPort[0]!)} in ${where} listens on ${onPort[0]!.address}:${dport} only, not on ${dst}`, parameters);
  if (onPort.length > 0)
    return cause(
      'LISTENS_ON_OTHER_ADDRESS',
      `${who(onPort[0]!)} in ${where} listens on ${onPort.map((l) => `${l.address}:${l.port}${l.dev ? `%${l.dev}` : ''}`).join(', ')}, not on ${dst}:${dport}`,
      parameters,
    );
  const mapped = publishedInstead(scene);
  if (mapped) return mapped;
  const other = all.find((l) => l.port === dport);
  if (other) return cause('LISTENS_ON_OTHER_PROTOCOL', `${where} listens on ${other.protocol}/${dport}, not on ${protocol}/${dport}`, parameters);
  if (netns.kind === 'container' && question.port !== null && dport !== question.port && all.some((l) => l.protocol === protocol && !loopback(l))) {
    const real = [...new Set(all.filter((l) => l.protocol === protocol && !loopback(l)).map((l) => l.port))].slice(0, 5);
    return cause(
      'WRONG_PORT_PUBLISHED_VS_CONTAINER',
      `port ${question.port} is published to ${protocol}/${dport} of ${where}, but ${where} listens on ${real.join(', ')}`,
      parameters,
    );
  }
  const sent = question.port !== null && dport !== question.port ? `${scene.address}:${question.port} is translated to ${dst}:${dport}, and ` : '';
  return cause('NO_LISTENER', `${sent}nothing in ${where} listens on ${protocol}/${dport}${justStarted(scene)}`, parameters);
}

/** Seconds after its start in which a program may still be on its way to its socket. */
const WARMING_UP = 60;

function justStarted({ model, netns }: Scene): string {
  const host = hostOf(model, netns);
  const container = containersOf(host).find((c) => netns.containerIds.includes(c.id));
  const age = container?.startedAt && host ? (Date.parse(host.collectedAt) - Date.parse(container.startedAt)) / 1000 : Number.NaN;
  if (container?.health === 'starting') return `; ${container.name} is still starting (health check)`;
  return age >= 0 && age < WARMING_UP ? `; ${container?.name} was started ${Math.round(age)} s before` : '';
}

function who(l: Listener): string {
  return l.process ?? 'the service';
}

/** A running container publishes the port, but not on the address that was asked. */
function publishedElsewhere(scene: Scene): Cause | null {
  const { why, netns, model } = scene;
  const { protocol, dport, dst } = why.packet;
  if (netns.kind !== 'host') return null;
  for (const c of containersOf(hostOf(model, netns))) {
    const given = c.ports.flatMap((p) => (p.protocol === protocol && p.given?.hostPort === dport ? [p.given.hostIp] : []));
    if (given.length > 0 && given.every((ip) => !ANY.has(ip) && ip !== dst))
      return cause('PUBLISHED_ON_OTHER_ADDRESS', `${c.name} publishes ${dport} on ${given.join(', ')} only, not on ${dst}`, {
        port: String(dport),
        container: c.name,
        address: given[0]!,
      });
  }
  return null;
}

const ANY: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

/** The port is known to Docker, only elsewhere: of a container that does not run, or inside and not outside. */
function publishedInstead(scene: Scene): Cause | null {
  const { why, netns, model } = scene;
  const { protocol, dport } = why.packet;
  const host = hostOf(model, netns);
  if (netns.kind === 'container') {
    const mine = containersOf(host).find((c) => netns.containerIds.includes(c.id));
    const published = mine?.ports.find((p) => p.protocol === protocol && p.given?.hostPort === dport && p.containerPort !== dport);
    if (mine && published) {
      return cause(
        'WRONG_PORT_PUBLISHED_VS_CONTAINER',
        `${dport} is the port that ${mine.name} is published on; inside, it listens on ${published.containerPort}`,
        { port: String(dport), containerPort: String(published.containerPort), container: mine.name },
      );
    }
    return null;
  }
  if (netns.kind !== 'host') return null;
  for (const c of containersOf(host)) {
    for (const p of c.ports) {
      if (p.protocol !== protocol) continue;
      const parameters = { port: String(dport), container: c.name };
      if (p.asked?.hostPort === String(dport) || p.given?.hostPort === dport) {
        if (c.networkMode === 'host')
          return cause('HOST_NETWORK', `${c.name} uses the host's network: its -p ${dport} is ignored, and nothing listens on ${dport}`, parameters);
        const networks = networksOf(host).filter((n) => c.endpoints.some((e) => e.networkId === n.id));
        if (c.state === 'running' && p.given === null && networks.length > 0 && networks.every((n) => n.internal))
          return cause(
            'INTERNAL_NETWORK',
            `${c.name} would publish ${dport}, but is on internal networks only (${networks.map((n) => n.name).join(', ')}): nothing is published there`,
            {
              ...parameters,
              network: networks[0]!.name,
            },
          );
        if (c.state !== 'running') return cause('CONTAINER_NOT_RUNNING', `${c.name}, which would publish ${dport}, is ${c.state}`, parameters);
      }
    }
  }
  const inside = containersOf(host).find(
    (c) => c.state === 'running' && c.networkMode !== 'host' && (c.exposed.includes(`${dport}/${protocol}`) || listensInside(scene, c.netns, protocol, dport)),
  );
  if (inside) {
    const given = inside.ports.find((p) => p.containerPort === dport && p.protocol === protocol && p.given);
    if (given?.given)
      return cause('WRONG_PORT_PUBLISHED_VS_CONTAINER', `${inside.name} listens on ${dport}, but is published on port ${given.given.hostPort} of the host`, {
        port: String(dport),
        container: inside.name,
        hostPort: String(given.given.hostPort),
      });
    return cause('PORT_NOT_PUBLISHED', `${inside.name} listens on ${dport}, but the port is not published on the host`, {
      port: String(dport),
      container: inside.name,
    });
  }
  return null;
}

function listensInside(scene: Scene, id: string | null, protocol: string, port: number): boolean {
  const ns = id ? scene.model.namespaces.get(id) : undefined;
  return ns?.kind === 'container' && ns.listeners.known && ns.listeners.value.some((l) => l.protocol === protocol && l.port === port && !loopback(l));
}
