/** A container's places in networks: NetworkSettings.Networks. */
import { z } from 'zod';
import type { Endpoint } from '../model/docker.ts';
import { canonical, familyOf } from '../util/ip.ts';

const text = z.string().nullish();
const list = z.array(z.string()).nullish();

const endpointSchema = z.looseObject({
  NetworkID: text,
  EndpointID: text,
  IPAddress: text,
  GlobalIPv6Address: text,
  MacAddress: text,
  Gateway: text,
  IPv6Gateway: text,
  GwPriority: z.number().nullish(),
  Aliases: list,
  DNSNames: list,
  Links: list,
});

export const endpointsSchema = z.record(z.string(), endpointSchema.nullish()).nullish();

function addressOr(value: string | null | undefined): string | null {
  const bare = value?.split('/')[0];
  return bare && familyOf(bare) !== null ? canonical(bare) : null;
}

/** `/db:/web/store` of the default bridge and `db:store` of other networks, as `db:store`. */
function link(value: string): string {
  const [target = '', alias = ''] = value.split(':');
  return `${target.replace(/^\//, '')}:${alias.split('/').at(-1) || target.replace(/^\//, '')}`;
}

/** `bridgeLinks`: HostConfig.Links, which only the default bridge heeds. */
export function endpoints(networks: z.infer<typeof endpointsSchema>, bridgeLinks: readonly string[] | null | undefined): readonly Endpoint[] {
  return Object.entries(networks ?? {}).map(([networkName, e]) => ({
    networkId: e?.NetworkID ?? '',
    networkName,
    endpointId: e?.EndpointID || null,
    ipv4: addressOr(e?.IPAddress),
    ipv6: addressOr(e?.GlobalIPv6Address),
    mac: e?.MacAddress || null,
    gateway: addressOr(e?.Gateway) ?? addressOr(e?.IPv6Gateway),
    gatewayPriority: e?.GwPriority ?? 0,
    aliases: [...new Set([...(e?.Aliases ?? []), ...(e?.DNSNames ?? [])])],
    links: (e?.Links ?? (networkName === 'bridge' ? bridgeLinks : null) ?? []).map(link),
  }));
}
