/** Facts to model, beside reading the same bytes as JSON. */
import { buildModel } from '../src/normalize/index.ts';
import { sideBySide } from './measure.ts';
import { type Row, type Subject, withoutRules } from './section.ts';

export async function model(subjects: readonly Subject[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, facts } of subjects) {
    const text = JSON.stringify(facts);
    const empty = withoutRules(facts);
    const built = buildModel(facts);
    if (built.gaps.length > 0) throw new Error(`the model of ${name} has gaps: ${built.gaps[0]?.reason}`);
    const tables = [...built.namespaces.values()].flatMap(({ firewall }) => firewall.tables);
    const rules = tables.flatMap((table) => [...table.chains.values()]).reduce((count, chain) => count + chain.rules.length, 0);
    const took = await sideBySide(
      { build: () => buildModel(facts), empty: () => buildModel(empty), parse: () => JSON.parse(text) },
      { rounds: 15, budgetMs: 4000 },
    );
    const each = ((took.build.median - took.empty.median) * 1000) / rules;
    rows.push({
      what: name,
      unit: 'ms',
      value: took.build.median,
      beside: { what: `JSON.parse of the same ${(text.length / 1e6).toFixed(1)} MB`, value: took.parse.median },
      note: `${took.empty.median.toFixed(0)} ms without its ${rules} rules, so ${each.toFixed(1)} µs a rule`,
    });
  }
  return rows;
}
