/** Names that complete a question. */
import type { Names } from '../../generated/page.ts';
import type { Option } from '../common/Combobox.tsx';
import { conditionOf } from '../common/condition.ts';
import { referenceOf } from '../common/reference.ts';

const MOST = 14;

/** Everything that a question can start from, or lead to. */
export function namesOf({ hosts, containers }: Names): readonly Option[] {
  const { nodes } = containers;
  const services = [...new Set(nodes.filter((c) => c.project && c.service).map((c) => `${c.project}/${c.service}`))];
  return [
    ...nodes.map((c) => ({ value: referenceOf(c, nodes), note: `${conditionOf(c).sign} container on ${c.host}` })),
    ...services.map((value) => ({ value, note: 'compose service' })),
    ...hosts.nodes.map(({ name }) => ({ value: `host:${name}`, note: 'host' })),
    { value: 'internet', note: 'anywhere outside' },
  ];
}

/** Ports of the end that is typed, once it is: `db` → `db:5432`. */
function portsOf({ listeners, containers }: Names, text: string): readonly Option[] {
  const name = text.replace(/:\d*$/, '');
  const isHost = name.startsWith('host:');
  const held = listeners.nodes.filter((l) =>
    isHost
      ? l.containerName === null && `host:${l.host}` === name
      : l.containerName !== null && (l.containerName === name || `${l.host}/${l.containerName}` === name),
  );
  const published = isHost
    ? containers.nodes
        .filter((c) => `host:${c.host}` === name)
        .flatMap((c) => c.ports.flatMap((p) => (p.hostPort === null ? [] : [{ port: p.hostPort, protocol: p.protocol, process: `published for ${c.name}` }])))
    : [];
  const options = [...published, ...held].map(({ port, protocol, process }) => ({
    value: `${name}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}`,
    note: process ?? 'listens',
  }));
  return [...new Map(options.map((o) => [o.value, o])).values()];
}

/** Those that fit what is typed: what begins with it first. */
export function complete(names: Names | undefined, text: string, withPorts: boolean): readonly Option[] {
  if (!names) return [];
  const wanted = text.trim().toLowerCase();
  const ports = withPorts && wanted !== '' ? portsOf(names, text.trim()) : [];
  const all = [...ports, ...namesOf(names)].filter(({ value }) => value.toLowerCase().includes(wanted));
  const first = all.filter(({ value }) => value.toLowerCase().startsWith(wanted));
  return [...new Set([...first, ...all])].slice(0, MOST);
}

export interface Example {
  readonly from: string;
  readonly to: string;
}

/** Questions of this very estate, for somebody who has none yet. */
export function examples({ containers, listeners, hosts }: Names): readonly Example[] {
  const nodes = containers.nodes.filter((c) => c.networkMode !== 'none' && c.networkMode !== 'host' && c.state === 'running');
  const outside = hosts.nodes.flatMap(({ name }) => {
    const port = nodes
      .filter((c) => c.host === name)
      .flatMap((c) => c.ports)
      .find((p) => p.hostPort !== null && p.protocol === 'tcp');
    return port ? [{ from: 'internet', to: `host:${name}:${port.hostPort}` }] : [];
  });
  const between = nodes.flatMap((target) => {
    const port = listeners.nodes.find((l) => l.host === target.host && l.containerName === target.name && l.protocol === 'tcp');
    const source = nodes.find((c) => c.host === target.host && c.name !== target.name);
    return port && source ? [{ from: referenceOf(source, nodes), to: `${referenceOf(target, nodes)}:${port.port}` }] : [];
  });
  const running = nodes[0];
  const out = running ? [{ from: referenceOf(running, nodes), to: 'internet:443' }] : [];
  return [...outside.slice(0, 2), ...between.slice(0, 2), ...out];
}
