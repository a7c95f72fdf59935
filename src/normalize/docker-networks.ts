/** `GET /networks` → networks, by name. */
import { z } from 'zod';
import type { DockerNetwork } from '../model/docker.ts';
import { byText } from './fact.ts';

const strings = z.record(z.string(), z.string()).nullish();
const optionalText = z.string().nullish();
const flag = z.boolean().nullish();

const networkSchema = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Driver: optionalText,
  Scope: optionalText,
  Internal: flag,
  Attachable: flag,
  Ingress: flag,
  EnableIPv6: flag,
  IPAM: z.looseObject({ Config: z.array(z.looseObject({ Subnet: optionalText, Gateway: optionalText, IPRange: optionalText })).nullish() }).nullish(),
  Options: strings,
  Labels: strings,
});

type NetworkJson = z.infer<typeof networkSchema>;

const DEFAULT_BRIDGE = 'com.docker.network.bridge.default_bridge';
const BRIDGE_NAME = 'com.docker.network.bridge.name';

function bridgeOf(network: NetworkJson): string | null {
  if (network.Driver !== 'bridge') return null;
  const named = network.Options?.[BRIDGE_NAME];
  if (named) return named;
  return network.Options?.[DEFAULT_BRIDGE] === 'true' ? 'docker0' : `br-${network.Id.slice(0, 12)}`;
}

export function parseNetworks(data: string): readonly DockerNetwork[] {
  return z
    .array(networkSchema)
    .parse(JSON.parse(data))
    .map(
      (n, i): DockerNetwork => ({
        id: n.Id,
        name: n.Name,
        driver: n.Driver ?? '',
        scope: n.Scope ?? '',
        internal: n.Internal ?? false,
        attachable: n.Attachable ?? false,
        ingress: n.Ingress ?? false,
        ipv6: n.EnableIPv6 ?? false,
        ipam: (n.IPAM?.Config ?? []).flatMap((pool) =>
          pool.Subnet ? [{ subnet: pool.Subnet, gateway: pool.Gateway || null, ipRange: pool.IPRange || null }] : [],
        ),
        options: n.Options ?? {},
        labels: n.Labels ?? {},
        bridge: bridgeOf(n),
        source: { source: 'docker.networks', locator: `/${i}` },
      }),
    )
    .sort((a, b) => byText(a.name, b.name) || byText(a.id, b.id));
}
