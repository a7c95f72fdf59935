/** `GET /containers/ID/json` of every container → containers, by name. */
import { z } from 'zod';
import type { Container, ContainerState } from '../model/docker.ts';
import { endpoints as endpointsOf, endpointsSchema } from './docker-endpoints.ts';
import { bindingsSchema, publishedPorts } from './docker-ports.ts';
import { byText } from './fact.ts';

const text = z.string().nullish();
const list = z.array(z.string()).nullish();

const containerSchema = z.looseObject({
  Id: z.string(),
  Name: text,
  RestartCount: z.number().nullish(),
  Image: text,
  State: z
    .looseObject({
      Status: text,
      Pid: z.number().nullish(),
      ExitCode: z.number().nullish(),
      StartedAt: text,
      Health: z.looseObject({ Status: text }).nullish(),
    })
    .nullish(),
  HostConfig: z
    .looseObject({
      NetworkMode: text,
      PortBindings: bindingsSchema,
      PublishAllPorts: z.boolean().nullish(),
      ExtraHosts: list,
      Dns: list,
      DnsSearch: list,
      DnsOptions: list,
      Links: list,
    })
    .nullish(),
  Config: z
    .looseObject({
      Hostname: text,
      Image: text,
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
  NetworkSettings: z
    .looseObject({
      SandboxKey: text,
      Ports: bindingsSchema,
      Networks: endpointsSchema,
    })
    .nullish(),
});
type ContainerJson = z.infer<typeof containerSchema>;

const STATES: ReadonlySet<string> = new Set<ContainerState>(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']);

function stateOf(status: string | null | undefined): ContainerState {
  return status && STATES.has(status) ? (status as ContainerState) : 'unknown';
}

function nameOf(c: ContainerJson): string {
  return c.Name?.replace(/^\//, '') || c.Id.slice(0, 12);
}

/** Compose, Podman's compose and Swarm stacks name a service each in its own label. */
function serviceOf(labels: Readonly<Record<string, string>>): { project: string | null; service: string | null } {
  const project = labels['com.docker.compose.project'] ?? labels['io.podman.compose.project'] ?? labels['com.docker.stack.namespace'] ?? null;
  const service = labels['com.docker.compose.service'] ?? labels['io.podman.compose.service'];
  if (service !== undefined) return { project, service };
  const swarm = labels['com.docker.swarm.service.name'];
  if (swarm === undefined) return { project, service: null };
  return { project, service: project !== null && swarm.startsWith(`${project}_`) ? swarm.slice(project.length + 1) : swarm };
}

/** The full id of the container that `container:REF` names; the reference itself when that is gone. */
function ownerOf(reference: string, all: readonly ContainerJson[]): string {
  const exact = all.find((c) => c.Id === reference) ?? all.find((c) => nameOf(c) === reference);
  if (exact) return exact.Id;
  const byPrefix = all.filter((c) => reference.length >= 4 && c.Id.startsWith(reference));
  return byPrefix.length === 1 && byPrefix[0] ? byPrefix[0].Id : reference;
}

/** Go's zero time stands for "never". */
function time(value: string | null | undefined): string | null {
  return value && !value.startsWith('0001-') ? value : null;
}

function container(host: string, c: ContainerJson, at: number, all: readonly ContainerJson[]): Container {
  const state = stateOf(c.State?.Status);
  const endpoints = endpointsOf(c.NetworkSettings?.Networks, c.HostConfig?.Links);
  const mode = c.HostConfig?.NetworkMode || 'default';
  const shared = mode.startsWith('container:') ? ownerOf(mode.slice('container:'.length), all) : null;
  const byId = endpoints.find((e) => e.networkId !== '' && e.networkId === mode);
  const labels = c.Config?.Labels ?? {};
  return {
    host,
    id: c.Id,
    name: nameOf(c),
    image: c.Config?.Image ?? c.Image ?? '',
    state,
    health: c.State?.Health?.Status ?? null,
    restartCount: c.RestartCount ?? 0,
    exitCode: state === 'running' || state === 'paused' ? null : (c.State?.ExitCode ?? null),
    startedAt: time(c.State?.StartedAt),
    pid: c.State?.Pid || null,
    networkMode: shared !== null ? `container:${shared}` : mode === 'default' ? 'bridge' : (byId?.networkName ?? mode),
    sharesNetworkOf: shared,
    hostname: c.Config?.Hostname ?? '',
    endpoints,
    ports: publishedPorts(c.HostConfig?.PortBindings, c.NetworkSettings?.Ports),
    exposed: Object.keys(c.Config?.ExposedPorts ?? {}),
    publishAll: c.HostConfig?.PublishAllPorts ?? false,
    ...serviceOf(labels),
    labels,
    extraHosts: c.HostConfig?.ExtraHosts ?? [],
    dns: c.HostConfig?.Dns ?? [],
    dnsSearch: c.HostConfig?.DnsSearch ?? [],
    dnsOptions: c.HostConfig?.DnsOptions ?? [],
    sandboxKey: c.NetworkSettings?.SandboxKey || null,
    netns: null,
    source: { source: 'docker.containers', locator: `/${at}` },
  };
}

/** Namespaces are found later, when they are known. */
export function parseContainers(host: string, data: string): readonly Container[] {
  const all = z.array(containerSchema).parse(JSON.parse(data));
  return all.map((c, i) => container(host, c, i, all)).sort((a, b) => byText(a.name, b.name) || byText(a.id, b.id));
}
