/** resolv.conf(5) and hosts(5). */
import type { HostsEntry, Resolver } from '../model/network.ts';
import { canonical, familyOf } from '../util/ip.ts';

export function parseResolver(data: string): Resolver {
  const nameservers: string[] = [];
  let search: string[] = [];
  let ndots = 1;
  for (const line of data.split('\n')) {
    const [word, ...values] = line
      .replace(/^[#;].*$/, '')
      .trim()
      .split(/\s+/);
    if (word === 'nameserver' && values[0] !== undefined) nameservers.push(values[0]);
    // the last of `search` and `domain` wins
    if (word === 'search' || word === 'domain') search = values;
    if (word === 'options') {
      for (const option of values) {
        const n = /^ndots:(\d+)$/.exec(option)?.[1];
        if (n !== undefined) ndots = Number(n);
      }
    }
  }
  return { nameservers, search, ndots };
}

export function parseHosts(data: string): readonly HostsEntry[] {
  const entries: HostsEntry[] = [];
  for (const line of data.split('\n')) {
    const [address, ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    // getaddrinfo(3) passes over lines it cannot use as well
    if (address && familyOf(address) !== null && names.length > 0) entries.push({ address: canonical(address), names });
  }
  return entries;
}
