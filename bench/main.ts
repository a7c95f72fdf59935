/** npm run bench -- [SECTION...] [--json]: what netwhy costs, beside what it cannot cost less than. */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { collectEstate } from '../src/collectors/index.ts';
import { answer } from './answer.ts';
import { api } from './api.ts';
import { collect } from './collect.ts';
import { flows } from './flows.ts';
import { history } from './history.ts';
import { impossible, openRealHost } from './host.ts';
import { model } from './model.ts';
import { page } from './page.ts';
import { rules } from './rules.ts';
import type { Row, Subject } from './section.ts';
import { store } from './store.ts';
import { syntheticHost } from './synthetic.ts';
import { ratioOf, table } from './table.ts';

type Result = { readonly rows: readonly Row[] } | { readonly skipped: string };
const PURE = { rules, model, answer, flows, store, history, api, page };
const SECTIONS = ['collect', ...Object.keys(PURE)];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
const strange = positionals.find((name) => !SECTIONS.includes(name));
if (strange !== undefined) {
  console.error(`bench: there is no section ${strange}; there are ${SECTIONS.join(', ')}.`);
  process.exit(3);
}
const wanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
const results = new Map<string, Result>();

function report(name: string, result: Result): void {
  results.set(name, 'rows' in result ? { rows: result.rows.map((row) => ({ ratio: ratioOf(row), ...row })) } : result);
  if (!values.json) console.log(`\n${name}${'rows' in result ? `\n${table(result.rows)}` : `: skipped: ${result.skipped}`}`);
}

/** The host that the other sections work on; made up where there can be no engine. */
async function realSubject(): Promise<Subject> {
  const reason = await impossible();
  if (reason !== null) {
    if (wanted('collect')) report('collect', { skipped: reason });
    return { name: '30 containers, made up', facts: syntheticHost('small', 60) };
  }
  console.error('Starting an engine with 30 containers ...');
  const real = await openRealHost();
  try {
    const facts = await collectEstate([real.host.config]);
    if (wanted('collect')) report('collect', { rows: await collect(real) });
    return { name: `${real.containers} containers`, facts };
  } finally {
    await real.lab.destroy();
  }
}

const machine = { node: process.version, cpus: os.availableParallelism(), load: os.loadavg()[0]! };
if (!values.json) console.log(`Node ${machine.node}, ${machine.cpus} processors, load ${machine.load.toFixed(1)}; medians.`);
const subjects: Subject[] = [await realSubject(), { name: '10,000 rules', facts: syntheticHost('large', 10_000), bar: 5 }];
for (const [name, run] of Object.entries(PURE)) if (wanted(name)) report(name, { rows: await run(subjects) });
if (values.json) console.log(JSON.stringify({ machine, sections: Object.fromEntries(results) }, null, 2));
