/** ICMP names as iptables, ipset and nft print them. RFC 792, RFC 4443, RFC 4861; extensions/libxt_icmp.h and src/datatype.c give the spellings. */

export const ICMP_TYPES: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  pong: 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  ping: 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'ttl-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
};

export const ICMPV6_TYPES: Readonly<Record<string, number>> = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'ttl-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  ping: 128,
  'echo-reply': 129,
  pong: 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'router-solicitation': 133,
  'nd-router-advert': 134,
  'router-advertisement': 134,
  'nd-neighbor-solicit': 135,
  'neighbor-solicitation': 135,
  'neighbour-solicitation': 135,
  'nd-neighbor-advert': 136,
  'neighbor-advertisement': 136,
  'neighbour-advertisement': 136,
  'nd-redirect': 137,
  redirect: 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143,
};

/** Type and code in one name. */
export const ICMP_CODES: Readonly<Record<string, readonly [number, number]>> = {
  'network-unreachable': [3, 0],
  'host-unreachable': [3, 1],
  'protocol-unreachable': [3, 2],
  'port-unreachable': [3, 3],
  'fragmentation-needed': [3, 4],
  'source-route-failed': [3, 5],
  'network-unknown': [3, 6],
  'host-unknown': [3, 7],
  'network-prohibited': [3, 9],
  'host-prohibited': [3, 10],
  'TOS-network-unreachable': [3, 11],
  'TOS-host-unreachable': [3, 12],
  'communication-prohibited': [3, 13],
  'host-precedence-violation': [3, 14],
  'precedence-cutoff': [3, 15],
  'network-redirect': [5, 0],
  'host-redirect': [5, 1],
  'TOS-network-redirect': [5, 2],
  'TOS-host-redirect': [5, 3],
  'ttl-zero-during-transit': [11, 0],
  'ttl-zero-during-reassembly': [11, 1],
  'ip-header-bad': [12, 0],
  'required-option-missing': [12, 1],
};

export const ICMPV6_CODES: Readonly<Record<string, readonly [number, number]>> = {
  'no-route': [1, 0],
  'communication-prohibited': [1, 1],
  'beyond-scope': [1, 2],
  'address-unreachable': [1, 3],
  'port-unreachable': [1, 4],
  'failed-policy': [1, 5],
  'reject-route': [1, 6],
  'ttl-zero-during-transit': [3, 0],
  'ttl-zero-during-reassembly': [3, 1],
  'bad-header': [4, 0],
  'unknown-header-type': [4, 1],
  'unknown-option': [4, 2],
};

/** `reject with icmp ...` of nft, and icmp codes in matches: codes of destination unreachable. */
export const UNREACHABLE_CODES: Readonly<Record<string, number>> = {
  'net-unreachable': 0,
  'host-unreachable': 1,
  'prot-unreachable': 2,
  'port-unreachable': 3,
  'frag-needed': 4,
  'net-prohibited': 9,
  'host-prohibited': 10,
  'admin-prohibited': 13,
};

export const UNREACHABLE_V6_CODES: Readonly<Record<string, number>> = {
  'no-route': 0,
  'admin-prohibited': 1,
  'addr-unreachable': 3,
  'port-unreachable': 4,
  'policy-fail': 5,
  'reject-route': 6,
};

/** Types and inclusive code range of `--icmp-type X`, `X/C` or a name; null when not understood. Type 255 of IPv4 means any. */
export function icmpType(text: string, family: 4 | 6): { readonly type: number; readonly codes: readonly [number, number] } | 'any' | null {
  if (text === 'any') return 'any';
  const [types, codes] = family === 4 ? [ICMP_TYPES, ICMP_CODES] : [ICMPV6_TYPES, ICMPV6_CODES];
  if (Object.hasOwn(types, text)) return { type: types[text]!, codes: [0, 255] };
  if (Object.hasOwn(codes, text)) {
    const [type, code] = codes[text]!;
    return { type, codes: [code, code] };
  }
  const numbers = /^(\d{1,3})(?:\/(\d{1,3})(?:-(\d{1,3}))?)?$/.exec(text);
  if (!numbers) return null;
  const type = Number(numbers[1]);
  if (type === 255 && family === 4) return 'any';
  if (type > 255) return null;
  if (numbers[2] === undefined) return { type, codes: [0, 255] };
  const from = Number(numbers[2]);
  return { type, codes: [from, numbers[3] === undefined ? from : Number(numbers[3])] };
}
