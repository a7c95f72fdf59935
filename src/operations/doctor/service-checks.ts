/** What the configuration says, and what the service keeps its snapshots in. */
import { isNetwhy, listenProblem } from '../../collectors/transport/listening.ts';
import type { Check } from '../../model/doctor.ts';
import { UserError } from '../../model/errors.ts';
import type { SnapshotStore } from '../../snapshots/store.ts';
import type { Context, Setup } from '../context.ts';
import { fail, ok, warn } from './check.ts';

export async function serviceChecks(context: Context, now: number): Promise<Check[]> {
  const { setup } = context;
  return [...(setup ? [configuration(context, setup)] : []), ...(await database(context, now)), ...(setup ? [await listen(setup)] : [])];
}

function configuration({ watch, schedules }: Context, { file }: Setup): Check {
  const has = [`${schedules.length} schedules`, `${watch?.intents.length ?? 0} intents`, `${watch?.targets.length ?? 0} webhooks`];
  return ok('configuration', `${file ?? 'none: everything as by default'}; ${has.join(', ')}`);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

async function database(context: Context, now: number): Promise<Check[]> {
  try {
    const store = await context.store();
    await store.touch();
    const { snapshots, bytes } = await store.totals();
    return [
      ok('database', `${store.shown}: can be read and written, ${snapshots} snapshots, ${megabytes(bytes)}`),
      await clock(store, now),
      ...(await tokens(context, store)),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [fail('database', error.message, error.hint)];
  }
}

/** Snapshots are found by time: a clock that was set back puts the new ones before the old. */
async function clock(store: SnapshotStore, now: number): Promise<Check> {
  const newest = await store.before(null);
  if (newest === null || Date.parse(newest.takenAt) <= now) return ok('clock', 'no snapshot is of the future');
  return warn(
    'clock',
    `the newest snapshot is of ${newest.takenAt}, which is yet to come`,
    "Correct the machine's clock: times of snapshots are what it says.",
  );
}

async function tokens({ setup }: Context, store: SnapshotStore): Promise<Check[]> {
  if (!setup) return [];
  const valid = (await store.tokens.list()).filter(
    ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now()),
  );
  const text = `${valid.length} API tokens${setup.oidc ? ', and JWTs of the issuer that is configured' : ''}`;
  if (setup.loopback || valid.length > 0 || setup.oidc) return [ok('access', setup.loopback ? `${text}; over loopback as configured` : text)];
  return [warn('access', 'it listens off loopback, and there is no token: nobody can ask it', 'Make one: netwhy token create NAME --scope read.')];
}

async function listen({ listen: { host, port }, serves }: Setup): Promise<Check> {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (serves) return ok('listen', `${address}: this service`);
  const problem = await listenProblem(host, port);
  if (problem === null) return ok('listen', `${address} is free`);
  if (problem === 'EADDRINUSE' && (await isNetwhy(host, port))) return ok('listen', `${address}: netwhy serves there`);
  const hint = 'Set `listen` in the configuration, or NETWHY_LISTEN, to another address.';
  return problem === 'EADDRINUSE'
    ? warn('listen', `${address} is taken by another program`, hint)
    : warn('listen', `${address} cannot be listened on: ${problem}`, hint);
}
