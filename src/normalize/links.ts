/** `ip -j -d addr show` → links. ip-address(8), ip-link(8). */
import { z } from 'zod';
import type { BridgePort, InterfaceAddress, Link } from '../model/network.ts';
import { familyOf } from '../util/ip.ts';
import { jsonList } from './fact.ts';
import { address } from './words.ts';

const bit = z.union([z.boolean(), z.number()]).transform((value) => Boolean(value));

/** The same words in `ip -d link` (info_slave_data) and in `bridge -d link`. */
export const portSchema = z.looseObject({
  state: z.enum(['disabled', 'listening', 'learning', 'forwarding', 'blocking']),
  hairpin: bit.default(false),
  isolated: bit.default(false),
  flood: bit.default(true),
  bcast_flood: bit.default(true),
  learning: bit.default(true),
  neigh_suppress: bit.default(false),
});

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

const bridgeSchema = z.looseObject({
  vlan_filtering: bit.default(false),
  vlan_default_pvid: z.number().default(1),
  nf_call_iptables: bit.default(false),
  nf_call_ip6tables: bit.default(false),
  nf_call_arptables: bit.default(false),
});

const vxlanSchema = z.looseObject({
  id: z.number(),
  local: z.string().optional(),
  local6: z.string().optional(),
  remote: z.string().optional(),
  remote6: z.string().optional(),
  group: z.string().optional(),
  group6: z.string().optional(),
  port: z.number().default(4789),
  link: z.string().optional(),
  learning: z.boolean().default(true),
});

export function bridgePort(bridge: string, data: unknown): BridgePort {
  const p = portSchema.parse(data);
  return {
    bridge,
    state: p.state,
    hairpin: p.hairpin,
    isolated: p.isolated,
    flood: p.flood,
    bcastFlood: p.bcast_flood,
    learning: p.learning,
    neighSuppress: p.neigh_suppress,
  };
}

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

type LinkJson = z.infer<typeof linkSchema>;

/** What belongs to one kind of link alone. */
function details(link: LinkJson): Partial<Link> {
  const { info_kind: kind, info_data: data } = link.linkinfo;
  if (kind === 'bridge') {
    const b = bridgeSchema.parse(data);
    return {
      bridge: {
        vlanFiltering: b.vlan_filtering,
        vlanDefaultPvid: b.vlan_default_pvid,
        nfCallIptables: b.nf_call_iptables,
        nfCallIp6tables: b.nf_call_ip6tables,
        nfCallArptables: b.nf_call_arptables,
      },
    };
  }
  // one without an id takes the VNI from the packet's metadata: its details stay unknown
  if (kind === 'vxlan' && typeof data.id === 'number') {
    const v = vxlanSchema.parse(data);
    const local = v.local ?? v.local6;
    const remote = v.remote ?? v.remote6;
    const group = v.group ?? v.group6;
    return {
      vxlan: {
        vni: v.id,
        ...(local === undefined ? {} : { local: address(local) }),
        ...(remote === undefined ? {} : { remote: address(remote) }),
        ...(group === undefined ? {} : { group: address(group) }),
        port: v.port,
        ...(v.link === undefined ? {} : { link: v.link }),
        learning: v.learning,
      },
    };
  }
  if ((kind === 'macvlan' || kind === 'macvtap' || kind === 'ipvlan') && typeof data.mode === 'string') return { macvlanMode: data.mode };
  if (kind === 'vlan' && typeof data.id === 'number') return { vlanId: data.id };
  return {};
}

function program(xdp: unknown): Partial<Link> {
  if (xdp === undefined || xdp === null) return {};
  const parsed = z.looseObject({ prog: z.looseObject({ id: z.number() }).optional() }).safeParse(xdp);
  return { program: parsed.success && parsed.data.prog ? `xdp program ${parsed.data.prog.id}` : 'xdp program' };
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
      ...details(link),
      ...(link.master !== undefined && portData !== undefined ? { port: bridgePort(link.master, portData) } : {}),
      ...program(link.xdp),
      source: { source: 'ip.addr', locator: at },
    };
  });
}
