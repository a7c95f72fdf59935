import type { AuditEntry, Scope } from '../model/access.ts';
import type { Context } from './context.ts';
import { describeError } from './describe-error.ts';
import { requireScope } from './require-scope.ts';

export interface Call extends Pick<AuditEntry, 'door' | 'operation' | 'target'> {
  readonly scope: Scope;
}

/** What a door does for who asks: only with the scope, and with a line in the audit log unless it only reads. */
export async function guarded<T>(context: Context, { scope, ...call }: Call, work: () => T | Promise<T>): Promise<T> {
  const note = (result: string) => context.audit?.({ principal: context.principal.name, ...call, result });
  try {
    requireScope(context.principal, scope);
  } catch (error) {
    note(describeError(error).code);
    throw error;
  }
  if (scope === 'read') return work();
  try {
    const done = await work();
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
