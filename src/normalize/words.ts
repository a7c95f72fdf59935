/** Words that iproute2 prints in place of numbers. */
import { canonical, familyOf, parsePrefix } from '../util/ip.ts';
import { Unreadable } from './fact.ts';

export function address(text: string): string {
  if (familyOf(text) === null) throw new Unreadable(`${JSON.stringify(text.slice(0, 80))} is not an address`);
  return canonical(text);
}

/** `default`, an address or a prefix, as a canonical prefix with its length. */
export function prefix(text: string, family: 4 | 6): string {
  if (text === 'default' || text === 'all') return family === 4 ? '0.0.0.0/0' : '::/0';
  const parsed = parsePrefix(text);
  if (parsed?.family !== family) throw new Unreadable(`${JSON.stringify(text.slice(0, 80))} is not an IPv${family} prefix`);
  return `${canonical(text.split('/')[0] ?? '')}/${parsed.length}`;
}

/** rt_dsfield of iproute2: RFC 2474 class selectors, RFC 2597, RFC 3246, and the names of RFC 1349. */
const DSFIELD = new Map<string, number>([
  ['default', 0],
  ['lowdelay', 0x10],
  ['throughput', 0x08],
  ['reliability', 0x04],
  ['EF', 0xb8],
]);
for (let i = 1; i <= 7; i++) DSFIELD.set(`CS${i}`, i << 5);
for (let i = 1; i <= 4; i++) for (let drop = 1; drop <= 3; drop++) DSFIELD.set(`AF${i}${drop}`, (i << 5) | (drop << 3));

export function dsfield(text: string | number): number {
  const value = DSFIELD.get(String(text)) ?? Number(text);
  if (!Number.isInteger(value)) throw new Unreadable(`${JSON.stringify(text)} is not a type of service`);
  return value;
}

/** IANA protocol numbers for the names that getprotobynumber(3) gives. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  sctp: 132,
  udplite: 136,
};

/** null: a name that is not known. */
export function ipProtocol(text: string | number): number | null {
  const known = PROTOCOLS[String(text)];
  if (known !== undefined) return known;
  const digits = /^(?:ipproto-)?(\d+)$/.exec(String(text));
  return digits ? Number(digits[1]) : null;
}
