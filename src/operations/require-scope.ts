import { holds, NOBODY, type Principal, type Scope } from '../model/access.ts';
import { UserError } from '../model/errors.ts';

/** Throws UserError UNAUTHENTICATED or FORBIDDEN. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (holds(principal, scope)) return;
  if (principal === NOBODY) {
    throw new UserError(
      'UNAUTHENTICATED',
      'This needs a token.',
      'Send the header `Authorization: Bearer TOKEN`; `netwhy token create` makes a token on the machine of the service.',
    );
  }
  throw new UserError(
    'FORBIDDEN',
    `This needs the scope ${scope}: ${principal.name} has ${principal.scopes.join(', ') || 'none'}.`,
    `Ask with a token that has the scope ${scope}.`,
  );
}
