/** The tables, in the order of their tabs. */
import { targetOf } from '../common/reference.ts';
import { exactTime } from '../common/time.ts';
import { containerRows, endpointRows, filterRuleRows, findingRows, hostRows, listenerRows, natRuleRows, networkRows, routeRows } from '../queries/tables.ts';
import { type AnyTable, type Filter, table } from './table.ts';

const filter = (name: string, title: string, number = false): Filter => ({ name, title, number });
const HOST = filter('host', 'Host');
const NAMESPACE = filter('namespace', 'Namespace');
const ADDRESS = filter('address', 'Address');
const CONTAINER = filter('container', 'Container');
const PORT = filter('port', 'Port', true);
const PROTOCOL = filter('protocol', 'Protocol');
const RULE = [HOST, NAMESPACE, filter('backend', 'Backend'), filter('table', 'Table'), filter('chain', 'Chain'), filter('action', 'Action')];

const containerId = (host: string, name: string) => `container:${host}/${name}`;
const joined = (values: readonly (string | null)[]) => values.filter((value) => value !== null && value !== '').join(', ') || null;
const yes = (value: boolean) => (value ? 'yes' : 'no');
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
const withPort = (address: string | null, port: string | null) => (port === null ? address : `${address === null ? '' : bracketed(address)}:${port}`);

const STATE_TONES: Readonly<Record<string, string>> = { running: 'good', exited: 'muted', dead: 'bad', restarting: 'bad', paused: 'warn' };
const SEVERITY_TONES = { HIGH: 'bad', MEDIUM: 'warn', LOW: 'muted' } as const;
const ACTION_TONES: Readonly<Record<string, string>> = { accept: 'good', drop: 'bad', reject: 'bad', unknown: 'unknown' };

interface RuleRow {
  readonly host: string;
  readonly namespace: string;
  readonly backend: string;
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly position: number | null;
}
const PLACE = [
  { title: 'Host', value: (rule: RuleRow) => rule.host },
  { title: 'Table', value: (rule: RuleRow) => rule.table },
  { title: 'Chain', value: (rule: RuleRow) => rule.chain, mono: true },
  { title: '№', value: (rule: RuleRow) => rule.position },
];
const SEEN_BY = [
  { title: 'Namespace', value: (rule: RuleRow) => rule.namespace },
  { title: 'Backend', value: (rule: RuleRow) => rule.backend },
  { title: 'Family', value: (rule: RuleRow) => rule.family },
];
const COUNTED = [
  { title: 'Packets', value: (rule: { readonly packets: number | null }) => rule.packets, count: true },
  { title: 'Bytes', value: (rule: { readonly bytes: number | null }) => rule.bytes, count: true },
];

export const TABLES: readonly AnyTable[] = [
  table({
    name: 'findings',
    title: 'Findings',
    none: 'Nothing wrong was found',
    query: findingRows,
    filters: [HOST, CONTAINER],
    columns: [
      { title: 'Severity', value: (found) => found.severity.toLowerCase(), tone: (found) => SEVERITY_TONES[found.severity] },
      { title: 'Host', value: (found) => found.host },
      { title: 'About', value: (found) => `${found.subject.kind} ${found.subject.name}` },
      { title: 'Found', value: (found) => found.text },
      { title: 'So', value: (found) => found.why },
      { title: 'Remedy', value: (found) => found.remedy, mono: true },
    ],
    why: (found) => (found.container === null ? null : { to: `${found.host}/${found.container}` }),
    map: (found) => (found.container === null ? `host:${found.host}` : containerId(found.host, found.container)),
  }),
  table({
    name: 'hosts',
    title: 'Hosts',
    none: 'There is no host',
    query: hostRows,
    filters: [ADDRESS],
    columns: [
      { title: 'Name', value: (host) => host.name },
      { title: 'Hostname', value: (host) => host.hostname },
      { title: 'Kernel', value: (host) => host.kernel },
      { title: 'Addresses', value: (host) => joined(host.addresses), mono: true },
      { title: 'Engine', value: (host) => host.engine?.version ?? null },
      { title: 'Firewall', value: (host) => host.engine?.firewallBackend ?? null },
      { title: 'Containers', value: (host) => host.containerCount },
      { title: 'Networks', value: (host) => host.networkCount },
      { title: 'Namespaces', value: (host) => host.namespaceCount },
      { title: 'Missing facts', value: (host) => host.gapCount, tone: (host) => (host.gapCount > 0 ? 'warn' : undefined) },
      { title: 'Read', value: (host) => exactTime(host.collectedAt) },
    ],
    why: (host) => ({ to: `host:${host.name}` }),
    map: (host) => host.id,
  }),
  table({
    name: 'networks',
    title: 'Networks',
    none: 'There is no network',
    query: networkRows,
    filters: [HOST, filter('driver', 'Driver'), ADDRESS],
    columns: [
      { title: 'Host', value: (network) => network.host },
      { title: 'Name', value: (network) => network.name },
      { title: 'Driver', value: (network) => network.driver },
      { title: 'Subnets', value: (network) => joined(network.subnets.map(({ subnet }) => subnet)), mono: true },
      { title: 'Gateways', value: (network) => joined(network.subnets.map(({ gateway }) => gateway)), mono: true },
      { title: 'Bridge', value: (network) => network.bridge, mono: true },
      { title: 'Scope', value: (network) => network.scope },
      { title: 'Internal', value: (network) => yes(network.internal) },
      { title: 'IPv6', value: (network) => yes(network.ipv6) },
    ],
    map: (network) => network.id,
  }),
  table({
    name: 'endpoints',
    title: 'Endpoints',
    none: 'No container is in a network',
    query: endpointRows,
    filters: [HOST, filter('network', 'Network'), CONTAINER, ADDRESS],
    columns: [
      { title: 'Host', value: (endpoint) => endpoint.host },
      { title: 'Container', value: (endpoint) => endpoint.containerName },
      { title: 'Network', value: (endpoint) => endpoint.networkName },
      { title: 'IPv4', value: (endpoint) => endpoint.ipv4, mono: true },
      { title: 'IPv6', value: (endpoint) => endpoint.ipv6, mono: true },
      { title: 'MAC', value: (endpoint) => endpoint.mac, mono: true },
      { title: 'Gateway', value: (endpoint) => endpoint.gateway, mono: true },
      { title: 'Aliases', value: (endpoint) => joined(endpoint.aliases) },
    ],
    why: (endpoint) => ({ to: `${endpoint.host}/${endpoint.containerName}` }),
    map: (endpoint) => containerId(endpoint.host, endpoint.containerName),
  }),
  table({
    name: 'containers',
    title: 'Containers',
    none: 'There is no container',
    query: containerRows,
    filters: [HOST, filter('network', 'Network'), ADDRESS, PORT, filter('state', 'State'), filter('project', 'Project')],
    columns: [
      { title: 'Host', value: (container) => container.host },
      { title: 'Name', value: (container) => container.name },
      { title: 'State', value: (container) => container.state, tone: (container) => STATE_TONES[container.state] },
      { title: 'Health', value: (container) => container.health, tone: (container) => (container.health === 'unhealthy' ? 'bad' : undefined) },
      { title: 'Networks', value: (container) => joined(container.networkNames) ?? container.networkMode },
      { title: 'Addresses', value: (container) => joined(container.addresses), mono: true },
      { title: 'Ports', value: (container) => joined(container.ports.map(published)), mono: true },
      { title: 'Image', value: (container) => container.image },
      { title: 'Project', value: (container) => container.project },
      { title: 'Service', value: (container) => container.service },
      { title: 'Restarts', value: (container) => container.restartCount },
      { title: 'Started', value: (container) => container.startedAt },
    ],
    why: (container) => ({ to: `${container.host}/${container.name}` }),
    map: (container) => container.id,
  }),
  table({
    name: 'natRules',
    title: 'NAT rules',
    none: 'There is no NAT rule',
    query: natRuleRows,
    filters: [...RULE, CONTAINER, ADDRESS, PORT, PROTOCOL],
    columns: [
      ...PLACE,
      { title: 'Action', value: (rule) => rule.action },
      { title: 'From', value: (rule) => rule.source, mono: true },
      { title: 'To', value: (rule) => withPort(rule.hostIp, rule.port), mono: true },
      { title: 'Becomes', value: (rule) => withPort(rule.targetAddress, rule.targetPort), mono: true },
      { title: 'Container', value: (rule) => rule.targetContainerName },
      ...COUNTED,
      { title: 'Rule', value: (rule) => rule.text, mono: true },
      ...SEEN_BY,
    ],
    why: (rule) =>
      rule.targetContainerName === null ? null : { to: withPort(`${rule.host}/${rule.targetContainerName}`, rule.targetPort?.split('-')[0] ?? null) },
    map: (rule) => (rule.targetContainerName === null ? null : containerId(rule.host, rule.targetContainerName)),
  }),
  table({
    name: 'filterRules',
    title: 'Filter rules',
    none: 'There is no filter rule',
    query: filterRuleRows,
    filters: RULE,
    columns: [
      ...PLACE,
      { title: 'Action', value: (rule) => rule.action, tone: (rule) => ACTION_TONES[rule.action] },
      ...COUNTED,
      { title: 'Rule', value: (rule) => rule.text, mono: true },
      ...SEEN_BY,
    ],
  }),
  table({
    name: 'routes',
    title: 'Routes',
    none: 'There is no route',
    query: routeRows,
    filters: [HOST, NAMESPACE, filter('table', 'Table'), ADDRESS, filter('device', 'Device')],
    columns: [
      { title: 'Host', value: (route) => route.host },
      { title: 'Namespace', value: (route) => route.namespace },
      { title: 'Table', value: (route) => route.table },
      { title: 'Type', value: (route) => route.type },
      { title: 'Destination', value: (route) => route.destination, mono: true },
      { title: 'Via', value: (route) => joined(route.nexthops.map(({ gateway }) => gateway)), mono: true },
      { title: 'Device', value: (route) => joined(route.nexthops.map(({ device }) => device)), mono: true },
      { title: 'Metric', value: (route) => route.metric },
      { title: 'Made by', value: (route) => route.protocol },
      { title: 'Source', value: (route) => route.preferredSource, mono: true },
    ],
  }),
  table({
    name: 'listeners',
    title: 'Listeners',
    none: 'Nothing listens',
    query: listenerRows,
    filters: [HOST, NAMESPACE, CONTAINER, ADDRESS, PORT, PROTOCOL, filter('process', 'Process')],
    columns: [
      { title: 'Host', value: (listener) => listener.host },
      { title: 'Namespace', value: (listener) => listener.namespace },
      { title: 'Protocol', value: (listener) => listener.protocol },
      { title: 'Address', value: (listener) => listener.address, mono: true },
      { title: 'Port', value: (listener) => listener.port },
      { title: 'Device', value: (listener) => listener.device, mono: true },
      { title: 'Process', value: (listener) => listener.process },
      { title: 'PID', value: (listener) => listener.pid },
      { title: 'Container', value: (listener) => listener.containerName },
    ],
    why: (listener) => (listener.containerName === null ? null : { to: targetOf({ ...listener, to: `${listener.host}/${listener.containerName}` }) }),
    map: (listener) => (listener.containerName === null ? null : containerId(listener.host, listener.containerName)),
  }),
];

interface Port {
  readonly protocol: string;
  readonly containerPort: number;
  readonly hostIp: string | null;
  readonly hostPort: number | null;
}
const published = ({ protocol, containerPort, hostIp, hostPort }: Port) =>
  hostPort === null ? null : `${bracketed(hostIp ?? '')}:${hostPort} → ${containerPort}/${protocol}`;
