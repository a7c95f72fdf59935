/** What the kernel told of a namespace → what of it must be read again. */
import type { Group } from './netns-sources.ts';

/** Everything of which the kernel tells. */
export const TOLD: readonly Group[] = ['net', 'neigh', 'fdb', 'rules'];

/** A line of `ip -o monitor label all`. What is not known may be anything. */
export function groupsOf(line: string): readonly Group[] {
  switch (/^\[([A-Z]+)\]/.exec(line)?.[1]) {
    case 'LINK':
    case 'ADDR':
    case 'ROUTE':
    case 'NEXTHOP':
    case 'RULE':
    case 'NETCONF':
    case 'NSID':
      return ['net'];
    case 'NEIGH':
      return ['neigh', 'fdb'];
    case 'PREFIX': // of a router advertisement; addresses and routes are told by themselves
    case 'STATS':
    case 'MROUTE':
      return [];
    default:
      return line.trim() === '' ? [] : TOLD;
  }
}
