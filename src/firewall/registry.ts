/** Every match and target of iptables that is known. An extension that is not here is kept verbatim and is unknown. */
import { invariant } from '../util/invariant.ts';
import type { Extension } from './extension.ts';
import { ADDRESS_MATCHES } from './matches/address.ts';
import { addrtype } from './matches/addrtype.ts';
import { CONNTRACK_MATCHES } from './matches/conntrack.ts';
import { HEADER_MATCHES } from './matches/header.ts';
import { ICMP_MATCHES } from './matches/icmp.ts';
import { multiport } from './matches/multiport.ts';
import { ORIGIN_MATCHES } from './matches/origin.ts';
import { OTHER_MATCHES } from './matches/other.ts';
import { PORT_MATCHES } from './matches/ports.ts';
import { RATE_MATCHES } from './matches/rate.ts';
import { set } from './matches/set.ts';
import { MARK_TARGETS } from './targets/marks.ts';
import { NAT_TARGETS } from './targets/nat.ts';
import { OTHER_TARGETS } from './targets/other.ts';
import { VERDICT_TARGETS } from './targets/verdicts.ts';

const EXTENSIONS: readonly Extension[] = [
  ...PORT_MATCHES,
  multiport,
  ...ICMP_MATCHES,
  ...CONNTRACK_MATCHES,
  addrtype,
  set,
  ...ADDRESS_MATCHES,
  ...HEADER_MATCHES,
  ...ORIGIN_MATCHES,
  ...RATE_MATCHES,
  ...OTHER_MATCHES,
  ...VERDICT_TARGETS,
  ...NAT_TARGETS,
  ...MARK_TARGETS,
  ...OTHER_TARGETS,
];

function byName(kind: Extension['kind']): ReadonlyMap<string, Extension> {
  const extensions = EXTENSIONS.filter((extension) => extension.kind === kind);
  const map = new Map(extensions.map((extension) => [extension.name, extension]));
  invariant(map.size === extensions.length, `two extensions of kind ${kind} have one name`);
  return map;
}

export const MATCHES = byName('match');
export const TARGETS = byName('target');
