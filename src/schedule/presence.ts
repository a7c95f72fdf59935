/** Which of the processes that share a database are alive: each holds a lock that goes with its connection. */
import type { WorkerUtils } from 'graphile-worker';

/** The first of the two numbers of a lock; any that nobody else uses in this database. The second is a hash of who holds it. */
const SPACE = 5_730_112;
/** Who holds a job for longer is taken for dead, whatever its connection does: its process may hang. */
const HUNG = '15 minutes';

export class Presence {
  readonly #utils: WorkerUtils;
  #release: (() => void) | null = null;
  #held: Promise<void> | null = null;

  constructor(utils: WorkerUtils) {
    this.#utils = utils;
  }

  /** Resolves when `worker` is seen to be alive; to be called before each piece of work, as a connection may have been lost. */
  hold(worker: string): Promise<void> {
    this.#held ??= new Promise<void>((resolve, reject) => {
      const lost = (error: unknown): void => {
        this.#held = null;
        reject(error);
      };
      this.#utils
        .withPgClient(async (client) => {
          const end = new Promise<void>((ended) => {
            this.#release = () => ended();
            client.on('error', () => ended());
            client.on('end', () => ended());
          });
          // The server finds a machine that is gone within half a minute: https://www.postgresql.org/docs/current/runtime-config-connection.html
          await client.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
          await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [SPACE, worker]);
          resolve();
          await end;
          this.#held = null;
          await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [SPACE, worker]).catch(() => undefined); // gone with the connection
        })
        .catch(lost);
    });
    return this.#held;
  }

  end(): void {
    this.#release?.();
  }
}

/** Gives back the jobs of workers that are dead. graphile-worker itself does so after four hours. */
export async function freeJobsOfTheDead(utils: WorkerUtils, schema: string): Promise<void> {
  const { rows } = await utils.withPgClient((client) =>
    client.query<{ worker: string }>(
      `SELECT DISTINCT j.locked_by AS worker FROM ${schema}.jobs j
       WHERE j.locked_by IS NOT NULL AND (j.locked_at < now() - interval '${HUNG}' OR NOT EXISTS (
         SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
         WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = (hashtext(j.locked_by)::bigint & 4294967295)::oid))`,
      [SPACE],
    ),
  );
  if (rows.length > 0) await utils.forceUnlockWorkers(rows.map(({ worker }) => worker));
}
