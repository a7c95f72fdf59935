/** What a statement did, in a few words. */
import type { RejectWith, Verdict } from '../model/firewall.ts';
import type { ResolvedNat } from './context.ts';
import { ICMP_CODES, ICMPV6_CODES } from './names/icmp.ts';

export function verdictText(verdict: Verdict): string {
  return verdict.kind === 'jump' || verdict.kind === 'goto' ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}

function codeName(names: Readonly<Record<string, readonly [number, number]>>, type: number, code: number): string {
  const entry = Object.entries(names).find(([, [t, c]]) => t === type && c === code);
  return entry ? entry[0] : `type ${type} code ${code}`;
}

export function rejectText(reject: RejectWith): string {
  switch (reject.kind) {
    case 'tcp-reset':
      return 'reject with tcp reset';
    case 'icmp':
      return `reject with icmp ${codeName(ICMP_CODES, reject.type, reject.code)}`;
    case 'icmpv6':
      return `reject with icmpv6 ${codeName(ICMPV6_CODES, reject.type, reject.code)}`;
    case 'icmpx':
      return `reject with icmpx ${reject.code}`;
  }
}

const range = (from: string | number, to: string | number) => (from === to ? `${from}` : `${from}-${to}`);

export function natText(nat: ResolvedNat): string {
  const address = nat.address ? range(nat.address.from, nat.address.to) : '';
  const port = nat.port ? `:${range(nat.port.from, nat.port.to)}` : '';
  if (!address && !port) return nat.nat;
  return `${nat.nat} to ${port && address.includes(':') ? `[${address}]` : address}${port}`;
}
