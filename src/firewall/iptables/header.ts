/** What every rule of iptables can say without an extension: iptables(8), PARAMETERS; net/ipv4/netfilter/ip_tables.c ip_packet_match. */
import type { Statement } from '../../model/firewall.ts';
import { match, one } from '../build.ts';
import { addressMatch } from '../matches/conntrack.ts';
import { protocolNumber } from '../names/protocols.ts';
import { interfaceName } from '../words.ts';

export const HEADER: Readonly<Record<string, 0 | 1>> = {
  '-s': 1,
  '-d': 1,
  '-i': 1,
  '-o': 1,
  '-p': 1,
  '-f': 0,
  '--source': 1,
  '--destination': 1,
  '--in-interface': 1,
  '--out-interface': 1,
  '--protocol': 1,
  '--fragment': 0,
};

/** Statements of one parameter; null: its value was not understood. */
export function header(name: string, value: string, negate: boolean, family: 4 | 6): readonly Statement[] | null {
  const ip = family === 4 ? 'ip' : 'ip6';
  switch (name) {
    case '-s':
    case '--source':
    case '-d':
    case '--destination': {
      const statement = addressMatch(name === '-s' || name === '--source' ? `${ip}.saddr` : `${ip}.daddr`, value, negate, family);
      return statement && [statement];
    }
    case '-i':
    case '--in-interface':
    case '-o':
    case '--out-interface': {
      // a lone + masks nothing: it matches any packet, also one without that interface
      if (value === '+') return negate ? [{ kind: 'never', name, text: `! ${name} +` }] : [];
      const device = interfaceName(value);
      return device && [match(name === '-i' || name === '--in-interface' ? 'meta.iifname' : 'meta.oifname', [device], negate)];
    }
    case '-p':
    case '--protocol': {
      if (value === 'all' || value === '0') return negate ? [{ kind: 'never', name, text: `! ${name} ${value}` }] : [];
      const protocol = protocolNumber(value);
      return protocol === null ? null : [match('meta.l4proto', [one(protocol)], negate)];
    }
    default:
      return [match('ip.fragment', [one(negate ? 0 : 1)])];
  }
}
