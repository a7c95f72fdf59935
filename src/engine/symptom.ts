/** What the program at the source sees: errno by ICMP type and code (net/ipv4/icmp.c icmp_err_convert, net/ipv6/icmp.c tab_unreach). */
import type { Symptom } from '../model/answer.ts';
import type { Packet, Protocol } from '../model/packet.ts';

/** Errors that a connected UDP socket without IP_RECVERR does not report. */
export interface Shown {
  readonly symptom: Symptom;
  /** Only sockets that ask for soft errors (IP_RECVERR) see it; others time out. */
  readonly soft: boolean;
}

const V4: Record<number, readonly [Symptom, boolean]> = {
  0: ['NET_UNREACHABLE', true],
  1: ['HOST_UNREACHABLE', true],
  2: ['PROTOCOL_UNREACHABLE', false],
  3: ['REFUSED', false],
  4: ['HOST_UNREACHABLE', true],
  5: ['HOST_UNREACHABLE', true],
  6: ['NET_UNREACHABLE', false],
  7: ['HOST_UNREACHABLE', false],
  8: ['HOST_UNREACHABLE', false],
  9: ['NET_UNREACHABLE', false],
  10: ['HOST_UNREACHABLE', false],
  11: ['NET_UNREACHABLE', true],
  12: ['HOST_UNREACHABLE', true],
  13: ['HOST_UNREACHABLE', false],
  14: ['HOST_UNREACHABLE', false],
  15: ['HOST_UNREACHABLE', false],
};
const V6: Record<number, readonly [Symptom, boolean]> = {
  0: ['NET_UNREACHABLE', true],
  1: ['PERMISSION_DENIED', false],
  2: ['HOST_UNREACHABLE', true],
  3: ['HOST_UNREACHABLE', true],
  4: ['REFUSED', false],
  5: ['PERMISSION_DENIED', false],
  6: ['PERMISSION_DENIED', false],
};

/** The symptom of an ICMP error that reached its sender; null: not reported at all. */
export function symptomOf(error: Packet, protocol: Protocol): Shown | null {
  const { type, code } = error.icmp!;
  let found: readonly [Symptom, boolean] | undefined;
  if (error.family === 4) {
    if (type === 3) found = V4[code];
    else if (type === 11) found = ['HOST_UNREACHABLE', true];
  } else if (type === 1) found = V6[code];
  else if (type === 3) found = ['HOST_UNREACHABLE', true];
  if (!found) return null;
  return { symptom: found[0], soft: protocol === 'udp' && found[1] };
}

const ERRNO: Record<string, Symptom> = {
  ENETUNREACH: 'NET_UNREACHABLE',
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  EACCES: 'PERMISSION_DENIED',
  EINVAL: 'INVALID_ARGUMENT',
  EPERM: 'PERMISSION_DENIED',
  EADDRNOTAVAIL: 'ADDRESS_NOT_AVAILABLE',
};

/** The symptom of an error that the send itself returned; TCP keeps trying after EPERM (tcp_connect ignores it). */
export function localSymptom(errno: string, protocol: Protocol): Symptom {
  if (errno === 'EPERM' && protocol === 'tcp') return 'TIMED_OUT';
  return ERRNO[errno] ?? 'UNKNOWN';
}
