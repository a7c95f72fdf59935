/** `reject` of `nft -j`: nft_reject_inet.c, nft_reject.c */
import type { RejectWith, Statement, TableFamily } from '../../model/firewall.ts';
import { match, one } from '../build.ts';
import { UNREACHABLE_CODES, UNREACHABLE_V6_CODES } from '../names/icmp.ts';
import { type Json, member } from './json.ts';

const ICMPX = ['no-route', 'port-unreachable', 'host-unreachable', 'admin-prohibited'] as const;

function codeOf(codes: Readonly<Record<string, number>>, json: Json): number | null {
  if (typeof json === 'number') return Number.isInteger(json) && json >= 0 && json < 256 ? json : null;
  return typeof json === 'string' && Object.hasOwn(codes, json) ? codes[json]! : null;
}

function rejectWith(body: Json, family: TableFamily): RejectWith | null {
  const type = member(body, 'type') ?? (family === 'ip' ? 'icmp' : family === 'ip6' ? 'icmpv6' : 'icmpx');
  const code = member(body, 'expr') ?? 'port-unreachable';
  switch (type) {
    case 'tcp reset':
      return { kind: 'tcp-reset' };
    case 'icmp': {
      const number = codeOf(UNREACHABLE_CODES, code);
      return number === null ? null : { kind: 'icmp', type: 3, code: number };
    }
    case 'icmpv6': {
      const number = codeOf(UNREACHABLE_V6_CODES, code);
      return number === null ? null : { kind: 'icmpv6', type: 1, code: number };
    }
    case 'icmpx': {
      const name = ICMPX.find((known, i) => known === code || i === code);
      return name ? { kind: 'icmpx', code: name } : null;
    }
    default:
      return null;
  }
}

/** In tables of several families the program first asks for the family that the answer is of; the listing leaves that out. */
export function rejectStatements(body: Json, family: TableFamily): readonly Statement[] | null {
  const answer = rejectWith(body, family);
  if (!answer) return null;
  const statement: Statement = { kind: 'reject', with: answer };
  const single = family === 'ip' || family === 'ip6';
  if (answer.kind === 'tcp-reset') return [match('meta.l4proto', [one(6)]), statement];
  if (single || answer.kind === 'icmpx') return [statement];
  return [match('meta.protocol', [one(answer.kind === 'icmp' ? 0x800 : 0x86dd)]), statement];
}
