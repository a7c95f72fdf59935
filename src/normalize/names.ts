/** resolv.conf(5) and hosts(5). */
import type { HostsEntry, Resolver } from '../model/network.ts';
import { canonical, familyOf } from '../util/ip.ts';

export function parseResolver(data: string): Resolver {
  const nameservers: string[] = [];
  let search: string[] = [];
  let ndots = 1;
  let external: Resolver['external'];
  for (const line of data.split('\n')) {
    const asked = /^# ExtServers: \[(.*)\]$/.exec(line)?.[1];
    if (asked !== undefined)
      external = asked.split(/\s+/).flatMap((server) => {
        const [, host, address] = /^(host\()?([^()]+?)\)?$/.exec(server) ?? [];
        return address && familyOf(address) !== null ? [{ address: canonical(address), onHost: host !== undefined }] : [];
      });
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
  return { nameservers, search, ndots, ...(external ? { external } : {}) };
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
