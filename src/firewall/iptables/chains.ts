/** Built-in chains of x_tables: hook, priority and type by table. include/uapi/linux/netfilter_ipv4.h; iptables/nft.c for the nft variant. */
import type { BaseChain, Hook } from '../../model/firewall.ts';

const HOOKS: Readonly<Record<string, Hook>> = { PREROUTING: 'prerouting', INPUT: 'input', FORWARD: 'forward', OUTPUT: 'output', POSTROUTING: 'postrouting' };
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };

/** Null for a table or chain that x_tables does not have. */
export function baseChain(table: string, chain: string, policy: 'accept' | 'drop'): BaseChain | null {
  const hook = Object.hasOwn(HOOKS, chain) ? HOOKS[chain]! : null;
  if (!hook) return null;
  if (table === 'nat') return { type: 'nat', hook, priority: hook === 'prerouting' || hook === 'output' ? -100 : 100, policy, devices: [] };
  if (!Object.hasOwn(PRIORITIES, table)) return null;
  return { type: table === 'mangle' && hook === 'output' ? 'route' : 'filter', hook, priority: PRIORITIES[table]!, policy, devices: [] };
}
