/** What `ip -d` says of one kind of link alone: bridges, their ports, VXLAN, macvlan, VLAN. ip-link(8). */
import { z } from 'zod';
import type { BridgePort, Link } from '../model/network.ts';
import { address } from './words.ts';

const bit = z.union([z.boolean(), z.number()]).transform((value) => Boolean(value));

/** The same words in `ip -d link` (info_slave_data) and in `bridge -d link`. */
const portSchema = z.looseObject({
  state: z.enum(['disabled', 'listening', 'learning', 'forwarding', 'blocking']),
  hairpin: bit.default(false),
  isolated: bit.default(false),
  flood: bit.default(true),
  bcast_flood: bit.default(true),
  mcast_flood: bit.default(true),
  learning: bit.default(true),
  neigh_suppress: bit.default(false),
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
    mcastFlood: p.mcast_flood,
    learning: p.learning,
    neighSuppress: p.neigh_suppress,
  };
}

/** What belongs to one kind of link alone. */
export function kindDetails(kind: string | undefined, data: Readonly<Record<string, unknown>>): Partial<Link> {
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

export function program(xdp: unknown): Partial<Link> {
  if (xdp === undefined || xdp === null) return {};
  const parsed = z.looseObject({ prog: z.looseObject({ id: z.number() }).optional() }).safeParse(xdp);
  return { program: parsed.success && parsed.data.prog ? `xdp program ${parsed.data.prog.id}` : 'xdp program' };
}
