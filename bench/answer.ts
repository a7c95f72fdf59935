/** One answer, beside the same question where no rule stands. */
import { why } from '../src/engine/index.ts';
import type { EstateFacts, Fact } from '../src/model/facts.ts';
import { buildModel } from '../src/normalize/index.ts';
import { sideBySide } from './measure.ts';
import { asked, QUESTIONS, type Row, type Subject } from './section.ts';

function emptied(fact: Fact): Fact {
  if (fact.source === 'nft') return { ...fact, data: '{"nftables": [{"metainfo": {"json_schema_version": 1}}]}' };
  if (/^ip6?tables-/.test(fact.source)) return { ...fact, status: 'absent', reason: 'taken away', data: '' };
  return fact;
}

const withoutRules = (facts: EstateFacts): EstateFacts => facts.map((host) => ({ ...host, facts: host.facts.map(emptied) }));

const shown = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(0)} ms`);

export async function answer(subjects: readonly Subject[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, facts, bar } of subjects) {
    for (const question of QUESTIONS) {
      const model = buildModel(facts);
      const floor = buildModel(withoutRules(facts));
      const took = await sideBySide({ why: () => why(model, question), empty: () => why(floor, question) }, { rounds: 200, budgetMs: 4000 });
      rows.push({
        what: `${name}: ${asked(question)}`,
        unit: 'ms',
        value: took.why.median,
        beside: { what: 'the same without rules', value: took.empty.median },
        ...(bar === undefined ? {} : { bar }),
        note: `${why(model, question).verdict.toLowerCase()}; the first one ${shown(took.why.first)}; ${took.why.rounds} rounds`,
      });
    }
  }
  return rows;
}
