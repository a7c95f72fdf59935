/** What a supervisor asks: is it alive, can it work, how does it do? */
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { UserError } from './model/errors.ts';
import type { Context } from './operations/context.ts';
import { standing } from './operations/standing.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** Milliseconds that the database has to answer. */
const PATIENCE = 5000;

export interface HealthOptions {
  readonly metrics: Metrics | null;
  /** Whether the service is about to end. */
  readonly stopping: () => boolean;
}

/** Null: it answers. Anybody may ask: of what is wrong with it only the code is told. */
async function databaseProblem(context: Context): Promise<string | null> {
  const late = new AbortController();
  try {
    const answered = context.store().then((store) => store.ping());
    return await Promise.race([answered.then(() => null), setTimeout(PATIENCE, 'TIMED_OUT', { signal: late.signal })]);
  } catch (error) {
    return error instanceof UserError ? error.code : 'INTERNAL';
  } finally {
    late.abort();
  }
}

export function registerHealth(app: FastifyInstance, context: Context, { metrics, stopping }: HealthOptions): void {
  const open = { config: { access: 'public' } } as const;
  app.get('/healthz', open, async () => ({ status: 'ok' }));

  // A host that cannot be read is no reason to send nobody here: its gaps are part of every answer.
  app.get('/readyz', open, async (_request, reply) => {
    const problem = await databaseProblem(context);
    const service = stopping() ? 'stopping' : 'ok';
    const ready = problem === null && service === 'ok';
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', service, database: problem ?? 'ok' });
  });

  if (metrics === null) return;
  // Whoever may read may read this.
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.expose(await standing(context))));
}
