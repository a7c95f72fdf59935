/** Addresses of one host: which are in use, and by which rules they are translated to. */
import type { Rule } from '../model/firewall.ts';
import { fromBigInt } from '../util/ip.ts';
import type { PlacedRule } from './found.ts';
import type { Scene } from './scene.ts';

/** Addresses in use; null where one may be missing. */
export function usedAddresses({ model, host, containers }: Scene): ReadonlySet<string> | null {
  const here = [...model.namespaces.values()].filter((netns) => netns.host === host.name);
  if (!host.containers.known || here.some(({ links }) => !links.known)) return null;
  const ofLinks = here.flatMap(({ links }) => (links.known ? links.value : [])).flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const ofEndpoints = containers.flatMap(({ endpoints }) => endpoints.flatMap(({ ipv4, ipv6 }) => [ipv4 ?? [], ipv6 ?? []].flat()));
  return new Set([...ofLinks, ...ofEndpoints]);
}

interface Translation extends PlacedRule {
  /** The one address that it translates to. */
  readonly address: string;
  /** The one port; null: the port stays, or it is not one. */
  readonly port: number | null;
}

function target(rule: Rule): { readonly address: string; readonly port: number | null } | null {
  const nat = rule.statements.find((statement) => statement.kind === 'nat');
  if (nat?.nat !== 'dnat' || !nat.address || nat.address.from !== nat.address.to) return null;
  const address = fromBigInt(nat.address.from, nat.address.to > 0xffff_ffffn ? 6 : 4);
  return { address, port: nat.port && nat.port.from === nat.port.to ? nat.port.from : null };
}

/** Rules of the host that translate a destination. */
export function* translations({ own }: Scene): Generator<Translation> {
  if (!own) return;
  for (const table of own.firewall.tables) {
    for (const chain of table.chains.values()) {
      for (const rule of chain.rules) {
        const to = target(rule);
        if (to) yield { netns: own, table, chain, rule, ...to };
      }
    }
  }
}
