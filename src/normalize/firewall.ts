/** The rules of one namespace: x_tables of both kinds, native nftables, ipset. */

import { parseIpsetSave } from '../firewall/ipset/parse.ts';
import { parseIptablesSave } from '../firewall/iptables/parse.ts';
import { parseNftJson } from '../firewall/nft/parse.ts';
import { indexOf } from '../firewall/rule-index/next.ts';
import type { Gap } from '../model/evidence.ts';
import type { FactSource } from '../model/facts.ts';
import type { FirewallGap, FirewallState, NamedSet, Table, TableFamily } from '../model/firewall.ts';
import type { Reader } from './fact.ts';

interface Parsed {
  readonly tables: readonly Table[];
  readonly problems: readonly { readonly where: string; readonly text: string; readonly reason: string }[];
}

interface Listing {
  readonly source: FactSource;
  readonly families: readonly TableFamily[];
  readonly parse: (data: string) => Parsed;
}

const EVERY_FAMILY: readonly TableFamily[] = ['ip', 'ip6', 'inet', 'bridge', 'arp', 'netdev'];
const NOTHING: Parsed = { tables: [], problems: [] };

function xtables(source: FactSource, backend: 'iptables-nft' | 'iptables-legacy', family: 4 | 6): Listing {
  return {
    source,
    families: [family === 4 ? 'ip' : 'ip6'],
    parse: (data) => {
      const { tables, problems } = parseIptablesSave(data, { backend, family, source });
      return { tables, problems: problems.map((p) => ({ ...p, where: `line ${p.line}` })) };
    },
  };
}

const XTABLES: readonly Listing[] = [
  xtables('iptables-nft', 'iptables-nft', 4),
  xtables('ip6tables-nft', 'iptables-nft', 6),
  xtables('iptables-legacy', 'iptables-legacy', 4),
  xtables('ip6tables-legacy', 'iptables-legacy', 6),
];

function shortened(problems: Parsed['problems']): string {
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${first?.where}: ${first?.reason}: ${first?.text.slice(0, 200)}${more}`;
}

/** What cannot be read puts its families' verdicts in doubt. */
function list(reader: Reader, listing: Listing, gaps: FirewallGap[]): readonly Table[] {
  const doubt = (gap: Gap) => gaps.push({ families: listing.families, gap });
  const parsed = reader.read(listing.source, listing.parse, NOTHING);
  if (!parsed.known) {
    doubt(parsed.gap);
    return [];
  }
  if (parsed.value.problems.length > 0) doubt(reader.gap(listing.source, `could not be understood: ${shortened(parsed.value.problems)}`));
  return parsed.value.tables;
}

/** iptables(8): tables of the x_tables interface. */
const XTABLES_NAMES: ReadonlySet<string> = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

function readIpsets(reader: Reader): ReadonlyMap<string, NamedSet> {
  const parsed = reader.read('ipset', parseIpsetSave, { sets: new Map<string, NamedSet>(), problems: [] });
  if (!parsed.known) return new Map();
  const problem = parsed.value.problems[0];
  if (problem) reader.gap('ipset', `could not be understood: line ${problem.line}: ${problem.reason}: ${problem.text.slice(0, 200)}`);
  return parsed.value.sets;
}

/**
 * iptables-nft keeps its rules in nf_tables, where `nft -j` prints some matches as opaque: those tables are taken from
 * iptables-save, and from nft only where iptables-save does not print them.
 */
export function readFirewall(reader: Reader): FirewallState {
  const gaps: FirewallGap[] = [];
  const tables = XTABLES.flatMap((listing) => list(reader, listing, gaps));
  const saved = new Set(tables.filter((t) => t.backend === 'iptables-nft').map((t) => `${t.family} ${t.name}`));
  let order: readonly string[] = [];
  const nft = list(
    reader,
    {
      source: 'nft',
      families: EVERY_FAMILY,
      parse: (data) => {
        const parsed = parseNftJson(data, { source: 'nft', skip: (family, name) => XTABLES_NAMES.has(name) && saved.has(`${family} ${name}`) });
        order = parsed.order;
        return { tables: parsed.tables, problems: parsed.problems.map((p) => ({ ...p, where: p.pointer })) };
      },
    },
    gaps,
  );
  // while the rules are at hand: an answer later does not wait for it
  for (const table of [...tables, ...nft]) for (const chain of table.chains.values()) indexOf(chain);
  // Registered earlier stands earlier; legacy tables are not in nft's listing and are taken to be the oldest.
  const age = (t: Table) => (t.backend === 'iptables-legacy' ? -1 : order.indexOf(`${t.family} ${t.name}`));
  return { tables: [...tables, ...nft].sort((a, b) => age(a) - age(b)), ipsets: readIpsets(reader), gaps };
}
