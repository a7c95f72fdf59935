/** A command becomes a message; whatever goes wrong becomes one too. */

import { UserError } from '../model/errors.ts';
import type { Context } from '../operations/context.ts';
import { describeError, type ErrorDescription } from '../operations/describe-error.ts';
import { diff } from '../operations/diff.ts';
import { guarded } from '../operations/guarded.ts';
import { intents } from '../operations/intents.ts';
import { reachability } from '../operations/reachability.ts';
import { never } from '../util/invariant.ts';
import { type Command, USAGE } from './command.ts';
import type { Message } from './message.ts';
import { answerMessage, diffMessage, errorMessage, helpMessage, intentsMessage, type Page } from './words.ts';

const usage = Object.values(USAGE);

/** `read` may throw what it finds wrong with the text. */
export async function answerChat(context: Context, read: () => Command, page: Page): Promise<Message> {
  const note = (operation: string, result: string) => context.audit?.({ principal: context.principal.name, door: 'chat', operation, target: null, result });
  let operation = 'unknown';
  try {
    const command = read();
    operation = command.kind;
    const work = () => guarded(context, { door: 'chat', operation, target: null, scope: 'read' }, () => run(context, command, page));
    const message = await (context.allowance ? context.allowance.within(work) : work());
    note(operation, 'done');
    return message;
  } catch (error) {
    const shown = describeError(error);
    if (shown.code === 'INTERNAL') context.report(error);
    note(operation, shown.code);
    return errorMessage(shown, isMisspelt(shown) ? usage : []);
  }
}

const isMisspelt = ({ code }: ErrorDescription) => code === 'BAD_ARGUMENT' || code === 'BAD_QUESTION';

async function run(context: Context, command: Command, page: Page): Promise<Message> {
  switch (command.kind) {
    case 'why':
      return answerMessage(await ask(context, command), command, page);
    case 'diff':
      return diffMessage(await diff(context, command), page);
    case 'intents':
      return intentsMessage(await intents(context, command), page);
    case 'help':
      return helpMessage(usage);
    default:
      return never(command);
  }
}

/** Without a database there is an answer, and no history of it. */
async function ask(context: Context, { from, to, at }: Extract<Command, { kind: 'why' }>) {
  try {
    return await reachability(context, { question: { from, to }, at, since: true });
  } catch (error) {
    if (!(error instanceof UserError) || !error.code.startsWith('STORE_') || at !== null) throw error;
    return reachability(context, { question: { from, to }, at, since: false });
  }
}
