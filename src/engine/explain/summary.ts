/** One or two sentences for a person: who, where it died, why. */
import type { Blocker, Cause, Symptom } from '../../model/answer.ts';
import type { Question } from '../../model/question.ts';
import type { Ending } from '../talk.ts';

const SEES: Record<Symptom, string> = {
  CONNECTED: 'is connected',
  DELIVERED: 'gets an answer',
  REFUSED: 'sees "connection refused" at once',
  TIMED_OUT: 'sees a time-out',
  HOST_UNREACHABLE: 'sees "no route to host"',
  NET_UNREACHABLE: 'sees "network is unreachable"',
  PROTOCOL_UNREACHABLE: 'sees "protocol not available"',
  PERMISSION_DENIED: 'sees "permission denied"',
  INVALID_ARGUMENT: 'sees "invalid argument"',
  ADDRESS_NOT_AVAILABLE: 'sees "cannot assign requested address"',
  NAME_NOT_FOUND: 'cannot resolve the name',
  UNKNOWN: 'may see anything',
};

export function flowText(question: Question): string {
  return question.port === null ? question.protocol : `${question.protocol}/${question.port}`;
}

/** What the client sees; a proxy in front may accept first. */
export function seen(ending: Pick<Ending, 'symptom' | 'accepted' | 'soft' | 'disposition'>): string {
  if (ending.accepted)
    return `is connected first, then ${ending.disposition === 'refused-no-listener' || ending.disposition === 'rejected-by-rule' ? 'the connection is closed' : 'nothing comes'}`;
  if (ending.soft) return `sees a time-out (or, if it asks for ICMP errors, that the host is unreachable)`;
  return SEES[ending.symptom];
}

/** `told`: what the sentence before says, which is not said twice. */
function place(blocker: Blocker, told: string): string {
  const where = `on host ${blocker.host}${blocker.namespaceName === `host ${blocker.host}` ? '' : ` in ${blocker.namespaceName}`}`;
  const what = blocker.direction === 'reply' ? 'The reply dies' : 'The packet dies';
  if (!blocker.rule) return `${what} ${where}`;
  const { table, chain, position, text } = blocker.rule;
  const packets = blocker.evidence[0]?.counters?.packets;
  const details = [...(told.includes(text) ? [] : [text]), ...(packets === undefined ? [] : [`${packets} packets so far`])];
  return `${what} ${where} in ${table} ${chain} ${position === null ? 'policy' : `rule ${position}`}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

export function blockedSummary(from: string, to: string, question: Question, cause: Cause, blocker: Blocker | null, client: string): string {
  const first = `${from} cannot reach ${to} on ${flowText(question)}: ${cause.text}.`;
  return blocker ? `${first} ${place(blocker, cause.text)}; the client ${client}.` : `${first} The client ${client}.`;
}
