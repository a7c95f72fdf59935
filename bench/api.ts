/** A list of 1,000 endpoints through the doors, beside a Fastify route that sends the same JSON and does nothing else. */
import fastify from 'fastify';
import { manyEndpoints } from '../test/doors/many-endpoints.ts';
import { startService } from '../test/doors/service.ts';
import { sideBySide } from './measure.ts';
import type { Row } from './section.ts';

const COUNT = 1000;
const FIELDS = 'id host networkName networkId containerName containerId endpointId ipv4 ipv6 mac gateway aliases';
const QUERY = `{ endpoints(first: ${COUNT}, at: "1") { nodes { ${FIELDS} } } }`;
const NESTED = `{ endpoints(first: ${COUNT}, at: "1") { nodes { id network { name } container { name } } } }`;

export async function api(): Promise<Row[]> {
  const service = await startService(manyEndpoints(COUNT));
  await service.rest('POST', '/api/v1/snapshots', {});
  const post = async (query: string) => {
    const reply = await fetch(`${service.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
    return reply.text();
  };
  const get = async (url: string) => (await fetch(url)).text();
  const { data } = JSON.parse(await post(QUERY)) as { readonly data: unknown };
  const plain = fastify();
  plain.get('/', async () => data);
  const address = await plain.listen({ host: '127.0.0.1', port: 0 });
  const took = await sideBySide(
    {
      graphql: () => post(QUERY),
      nested: () => post(NESTED),
      rest: () => get(`${service.url}/api/v1/endpoints?first=${COUNT}&at=1`),
      plain: () => get(address),
    },
    { rounds: 60, budgetMs: 20_000 },
  );
  await plain.close();
  await service.stop();
  const beside = { what: 'plain Fastify', value: took.plain.median };
  return [
    { what: 'GraphQL: 1,000 endpoints, 12 fields', unit: 'ms', value: took.graphql.median, beside },
    { what: 'GraphQL: with network and container', unit: 'ms', value: took.nested.median, beside },
    { what: 'REST: 1,000 endpoints', unit: 'ms', value: took.rest.median, beside },
  ];
}
