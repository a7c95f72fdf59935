/** What a collection could read of each host. The gaps of its model are the truth. */
import type { Check } from '../../model/doctor.ts';
import type { Gap } from '../../model/evidence.ts';
import type { Fact, FactSource, HostFacts } from '../../model/facts.ts';
import type { Estate } from '../estate.ts';
import { ok, warn } from './check.ts';

const LIMITED = 'Answers that depend on it are UNDETERMINED and say so.';

export function hostChecks(estate: Estate): Check[] {
  return estate.facts.flatMap((host) => [reading(host), ...gaps(estate.model.gaps.filter((gap) => gap.host === host.host)), ...backends(host)]);
}

/** What there is, in one line. */
function reading({ host, facts }: HostFacts): Check {
  const of = (source: FactSource) => facts.find((fact) => fact.source === source);
  const namespaces = new Set(facts.flatMap(({ netns }) => netns ?? []));
  const read = [...namespaces].filter((netns) => facts.some((fact) => fact.netns === netns && fact.source === 'ip.addr' && fact.status === 'ok')).length;
  const text = [engine(of('docker.version')), kernel(of('host.kernel')), `${read} of ${namespaces.size} network namespaces read`].join('; ');
  return read === namespaces.size && namespaces.size > 0 ? ok(`host ${host}`, text) : warn(`host ${host}`, text, LIMITED);
}

const field = (fact: Fact, name: string): string => {
  const value = (JSON.parse(fact.data) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : 'unknown';
};

function engine(fact: Fact | undefined): string {
  if (fact?.status === 'ok') return `Docker ${field(fact, 'Version')}`;
  return fact?.status === 'absent' ? 'no engine' : 'Docker does not answer';
}

const kernel = (fact: Fact | undefined): string => (fact?.status === 'ok' ? `kernel ${field(fact, 'release')}` : 'kernel unknown');

/** Those with the same reason together. */
function gaps(all: readonly Gap[]): Check[] {
  const alike = new Map<string, Gap[]>();
  for (const gap of all) alike.set(gap.reason, [...(alike.get(gap.reason) ?? []), gap]);
  return [...alike].map(([reason, group]) => {
    const sources = [...new Set(group.map(({ source }) => source))];
    const places = new Set(group.flatMap(({ netns }) => netns ?? [])).size;
    const where = places > 1 ? ` (in ${places} namespaces)` : '';
    return warn(`host ${group[0]!.host}: ${sources.join(', ')}`, `${reason}${where}`, LIMITED);
  });
}

/** Rules of both kinds are both applied, and each is written by tools that do not see the other's. */
function backends({ host, facts }: HostFacts): Check[] {
  const having = (sources: readonly FactSource[]) =>
    new Set(facts.flatMap(({ source, status, data, netns }) => (sources.includes(source) && status === 'ok' && /^\[?[^\n]*-A /m.test(data) ? [netns] : [])));
  const nft = having(['iptables-nft', 'ip6tables-nft']);
  const both = [...having(['iptables-legacy', 'ip6tables-legacy'])].filter((netns) => nft.has(netns)).length;
  if (both === 0) return [];
  const text = `${both} namespaces have rules of legacy iptables beside those that nf_tables keeps`;
  return [warn(`host ${host}: iptables`, text, 'Both are applied, and netwhy reads both; iptables-save shows only one of them.')];
}
