/** Findings for a person: a table, and below it why an intent does not hold. */
import type { IntentFinding, IntentState } from '../model/intent.ts';
import { show } from '../util/printable.ts';
import { table } from './table.ts';
import { paint, type Terminal, wrap } from './terminal.ts';

const COLOURS = { HOLDS: 'green', BROKEN: 'red', UNKNOWN: 'yellow' } as const satisfies Record<IntentState, string>;

export function renderIntents(findings: readonly IntentFinding[], places: readonly (string | null)[], terminal: Terminal): string[] {
  const columns = [
    { title: 'STATE', value: ({ state }: IntentFinding) => state },
    { title: 'INTENT', value: ({ intent }: IntentFinding) => intent },
    { title: 'FLOWS', value: ({ flows, complete }: IntentFinding) => (complete ? flows : `first ${flows}`), right: true },
    { title: 'FAILING', value: ({ failing }: IntentFinding) => failing, right: true },
  ];
  const why = findings.flatMap((finding, place) => {
    if (finding.state === 'HOLDS') return [];
    const where = places[place] == null ? '' : `${show(places[place], 200)}: `;
    const title = `${where}${paint(terminal, COLOURS[finding.state], finding.state)} ${show(finding.intent)}`;
    return ['', title, ...details(finding).flatMap((text) => wrap(show(text, 2000), terminal.width, '  '))];
  });
  return [...table(findings, columns, terminal), ...why, '', counted(findings)];
}

/** What a person needs besides the state. */
export function details({ sentence, cause, witness, flows, failing, undecided, complete, needs, candidates }: IntentFinding): string[] {
  const many = flows > 1 ? [`${failing} of ${flows} flows fail, ${undecided} cannot be told${complete ? '' : '; there are more'}.`] : [];
  const flow = witness && `${witness.from} → ${witness.to}${witness.port === null ? '' : `:${witness.port}`} (${witness.protocol}): ${witness.verdict}`;
  return [
    sentence,
    ...(cause ? [`Cause: ${cause.code}: ${cause.text}`] : []),
    ...(flow ? [`For example ${flow}`] : []),
    ...many,
    ...needs.map((need) => `Would settle it: ${need}`),
    ...(candidates.length ? [`Nearest: ${candidates.join(', ')}`] : []),
  ];
}

function counted(findings: readonly IntentFinding[]): string {
  const count = (state: IntentState) => findings.filter((finding) => finding.state === state).length;
  return `${count('HOLDS')} of ${findings.length} hold, ${count('BROKEN')} broken, ${count('UNKNOWN')} unknown`;
}
