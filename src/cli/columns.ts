/** What the tables of the command line show of each list. */

import type { Moment, SnapshotInfo } from '../model/snapshot.ts';
import type { ScheduleInfo } from '../operations/schedules.ts';
import type { EntityOf, ViewName } from '../operations/views/index.ts';
import type { Column } from './table.ts';

const joined = (values: readonly (string | null)[]) => values.filter((value) => value).join(', ') || null;

export const columns: { readonly [V in Exclude<ViewName, 'findings'>]: readonly Column<EntityOf<V>>[] } = {
  hosts: [
    { title: 'HOST', value: (host) => host.name },
    { title: 'ADDRESSES', value: (host) => joined(host.addresses) },
    { title: 'DOCKER', value: (host) => host.engine?.version ?? null },
    { title: 'KERNEL', value: (host) => host.kernel },
    { title: 'NETWORKS', value: (host) => host.networkCount, right: true },
    { title: 'CONTAINERS', value: (host) => host.containerCount, right: true },
    { title: 'NAMESPACES', value: (host) => host.namespaceCount, right: true },
    { title: 'GAPS', value: (host) => host.gapCount, right: true },
  ],
  networks: [
    { title: 'HOST', value: (network) => network.host },
    { title: 'NETWORK', value: (network) => network.name },
    { title: 'DRIVER', value: (network) => network.driver },
    { title: 'SUBNETS', value: (network) => joined(network.subnets.map(({ subnet }) => subnet)) },
    { title: 'BRIDGE', value: (network) => network.bridge },
    { title: 'INTERNAL', value: (network) => (network.internal ? 'yes' : 'no') },
  ],
  endpoints: [
    { title: 'HOST', value: (endpoint) => endpoint.host },
    { title: 'NETWORK', value: (endpoint) => endpoint.networkName },
    { title: 'CONTAINER', value: (endpoint) => endpoint.containerName },
    { title: 'ADDRESSES', value: (endpoint) => joined([endpoint.ipv4, endpoint.ipv6]) },
    { title: 'MAC', value: (endpoint) => endpoint.mac },
    { title: 'ALIASES', value: (endpoint) => joined(endpoint.aliases) },
  ],
  containers: [
    { title: 'HOST', value: (container) => container.host },
    { title: 'CONTAINER', value: (container) => container.name },
    { title: 'STATE', value: (container) => container.state },
    {
      title: 'NETWORKS',
      value: (container) =>
        joined(container.networkNames) ?? (container.sharesNetworkOf === null ? container.networkMode : `container:${container.sharesNetworkOf}`),
    },
    { title: 'ADDRESSES', value: (container) => joined(container.addresses) },
    { title: 'PUBLISHED', value: (container) => joined(container.ports.map(published)) },
  ],
  natRules: [
    { title: 'HOST', value: (rule) => rule.host },
    { title: 'NAMESPACE', value: (rule) => rule.namespace },
    { title: 'CHAIN', value: (rule) => rule.chain },
    { title: '#', value: (rule) => rule.position, right: true },
    { title: 'ACTION', value: (rule) => rule.action },
    { title: 'FOR', value: (rule) => joined([rule.protocol, rule.hostIp, rule.port && `port ${rule.port}`]) },
    { title: 'TO', value: (rule) => joined([rule.targetAddress, rule.targetPort && `port ${rule.targetPort}`, rule.targetContainerName]) },
    { title: 'PACKETS', value: (rule) => rule.packets, right: true },
    { title: 'RULE', value: (rule) => rule.text },
  ],
  filterRules: [
    { title: 'HOST', value: (rule) => rule.host },
    { title: 'NAMESPACE', value: (rule) => rule.namespace },
    { title: 'TABLE', value: (rule) => rule.table },
    { title: 'CHAIN', value: (rule) => rule.chain },
    { title: '#', value: (rule) => rule.position, right: true },
    { title: 'PACKETS', value: (rule) => rule.packets, right: true },
    { title: 'RULE', value: (rule) => rule.text },
  ],
  routes: [
    { title: 'HOST', value: (route) => route.host },
    { title: 'NAMESPACE', value: (route) => route.namespace },
    { title: 'TABLE', value: (route) => route.table },
    { title: 'TYPE', value: (route) => route.type },
    { title: 'DESTINATION', value: (route) => route.destination },
    { title: 'VIA', value: (route) => joined(route.nexthops.map(({ gateway, device }) => joined([gateway, device]))) },
    { title: 'METRIC', value: (route) => route.metric, right: true },
  ],
  listeners: [
    { title: 'HOST', value: (listener) => listener.host },
    { title: 'NAMESPACE', value: (listener) => listener.namespace },
    { title: 'PROTOCOL', value: (listener) => listener.protocol },
    { title: 'ADDRESS', value: (listener) => listener.address },
    { title: 'PORT', value: (listener) => listener.port, right: true },
    { title: 'PROCESS', value: (listener) => listener.process },
    { title: 'CONTAINER', value: (listener) => listener.containerName },
  ],
};

type Port = EntityOf<'containers'>['ports'][number];
const published = ({ hostIp, hostPort, containerPort, protocol }: Port) =>
  hostPort === null ? null : `${hostIp?.includes(':') ? `[${hostIp}]` : hostIp}:${hostPort}->${containerPort}/${protocol}`;

export const snapshotColumns: readonly Column<SnapshotInfo>[] = [
  { title: 'ID', value: (snapshot) => snapshot.id, right: true },
  { title: 'TAKEN', value: (snapshot) => snapshot.takenAt },
  { title: 'LABEL', value: (snapshot) => snapshot.label },
  { title: 'HOSTS', value: (snapshot) => snapshot.hostCount, right: true },
  { title: 'NETWORKS', value: (snapshot) => snapshot.networkCount, right: true },
  { title: 'ENDPOINTS', value: (snapshot) => snapshot.endpointCount, right: true },
  { title: 'NAT RULES', value: (snapshot) => snapshot.natRuleCount, right: true },
  { title: 'GAPS', value: (snapshot) => snapshot.gapCount, right: true },
];

export const momentColumns: readonly Column<Moment>[] = [
  { title: 'UNTIL', value: ({ snapshot }) => snapshot.takenAt },
  { title: 'SNAPSHOTS', value: ({ snapshots }) => snapshots, right: true },
  { title: 'LAST', value: ({ snapshot }) => snapshot.id, right: true },
  { title: 'CHANGES', value: ({ changes }) => changes, right: true },
  { title: 'OF', value: ({ kinds }) => kinds.join(', ') },
  { title: 'LABELS', value: ({ marked }) => marked.flatMap(({ label }) => label ?? []).join(', ') },
];

export const scheduleColumns: readonly Column<ScheduleInfo>[] = [
  { title: 'SCHEDULE', value: (schedule) => schedule.name },
  { title: 'WHEN', value: (schedule) => schedule.when },
  { title: 'NEXT', value: (schedule) => schedule.next },
  { title: 'LAST', value: (schedule) => schedule.lastRun?.dueAt ?? null },
  { title: 'STATE', value: (schedule) => schedule.lastRun?.state.toLowerCase() ?? null },
  { title: 'SNAPSHOT', value: (schedule) => schedule.lastRun?.snapshotId ?? null, right: true },
  { title: 'MISSED', value: (schedule) => schedule.missed, right: true },
  { title: 'REASON', value: (schedule) => schedule.lastRun?.reason ?? null },
];
