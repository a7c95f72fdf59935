/** One answer, beside the same question where no rule stands. */
import { why } from '../src/engine/index.ts';
import { buildModel } from '../src/normalize/index.ts';
import { sideBySide } from './measure.ts';
import { asked, QUESTIONS, type Row, type Subject, withoutRules } from './section.ts';

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
