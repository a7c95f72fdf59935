import { UserError } from '../model/errors.ts';
import { nearest } from '../util/nearest.ts';
import type { Context } from './context.ts';
import { type AnyEntity, VIEW_NAMES, views } from './views/index.ts';

/** An entity of any list by its id; throws UserError NOT_FOUND. */
export async function findNode(context: Context, input: { readonly id: string; readonly at: string | null }): Promise<AnyEntity> {
  const [kind] = input.id.split(':');
  const name = VIEW_NAMES.find((view) => views[view].kind === kind);
  if (!name) throw new UserError('NOT_FOUND', `${JSON.stringify(input.id)} is not the id of anything.`, 'Use an `id` that a list gave.');
  const estate = await context.estates.at(input.at);
  const all: readonly AnyEntity[] = estate.list(name);
  const found = all.find((entity) => entity.id === input.id);
  if (found) return found;
  const candidates = nearest(
    input.id,
    all.slice(0, 10_000).map(({ id }) => id),
  );
  throw new UserError('NOT_FOUND', `There is no ${kind} ${JSON.stringify(input.id)}.`, 'Use an `id` that a list gave.', candidates);
}
