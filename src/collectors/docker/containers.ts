import type Docker from 'dockerode';
import { z } from 'zod';
import { messageOf } from '../fact.ts';
import type { DockerCollector } from './collector.ts';
import type { Inspections } from './inspections.ts';
import { redactedMap } from './redact.ts';

const text = z.string().nullish();
const flag = z.boolean().nullish();
const number = z.number().nullish();
const texts = z.array(z.string()).nullish();
const bindings = z.record(z.string(), z.array(z.object({ HostIp: text, HostPort: text })).nullish()).nullish();

/** Fields and names of `GET /containers/{id}/json`. Env, Cmd, Entrypoint, Args, Path, Mounts and Health.Log stay behind. */
const containerSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: text,
  Image: text,
  RestartCount: number,
  State: z
    .object({
      Status: text,
      Running: flag,
      Paused: flag,
      Restarting: flag,
      Dead: flag,
      Pid: number,
      ExitCode: number,
      StartedAt: text,
      FinishedAt: text,
      Health: z.object({ Status: text }).nullish(),
    })
    .nullish(),
  HostConfig: z
    .object({
      NetworkMode: text,
      PortBindings: bindings,
      PublishAllPorts: flag,
      Links: texts,
      ExtraHosts: texts,
      Dns: texts,
      DnsSearch: texts,
      DnsOptions: texts,
      RestartPolicy: z.object({ Name: text, MaximumRetryCount: number }).nullish(),
    })
    .nullish(),
  Config: z
    .object({ Hostname: text, Domainname: text, Image: text, ExposedPorts: z.record(z.string(), z.object({})).nullish(), Labels: redactedMap })
    .nullish(),
  NetworkSettings: z
    .object({
      SandboxID: text,
      SandboxKey: text,
      Ports: bindings,
      IPAddress: text,
      Gateway: text,
      MacAddress: text,
      Networks: z
        .record(
          z.string(),
          z
            .object({
              NetworkID: text,
              EndpointID: text,
              Gateway: text,
              IPAddress: text,
              IPPrefixLen: number,
              IPv6Gateway: text,
              GlobalIPv6Address: text,
              GlobalIPv6PrefixLen: number,
              MacAddress: text,
              Aliases: texts,
              DNSNames: texts,
              Links: texts,
              IPAMConfig: z.object({ IPv4Address: text, IPv6Address: text, LinkLocalIPs: texts }).nullish(),
              GwPriority: number,
              DriverOpts: redactedMap,
            })
            .nullish(),
        )
        .nullish(),
    })
    .nullish(),
});

/** As many questions at a time as still made the whole faster. */
const AT_A_TIME = 8;

type Inspected = { readonly container: unknown } | { readonly problem: string } | 'gone';

/** `listed`: the container's entry in the list. */
async function inspect(engine: Docker, id: string, listed: string, known: Inspections | null): Promise<Inspected> {
  const before = known?.find(id, listed);
  if (before) return { container: before };
  const turn = known?.turn ?? 0;
  try {
    const container = containerSchema.parse(await engine.getContainer(id).inspect());
    known?.keep(id, { listed, container }, turn);
    return { container };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return 'gone'; // removed since it was listed
    return { problem: `${id.slice(0, 12)}: ${messageOf(error)}` };
  }
}

export const containers: DockerCollector = {
  name: 'docker.containers',
  scope: 'host',
  command: ['GET', '/containers/{id}/json'],
  async read(engine, known) {
    const list = z.array(z.looseObject({ Id: z.string() })).parse(await engine.listContainers({ all: true }));
    known?.retain(new Set(list.map(({ Id }) => Id)));
    const found: Inspected[] = [];
    const queue = list.entries();
    const worker = async (): Promise<void> => {
      for (const [i, entry] of queue) found[i] = await inspect(engine, entry.Id, JSON.stringify(entry), known);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    const problems = found.flatMap((f) => (f !== 'gone' && 'problem' in f ? [f.problem] : []));
    return {
      value: found.flatMap((f) => (f !== 'gone' && 'container' in f ? [f.container] : [])),
      ...(problems.length > 0 ? { partial: `not inspected: ${problems.join('; ')}` } : {}),
    };
  },
};
