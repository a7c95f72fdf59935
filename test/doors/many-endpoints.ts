/** A host with containers on twenty networks: `count` endpoints. */
import type { EstateFacts } from '../../src/model/facts.ts';
import { hostFacts, id, network } from '../support/estate.ts';

const NETWORKS = 20;

export function manyEndpoints(count: number): EstateFacts {
  const containers = Array.from({ length: count }, (_, i) => ({
    id: id((0xa00000 + i).toString(16)),
    name: `c${i}`,
    endpoints: [{ network: `net${i % NETWORKS}`, ipv4: `172.${16 + (i % NETWORKS)}.${Math.floor(i / 250)}.${(i % 250) + 2}` }],
  }));
  const networks = Array.from({ length: NETWORKS }, (_, i) => network(`net${i}`, { IPAM: { Config: [{ Subnet: `172.${16 + i}.0.0/16` }] } }));
  return [hostFacts({ name: 'h1', networks, containers, namespaces: [{ inode: '1', kind: 'host' }] })];
}
