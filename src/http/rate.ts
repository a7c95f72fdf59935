import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RateLimit } from '../access/settings.ts';
import { LOCAL, NOBODY } from '../model/access.ts';
import { UserError } from '../model/errors.ts';

/** Counts one more for who asks; throws UserError RATE_LIMITED when it is too many. */
export type Count = (request: FastifyRequest) => Promise<void>;

export async function requestCounter(app: FastifyInstance, limit: RateLimit | null): Promise<Count> {
  if (limit === null) return async () => {};
  await app.register(rateLimit, { global: false });
  const keyGenerator = (request: FastifyRequest) => {
    const { principal } = request.operations;
    return principal === LOCAL || principal === NOBODY ? `address ${rateLimit.normalizeIP(request.ip)}` : `bearer ${principal.name}`;
  };
  const check = app.createRateLimit({ max: limit.perMinute, timeWindow: 60_000, keyGenerator });
  return async (request) => {
    const counted = await check(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    throw new UserError(
      'RATE_LIMITED',
      `More than ${limit.perMinute} requests a minute are refused.`,
      `Ask again in ${counted.ttlInSeconds} seconds, or raise \`rateLimit\` in the configuration.`,
      [],
      counted.ttlInSeconds,
    );
  };
}
