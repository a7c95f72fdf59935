import { UserError } from '../model/errors.ts';
import type { Notice } from '../model/notice.ts';
import type { Context } from './context.ts';
import { type Page, type PageInput, paginate } from './page.ts';
import { worded } from './word-notice.ts';

export interface NoticesInput extends PageInput {
  /** Those alone that could not be delivered somewhere. */
  readonly dead?: boolean | null;
}

/** Verdicts that changed, newest first. Throws UserError BAD_ARGUMENT or BAD_CURSOR. */
export async function listNotices(context: Context, input: NoticesInput): Promise<Page<Notice>> {
  const store = await context.store();
  const page = paginate(await store.watch.listNotices({ dead: input.dead ?? false }), ({ id }) => String(id), input);
  return { ...page, items: await worded(context, page.items) };
}

/** Deliveries that are dead are tried again. Throws UserError NOT_FOUND or BAD_ARGUMENT. */
export async function retryNotice(context: Context, input: { readonly id: string }): Promise<Notice> {
  const { watch } = await context.store();
  const find = () => (/^\d{1,9}$/.test(input.id) ? watch.findNotice(Number(input.id)) : null);
  const notice = await find();
  if (!notice)
    throw new UserError('NOT_FOUND', `There is no notice ${JSON.stringify(input.id.slice(0, 100))}.`, 'Use an id that `netwhy notices --dead` lists.');
  if ((await watch.retryDeliveries(notice.id, Date.now())) === 0)
    throw new UserError('BAD_ARGUMENT', `No delivery of notice ${notice.id} is dead.`, 'Those that are pending are tried again by themselves.');
  const [retried] = await worded(context, [(await find())!]);
  return retried!;
}
