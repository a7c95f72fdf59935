import type { EstateFacts, Fact } from '../src/model/facts.ts';
import type { Question } from '../src/model/question.ts';

/** One figure, with what stands beside it. */
export interface Row {
  readonly what: string;
  readonly unit: 'ms' | 'bytes';
  readonly value: number;
  /** Floor or peer of the same run. */
  readonly beside?: { readonly what: string; readonly value: number };
  /** What is to be reached. */
  readonly bar?: number;
  readonly note?: string;
}

/** A host that is worked on without asking it anything. */
export interface Subject {
  readonly name: string;
  readonly facts: EstateFacts;
  /** Milliseconds that an answer may take. */
  readonly bar?: number;
}

/** Over a bridge, and between two bridges: containers 0 and 3 share a network, 0 and 1 do not. */
export const QUESTIONS: readonly Question[] = ['c3', 'c1'].map((to) => ({ from: 'c0', to, protocol: 'tcp', port: 80 }));

export const asked = ({ from, to, port }: Question): string => `${from} ${to}:${port}`;

function emptied(fact: Fact): Fact {
  if (fact.source === 'nft') return { ...fact, data: '{"nftables": [{"metainfo": {"json_schema_version": 1}}]}' };
  if (/^ip6?tables-/.test(fact.source)) return { ...fact, status: 'absent', reason: 'taken away', data: '' };
  return fact;
}

/** The same topology without a rule. */
export const withoutRules = (facts: EstateFacts): EstateFacts => facts.map((host) => ({ ...host, facts: host.facts.map(emptied) }));
