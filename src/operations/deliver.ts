/** Brings notices to their targets: each by itself, so that one that never answers holds up no other. */
import type { NoticeTarget } from '../model/notice.ts';
import { sendNotice } from '../notices/send.ts';
import { invariant } from '../util/invariant.ts';
import type { Context } from './context.ts';
import { worded } from './word-notice.ts';

export interface Post {
  /** Milliseconds since 1970. */
  now(): number;
  send: typeof sendNotice;
}

const BY_HTTP: Post = { now: Date.now, send: sendNotice };

/** After so many attempts, over about three hours, a delivery is dead. */
const MAX_ATTEMPTS = 8;
/** Milliseconds: whoever claimed an attempt and has not said by then what became of it has died. */
const LEASE = 60_000;
/** Milliseconds until the next attempt: 10 s, 40 s, ..., at most an hour. */
const backoff = (attempts: number) => Math.min(3_600_000, 10_000 * 4 ** (attempts - 1));

/** Everything that is due for every target of the configuration, until one fails. Rejects when the database fails. */
export async function deliverNotices(context: Context, post: Post = BY_HTTP): Promise<void> {
  const ended = await Promise.allSettled((context.watch?.targets ?? []).map((target) => deliverTo(context, target, post)));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/** Oldest first, until nothing is due; a target that fails is not asked again in this round. */
export async function deliverTo(context: Context, target: NoticeTarget, post: Post, stopped: () => boolean = () => false): Promise<void> {
  const { watch } = await context.store();
  const next = () => watch.dueDelivery(target.name, post.now());
  for (let due = await next(); due && !stopped(); due = await next()) {
    if (!(await watch.claimDelivery(due, () => post.now() + LEASE))) continue;
    const notice = await watch.findNotice(due.noticeId);
    invariant(notice, 'a delivery of no notice');
    const [told] = await worded(context, [notice]);
    const lastError = await post.send(target, told!, post.now());
    const attempts = due.attempts + 1;
    if (lastError === null) await watch.settleDelivery(due, { state: 'DELIVERED', nextAttempt: post.now(), lastError });
    else {
      await watch.settleDelivery(due, { state: attempts >= MAX_ATTEMPTS ? 'DEAD' : 'PENDING', nextAttempt: post.now() + backoff(attempts), lastError });
      return;
    }
  }
}

/** Milliseconds between two looks at what is due. */
const EVERY = 2000;

/** Delivers until it is stopped. */
export class Deliverer {
  readonly #context: Context;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #stopped = false;

  constructor(context: Context, every = EVERY) {
    this.#context = context;
    this.#timer = setInterval(() => this.#look(), every);
  }

  #look(): void {
    for (const target of this.#context.watch?.targets ?? []) {
      if (this.#busy.has(target.name)) continue;
      const work = deliverTo(this.#context, target, BY_HTTP, () => this.#stopped)
        .catch((error: unknown) => this.#context.report(error))
        .finally(() => this.#busy.delete(target.name));
      this.#busy.set(target.name, work);
    }
  }

  /** What is on its way is waited for. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await Promise.all(this.#busy.values());
  }
}
