import { readOwnProcess } from '../../collectors/transport/own-process.ts';
import { CHECK_STATES, type Check, type Diagnosis } from '../../model/doctor.ts';
import { UserError } from '../../model/errors.ts';
import type { Context } from '../context.ts';
import { fail } from './check.ts';
import { hostChecks } from './host-checks.ts';
import { processChecks } from './process-checks.ts';
import { serviceChecks } from './service-checks.ts';

/** What can and what cannot be done here, and why: by one collection, and by what this process is. */
export async function doctor(context: Context, now = Date.now()): Promise<Diagnosis> {
  const [own, service, hosts] = await Promise.all([readOwnProcess(), serviceChecks(context, now), readHosts(context)]);
  const checks = [...processChecks(own), ...hosts, ...service];
  const worst = Math.max(...checks.map(({ state }) => CHECK_STATES.indexOf(state)));
  return { state: CHECK_STATES[worst]!, checks };
}

async function readHosts({ estates }: Context): Promise<Check[]> {
  try {
    return hostChecks(await estates.fresh());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [fail('hosts', error.message, error.hint)];
  }
}
