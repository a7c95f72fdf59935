/** `why --watch`: asks again and again, and says when the answer turns. Nothing is cleared: it can be kept as a log. */
import type { Answer } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import { describeError, type ErrorDescription } from '../operations/describe-error.ts';
import { show } from '../util/printable.ts';
import type { Output } from './output.ts';
import { renderAnswer } from './render-answer.ts';
import { paint, wrap } from './terminal.ts';

export interface Watching {
  readonly json: boolean;
  now(): Date;
  /** Until it is time to ask again; ends early when the signal is raised. */
  pause(): Promise<void>;
  readonly signal: AbortSignal;
}

type Seen = { readonly answer: Answer } | { readonly error: ErrorDescription };

/** Verdict, cause and way: what has to differ for an answer to be another one. Counters and times may move. */
function essence(seen: Seen): string {
  if ('error' in seen) return `${seen.error.code} ${seen.error.message}`;
  const { verdict, symptom, cause, forward, reply } = seen.answer;
  const way = (trace: Answer['reply']) =>
    trace?.hops.map(({ name, host, iif, oif, steps }) => [name, host, iif, oif, steps.map(({ after }) => after && [after.src, after.dst, after.dport])]);
  return JSON.stringify([verdict, symptom, cause?.code, cause?.parameters, forward.disposition, way(forward), way(reply)]);
}

const nameOf = (seen: Seen): string => {
  if ('error' in seen) return `no answer (${seen.error.code})`;
  const { verdict, cause } = seen.answer;
  return cause && verdict !== 'REACHABLE' ? `${verdict} (${cause.code})` : verdict;
};

function turn(before: Seen, after: Seen): string {
  const [was, is] = [nameOf(before), nameOf(after)];
  return was === is ? `still ${is}, by another way or for another reason` : `was ${was}, is ${is}`;
}

/** Until the signal; returns the last answer, null where there was none any more. Throws what the first question throws. */
export async function watchAnswer(ask: () => Promise<Answer>, output: Output, watching: Watching): Promise<Answer | null> {
  let last: Seen | null = null;
  const stopped = new Promise<null>((resolve) => {
    if (watching.signal.aborted) resolve(null);
    else watching.signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  while (!watching.signal.aborted) {
    const first = last === null;
    const asked = ask().then(
      (answer): Seen => ({ answer }),
      (error: unknown): Seen => {
        if (first || !(error instanceof UserError)) throw error;
        return { error: describeError(error) };
      },
    );
    const seen = await Promise.race([asked, stopped]);
    if (seen === null) {
      asked.catch(() => {});
      break;
    }
    if (last === null || essence(seen) !== essence(last)) tell(seen, last === null ? null : turn(last, seen), output, watching);
    last = seen;
    await watching.pause();
  }
  return last && 'answer' in last ? last.answer : null;
}

function tell(seen: Seen, turned: string | null, { terminal, print }: Output, { json, now }: Watching): void {
  const at = now().toISOString();
  if (json) {
    print([JSON.stringify({ at, turned, ...seen })]);
    return;
  }
  const lines = 'error' in seen ? wrap(show(seen.error.message, 1000), terminal.width) : renderAnswer(seen.answer, terminal);
  print([`${paint(terminal, 'bold', at)} ${turned ?? 'watching'}`, ...lines, '']);
}
