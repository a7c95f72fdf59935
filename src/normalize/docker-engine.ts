/** `GET /version` and `GET /info` → the engine. */
import { z } from 'zod';
import type { Engine } from '../model/docker.ts';

const versionSchema = z.looseObject({ Version: z.string().nullish(), ApiVersion: z.string().nullish() });

const infoSchema = z.looseObject({
  ID: z.string().nullish(),
  Name: z.string().nullish(),
  Swarm: z.looseObject({ LocalNodeState: z.string().nullish() }).nullish(),
  FirewallBackend: z.looseObject({ Driver: z.string().nullish() }).nullish(),
});

export type EngineInfo = z.infer<typeof infoSchema>;

export function parseInfo(data: string): EngineInfo {
  return infoSchema.parse(JSON.parse(data));
}

/** `command` is the call that was made; the endpoint is the word of it that is a URL. */
export function parseEngine(data: string, info: EngineInfo | null, command: readonly string[]): Engine {
  const version = versionSchema.parse(JSON.parse(data));
  return {
    version: version.Version ?? '',
    apiVersion: version.ApiVersion ?? '',
    id: info?.ID ?? null,
    hostname: info?.Name ?? null,
    firewallBackend: info?.FirewallBackend?.Driver ?? null,
    swarm: info?.Swarm?.LocalNodeState === 'active',
    endpoint: command.find((word) => /^(unix|tcp|ssh|https?):\/\//.test(word)) ?? '',
  };
}
