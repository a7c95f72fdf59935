/** `bridge -j ... show`: ports, VLANs and forwarding tables. bridge(8). */
import { z } from 'zod';
import type { FdbEntry, PortVlan } from '../model/network.ts';
import { jsonList } from './fact.ts';
import { address } from './words.ts';

/** Details by port name, in the words of `ip -d link`. */
export function parseBridgePorts(data: string): ReadonlyMap<string, unknown> {
  const entries = jsonList(data, z.looseObject({ ifname: z.string(), master: z.string().optional(), state: z.string().optional() }));
  return new Map(entries.filter(({ value }) => value.master !== undefined && value.state !== undefined).map(({ value }) => [value.ifname, value]));
}

const vlanSchema = z.looseObject({
  ifname: z.string(),
  vlans: z.array(z.looseObject({ vlan: z.number(), vlanEnd: z.number().optional(), flags: z.array(z.string()).default([]) })).default([]),
});

const LAST_VLAN = 4094;

export function parseVlans(data: string): readonly PortVlan[] {
  const vlans: PortVlan[] = [];
  for (const { value } of jsonList(data, vlanSchema)) {
    for (const v of value.vlans) {
      for (let vlan = v.vlan; vlan <= Math.min(v.vlanEnd ?? v.vlan, LAST_VLAN); vlan++) {
        vlans.push({ dev: value.ifname, vlan, pvid: v.flags.includes('PVID'), untagged: v.flags.includes('Egress Untagged') });
      }
    }
  }
  return vlans;
}

const fdbSchema = z.looseObject({
  mac: z.string(),
  ifname: z.string(),
  master: z.string().optional(),
  vlan: z.number().optional(),
  dst: z.string().optional(),
  state: z.string().default(''),
  flags: z.array(z.string()).default([]),
});

export function parseFdb(data: string): readonly FdbEntry[] {
  return jsonList(data, fdbSchema).map(({ value: e }) => ({
    mac: e.mac,
    dev: e.ifname,
    bridge: e.master ?? null,
    vlan: e.vlan ?? null,
    permanent: e.state === 'permanent',
    self: e.flags.includes('self'),
    dst: e.dst === undefined ? null : address(e.dst),
    flags: e.state === '' || e.state === 'permanent' ? e.flags : [...e.flags, e.state],
  }));
}
