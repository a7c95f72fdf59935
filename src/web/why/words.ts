import type { AnswerPart, Why } from '../../generated/page.ts';

type Verdict = Why['reachability']['verdict'];

export const VERDICTS: Readonly<Record<Verdict, { readonly sign: string; readonly word: string; readonly tone: string }>> = {
  REACHABLE: { sign: '✓', word: 'It works', tone: 'good' },
  UNREACHABLE: { sign: '✕', word: 'It does not work', tone: 'bad' },
  AMBIGUOUS: { sign: '≈', word: 'It depends', tone: 'warn' },
  UNDETERMINED: { sign: '?', word: 'It cannot be told', tone: 'unknown' },
};

/** What the program at the source sees. */
export const SYMPTOMS: Readonly<Record<AnswerPart['symptom'], string>> = {
  CONNECTED: 'the connection is made',
  DELIVERED: 'the datagram arrives',
  REFUSED: 'connection refused',
  TIMED_OUT: 'nothing comes back: it times out',
  HOST_UNREACHABLE: 'no route to host',
  NET_UNREACHABLE: 'network is unreachable',
  PROTOCOL_UNREACHABLE: 'protocol not available',
  PERMISSION_DENIED: 'permission denied',
  INVALID_ARGUMENT: 'invalid argument',
  ADDRESS_NOT_AVAILABLE: 'address not available',
  NAME_NOT_FOUND: 'name not found',
  UNKNOWN: 'not known',
};

/** `DROPPED_BY_RULE` → "dropped by rule". */
export const inWords = (code: string): string => code.toLowerCase().replaceAll('_', ' ');
