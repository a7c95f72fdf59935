/** Interfaces, named by what they connect. */
import type { InterfaceAddress, Link, Netns } from '../model/network.ts';
import { type Entry, type FieldValue, numbered, type Section } from './entry.ts';
import { isDrawn, peerName, peerNetns, type Side } from './names.ts';

/** Addresses that the kernel makes from the MAC address are not settings of anybody. */
function addressText(a: InterfaceAddress): string | null {
  if (a.family === 6 && a.scope === 'link') return null;
  const peer = a.peer === undefined ? '' : ` peer ${a.peer}`;
  return `${a.address}/${a.prefix}${peer}`;
}

function keyOf(side: Side, netns: Netns, link: Link): string {
  if (!isDrawn(side.model, netns, link)) return `${netns.key}/${side.stable(link.name)}`;
  const peer = peerName(side.model, side.common, link);
  return `${netns.key}/veth to ${peer ?? `an unknown end on ${side.stable(link.master ?? 'no bridge')}`}`;
}

/** Where the other end of a container's interface is plugged in. */
function attached(side: Side, link: Link): FieldValue {
  const netns = peerNetns(side.model, side.common, link);
  if (!netns?.links.known) return null;
  const peer = netns.links.value.find((other) => other.name === link.peer?.link);
  if (!peer) return null;
  return link.kind === 'veth' ? `${netns.key} ${side.stable(peer.master ?? '')}`.trim() : `${netns.key} ${side.stable(peer.name)}`;
}

function entry(side: Side, netns: Netns, link: Link): Entry {
  const { port, bridge, vxlan } = link;
  return {
    key: keyOf(side, netns, link),
    fields: {
      kind: link.kind,
      mtu: link.mtu,
      up: link.up,
      // a bridge has carrier when a port has: the ports tell
      running: link.kind === 'bridge' ? null : link.running,
      master: link.master === null ? null : side.stable(link.master),
      group: link.group,
      addresses: link.addresses
        .map(addressText)
        .filter((text) => text !== null)
        .sort(),
      mac: link.kind === 'physical' ? link.mac : null,
      attached: attached(side, link),
      hairpin: port?.hairpin ?? null,
      isolated: port?.isolated ?? null,
      portState: port?.state ?? null,
      vlanFiltering: bridge?.vlanFiltering ?? null,
      nfCallIptables: bridge?.nfCallIptables ?? null,
      nfCallIp6tables: bridge?.nfCallIp6tables ?? null,
      vni: vxlan?.vni ?? null,
      vxlanPort: vxlan?.port ?? null,
      vxlanRemote: vxlan?.remote ?? vxlan?.group ?? null,
      mode: link.macvlanMode ?? null,
      vlanId: link.vlanId ?? null,
      program: link.program === undefined ? null : 'attached',
    },
  };
}

/** Why the other end of a pair whose own name says nothing is not known, though it may have been read on the other side. */
function lostPair(side: Side, netns: Netns, link: Link): string | null {
  if (!isDrawn(side.model, netns, link) || peerName(side.model, side.common, link) !== null) return null;
  return side.common.unnamed ?? [...side.common.unread.values()][0] ?? null;
}

export function linkSections(side: Side, netns: Netns): readonly Section[] {
  const links = netns.links.known ? netns.links.value : [];
  const lost = links.map((link) => lostPair(side, netns, link));
  const entries = links.filter((_, i) => lost[i] === null).map((link) => entry(side, netns, link));
  const pairs: Section = { kind: 'link', netns: netns.key, part: 'veth pairs', entries: [], unknown: lost.find((reason) => reason !== null) ?? null };
  return [{ kind: 'link', netns: netns.key, part: '', entries: numbered(entries), unknown: netns.links.known ? null : netns.links.gap.reason }, pairs];
}
