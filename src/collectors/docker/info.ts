import { z } from 'zod';
import type { DockerCollector } from './collector.ts';

const text = z.string().nullish();
const flag = z.boolean().nullish();

/** Registries, proxies and plugins stay behind: their addresses may hold passwords. */
const infoSchema = z.object({
  ID: text,
  Name: text,
  ServerVersion: text,
  KernelVersion: text,
  OperatingSystem: text,
  SecurityOptions: z.array(z.string()).nullish(),
  Swarm: z.object({ LocalNodeState: text }).nullish(),
  // Since API 1.49.
  FirewallBackend: z.object({ Driver: text, Info: z.array(z.array(z.string())).nullish() }).nullish(),
  Warnings: z.array(z.string()).nullish(),
  IPv4Forwarding: flag,
  BridgeNfIptables: flag,
  BridgeNfIp6tables: flag,
});

export const info: DockerCollector = {
  name: 'docker.info',
  scope: 'host',
  command: ['GET', '/info'],
  read: async (engine) => ({ value: infoSchema.parse(await engine.info()) }),
};
