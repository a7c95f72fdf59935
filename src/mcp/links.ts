/** Addresses of what an agent can read again. */
import type { Question } from '../model/question.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { familyOf } from '../util/ip.ts';

const part = encodeURIComponent;

/** `to` with port and protocol, as a question takes it. */
export const targetOf = ({ to, port, protocol }: Pick<Question, 'to' | 'port' | 'protocol'>) => {
  const where = port === null ? to : familyOf(to) === 6 ? `[${to}]:${port}` : `${to}:${port}`;
  return protocol === 'tcp' ? where : `${where}/${protocol}`;
};

type Asked = Pick<Question, 'from' | 'to' | 'port' | 'protocol'> & Partial<Question>;

/** `at`: null for live. */
export function answerUri(question: Asked, at: string | null): string {
  const options = new URLSearchParams();
  for (const name of ['sourceAddress', 'sourcePort', 'family'] as const) if (question[name] !== undefined) options.set(name, String(question[name]));
  const query = options.size > 0 ? `?${options}` : '';
  return `netwhy://answer/${part(at ?? 'live')}/${part(question.from)}/${part(targetOf(question))}${query}`;
}

/** What is live can be asked again, not read again. */
export const snapshotUri = (snapshot: SnapshotInfo | null) => (snapshot === null ? 'live' : `netwhy://snapshot/${snapshot.id}`);
export const diffUri = (from: SnapshotInfo | null, to: SnapshotInfo | null) => `netwhy://diff/${from?.id ?? 'live'}/${to?.id ?? 'live'}`;
export const nodeUri = (id: string, at: string | null) => `netwhy://node/${part(at ?? 'live')}/${part(id)}`;
