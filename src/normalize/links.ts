/** `ip -j -d addr show` → links. ip-address(8), ip-link(8). */
import { z } from 'zod';
import type { InterfaceAddress, Link } from '../model/network.ts';
import { familyOf } from '../util/ip.ts';
import { jsonList } from './fact.ts';
import { bridgePort, kindDetails, program } from './link-details.ts';
import { address } from './words.ts';

const addressSchema = z.looseObject({
  family: z.string(),
  local: z.string().optional(),
  address: z.string().optional(),
  prefixlen: z.number(),
  scope: z.union([z.string(), z.number()]).transform(String).default('global'),
  secondary: z.boolean().default(false),
  temporary: z.boolean().default(false),
  tentative: z.boolean().default(false),
  optimistic: z.boolean().default(false),
  dadfailed: z.boolean().default(false),
});

const linkSchema = z.looseObject({
  ifindex: z.number(),
  ifname: z.string(),
  link: z.string().nullish(),
  link_index: z.number().optional(),
  link_netnsid: z.number().optional(),
  flags: z.array(z.string()).default([]),
  mtu: z.number(),
  master: z.string().optional(),
  group: z.union([z.string(), z.number()]).transform(String).default('default'),
  link_type: z.string().default(''),
  address: z.string().optional(),
  linkinfo: z
    .looseObject({
      info_kind: z.string().optional(),
      info_data: z.record(z.string(), z.unknown()).default({}),
      info_slave_kind: z.string().optional(),
      info_slave_data: z.record(z.string(), z.unknown()).optional(),
    })
    .default({ info_data: {} }),
  xdp: z.unknown().optional(),
  addr_info: z.array(z.record(z.string(), z.unknown())).default([]),
});

function interfaceAddress(raw: unknown): InterfaceAddress | null {
  const a = addressSchema.parse(raw);
  if (a.local === undefined || (a.family !== 'inet' && a.family !== 'inet6')) return null;
  const local = address(a.local);
  return {
    family: familyOf(local) === 4 ? 4 : 6,
    address: local,
    prefix: a.prefixlen,
    ...(a.address === undefined ? {} : { peer: address(a.address) }),
    scope: a.scope,
    secondary: a.secondary || a.temporary,
    // RFC 4429: an optimistic address may be used while it is still tentative
    usable: !a.dadfailed && (!a.tentative || a.optimistic),
  };
}

/** `ports`: details from `bridge -j -d link` by interface, for an `ip` that does not print them. Peers are matched later. */
export function parseLinks(data: string, ports: ReadonlyMap<string, unknown>): readonly Link[] {
  const entries = jsonList(data, linkSchema);
  const indexes = new Map(entries.map(({ value }) => [value.ifname, value.ifindex]));
  return entries.map(({ at, value: link }): Link => {
    const info = link.linkinfo;
    const portData = info.info_slave_kind === 'bridge' ? (info.info_slave_data ?? ports.get(link.ifname)) : ports.get(link.ifname);
    const named = link.link ? (indexes.get(link.link) ?? (Number(/^if(\d+)$/.exec(link.link)?.[1]) || null)) : null;
    return {
      name: link.ifname,
      ifindex: link.ifindex,
      kind: info.info_kind ?? (link.link_type === 'loopback' || link.flags.includes('LOOPBACK') ? 'loopback' : 'physical'),
      mac: link.address ?? null,
      mtu: link.mtu,
      up: link.flags.includes('UP'),
      running: link.flags.includes('LOWER_UP') && !link.flags.includes('NO-CARRIER'),
      flags: link.flags,
      group: link.group,
      master: link.master ?? null,
      peerIndex: link.link_index ?? named,
      peerNsid: link.link_netnsid ?? null,
      peer: null,
      addresses: link.addr_info.map(interfaceAddress).filter((a) => a !== null),
      ...kindDetails(info.info_kind, info.info_data),
      ...(link.master !== undefined && portData !== undefined ? { port: bridgePort(link.master, portData) } : {}),
      ...program(link.xdp),
      source: { source: 'ip.addr', locator: at },
    };
  });
}
