import type { AuditEntry, Scope } from '../model/access.ts';
import type { Context } from './context.ts';
import { describeError } from './describe-error.ts';
import { requireScope } from './require-scope.ts';
import { during } from './telemetry.ts';

export interface Call extends Pick<AuditEntry, 'door' | 'operation' | 'target'> {
  readonly scope: Scope;
  /** It takes long: only so many of its kind run at a time. */
  readonly heavy?: boolean;
}

/** Operations of one request that its line in the log names. */
const MOST_NAMED = 20;

/** What a door does for who asks: only with the scope, and with a line in the audit log unless it only reads. */
export async function guarded<T>(context: Context, { scope, heavy, ...call }: Call, work: () => T | Promise<T>): Promise<T> {
  const note = (result: string) => context.audit?.({ principal: context.principal.name, ...call, result });
  const named = context.asking?.operations;
  if (named && named.length < MOST_NAMED) named.push(call.operation);
  try {
    requireScope(context.principal, scope);
  } catch (error) {
    note(describeError(error).code);
    throw error;
  }
  const run = () => during(context, call.operation, { 'netwhy.door': call.door }, async () => (heavy && context.slots ? context.slots.run(work) : work()));
  if (scope === 'read') return run();
  try {
    const done = await run();
    note('done');
    return done;
  } catch (error) {
    note(describeError(error).code);
    throw error;
  }
}

/** What an operation is done to, as its arguments name it. */
export function targetOf(input: Readonly<Record<string, unknown>> | undefined): string | null {
  const named = input?.id ?? input?.name ?? input?.label;
  return typeof named === 'string' || typeof named === 'number' ? String(named).slice(0, 200) : null;
}
