/** One request of every operation, as the document shows it. */
export interface Example {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const id = { id: 'latest' };
const between = { from: 'previous', to: 'latest' };

/** By method and path. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'GET /hosts': { query: { name: 'h1' } },
  'GET /networks': { query: { address: '172.18.0.2' } },
  'GET /endpoints': { query: { network: 'appnet', first: '10' } },
  'GET /containers': { query: { state: 'running' } },
  'GET /nat-rules': { query: { container: 'web' } },
  'GET /filter-rules': { query: { chain: 'DOCKER-USER' } },
  'GET /routes': { query: { host: 'h1', address: '172.18.0.9' } },
  'GET /listeners': { query: { port: '5432', at: 'latest' } },
  'GET /findings': { query: { at: 'latest' } },
  'GET /snapshots': { query: { first: '10' } },
  'POST /snapshots': { body: { label: 'before the upgrade' } },
  'GET /snapshots/{id}': { params: id },
  'PATCH /snapshots/{id}': { params: id, body: { pinned: true } },
  'DELETE /snapshots/{id}': { params: { id: 'previous' } },
  'GET /timeline': { query: { first: '10' } },
  'GET /diff': { query: { ...between, kinds: 'network,natRule' } },
  'GET /search': { query: { text: '172.18.0.2' } },
  'GET /history': { query: { name: 'web', kind: 'container' } },
  'GET /facts': { query: { at: 'latest' } },
  'GET /schedules': {},
  'GET /schedules/{name}/runs': { params: { name: 'hourly' }, query: { first: '5' } },
  'GET /database/check': {},
  'GET /doctor': {},
  'POST /database/prune': { body: { dryRun: true } },
  'POST /check': { query: { at: 'latest' }, body: { intents: ['web must reach db:5432'] } },
  'GET /intents': {},
  'GET /intents/history': { query: { intent: 'web must reach db:5432' } },
  'GET /notices': { query: { first: '10' } },
  'POST /notices/{id}/retry': { params: { id: '1' } },
  'GET /matrix': { query: { container: 'db', verdict: 'REACHABLE' } },
  'GET /diff/flows': { query: between },
  'GET /tokens': {},
  'POST /tokens': { body: { name: 'ci', scopes: ['read', 'snapshot'], expires: '90d' } },
  'DELETE /tokens/{id}': { params: { id: '1' } },
  'POST /reachability': { query: { since: 'true' }, body: { from: 'web', to: 'db:5432' } },
};
