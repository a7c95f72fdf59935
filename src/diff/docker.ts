/** Hosts, networks, containers and endpoints. */

import type { ChangeKind } from '../model/change.ts';
import type { Container, DockerNetwork, Endpoint } from '../model/docker.ts';
import type { Known } from '../model/evidence.ts';
import type { FactSource } from '../model/facts.ts';
import type { Host } from '../model/model.ts';
import { type Entry, type FieldValue, numbered, type Section } from './entry.ts';
import { containersOf, type Side } from './names.ts';

/** An answer in part is no ground to call the rest removed. */
function missing(host: Host, known: Known<unknown> | null, source: FactSource): string | null {
  if (known && !known.known) return known.gap.reason;
  return host.gaps.find((gap) => gap.netns === null && gap.source === source)?.reason ?? null;
}

function section(kind: ChangeKind, unknown: string | null, entries: () => readonly Entry[]): Section {
  return { kind, netns: null, part: '', entries: unknown === null ? numbered(entries()) : [], unknown };
}

export function hostSection(side: Side): Section {
  const { host } = side;
  return section('host', host.engine && !host.engine.known ? host.engine.gap.reason : null, () => {
    const engine = host.engine?.known ? host.engine.value : null;
    return [
      {
        key: host.name,
        fields: {
          kernel: host.kernel,
          hostname: host.hostname,
          engineVersion: engine?.version ?? null,
          engineApiVersion: engine?.apiVersion ?? null,
          engineId: engine?.id ?? null,
          firewallBackend: engine?.firewallBackend ?? null,
          swarm: engine?.swarm ?? null,
        },
      },
    ];
  });
}

function networkEntry(network: DockerNetwork): Entry {
  return {
    key: network.name,
    fields: {
      id: network.id,
      driver: network.driver,
      scope: network.scope,
      internal: network.internal,
      attachable: network.attachable,
      ingress: network.ingress,
      ipv6: network.ipv6,
      subnets: network.ipam.map((pool) => pool.subnet),
      gateways: network.ipam.map((pool) => pool.gateway),
      ipRanges: network.ipam.map((pool) => pool.ipRange),
      // named after the id unless somebody chose it
      bridge: network.bridge === `br-${network.id.slice(0, 12)}` ? 'br-ID' : network.bridge,
      options: network.options,
      labels: network.labels,
    },
  };
}

export function networkSection(side: Side): Section {
  const { networks } = side.host;
  return section('network', missing(side.host, networks, 'docker.networks'), () => (networks.known ? networks.value : []).map(networkEntry));
}

function portTexts(container: Container): FieldValue {
  return container.ports
    .map((p) => {
      const asked = p.asked === null ? '' : `${p.asked.hostIp}:${p.asked.hostPort}`;
      const given = p.given === null ? '' : `${p.given.hostIp}:${p.given.hostPort}`;
      return `${p.containerPort}/${p.protocol} asked ${asked || 'no'} given ${given || 'no'}`;
    })
    .sort();
}

/**
 * `id` tells a container that was made anew. Left out: start time, process id, sandbox and namespace (a restart changes them
 * and nothing else), and the hostname where it is the id. `restartCount` counts restarts by policy alone, so it stays.
 */
function containerEntry(side: Side, c: Container): Entry {
  return {
    key: c.name,
    fields: {
      id: c.id,
      image: c.image,
      state: c.state,
      health: c.health,
      restartCount: c.restartCount,
      exitCode: c.exitCode,
      networkMode: c.sharesNetworkOf === null ? side.stable(c.networkMode) : `container:${side.containerName(c.sharesNetworkOf)}`,
      hostname: c.id.startsWith(c.hostname) ? '' : c.hostname,
      ports: portTexts(c),
      exposed: [...c.exposed].sort(),
      publishAll: c.publishAll,
      project: c.project,
      service: c.service,
      labels: c.labels,
      extraHosts: [...c.extraHosts].sort(),
      dns: c.dns,
      dnsSearch: c.dnsSearch,
      dnsOptions: c.dnsOptions,
    },
  };
}

export function containerSection(side: Side): Section {
  return section('container', missing(side.host, side.host.containers, 'docker.containers'), () => containersOf(side.host).map((c) => containerEntry(side, c)));
}

/** The MAC address is left out: engines from 28 on draw a new one at each start. The short id is an alias that changes with the container. */
function endpointEntry(container: Container, endpoint: Endpoint): Entry {
  return {
    key: `${endpoint.networkName}/${container.name}`,
    fields: {
      ipv4: endpoint.ipv4,
      ipv6: endpoint.ipv6,
      gateway: endpoint.gateway,
      gatewayPriority: endpoint.gatewayPriority,
      aliases: endpoint.aliases.filter((alias) => !container.id.startsWith(alias)).sort(),
      links: [...endpoint.links].sort(),
    },
  };
}

export function endpointSection(side: Side): Section {
  return section('endpoint', missing(side.host, side.host.containers, 'docker.containers'), () =>
    containersOf(side.host).flatMap((c) => c.endpoints.map((e) => endpointEntry(c, e))),
  );
}
