/** An answer for a person: verdict, sentence, path, evidence, and what to do. */
import type { Answer, Hop, Trace, Verdict } from '../model/answer.ts';
import type { Since } from '../model/since.ts';
import { show } from '../util/printable.ts';
import { shellCommand } from '../util/shell.ts';
import { picture } from './picture.ts';
import { paint, type Terminal, wrap } from './terminal.ts';

const COLOURS = {
  REACHABLE: ['bold', 'green'],
  UNREACHABLE: ['bold', 'red'],
  AMBIGUOUS: ['bold', 'yellow'],
  UNDETERMINED: ['bold', 'yellow'],
} as const satisfies Record<Verdict, readonly string[]>;

const MAX_EVIDENCE = 8;

export function renderAnswer(answer: Answer, terminal: Terminal): string[] {
  const verdict = paint(terminal, [...COLOURS[answer.verdict]], answer.verdict);
  const arrived = answer.forward.disposition === 'accepted';
  const lost = arrived && answer.reply !== null && answer.reply.disposition !== 'accepted' ? answer.reply : null;
  const drawn = picture(answer, answer.forward, terminal);
  return [
    `${verdict} (${show(answer.symptom)})`,
    ...wrap(show(answer.summary, 2000), terminal.width),
    ...probed(answer, terminal),
    ...(drawn.length === 0 ? [] : ['', ...drawn]),
    ...section('Way back', lost ? picture(answer, lost, terminal) : wayBack(answer, terminal)),
    ...section('Fix', remedies(answer, terminal)),
    // A single one stands in the sentence.
    ...section('Blocked by', answer.blockers.length > 1 ? blockers(answer, terminal) : []),
    ...section('Evidence', evidence(answer, terminal)),
    ...section('Steps', path(answer, answer.forward, terminal)),
    ...section('Steps of the way back', lost ? path(answer, lost, terminal) : []),
    ...section(
      'Taken for granted',
      answer.caveats.flatMap(({ text }) => item(show(text, 1000), terminal)),
    ),
    ...section(
      'Would settle it',
      answer.needs.flatMap((need) => item(show(need, 1000), terminal)),
    ),
    ...section('Since when', answer.since ? history(answer.since, terminal) : []),
  ];
}

const PROBED = { true: 'green', false: 'red', null: 'yellow' } as const;

function probed({ probe }: Answer, terminal: Terminal): string[] {
  if (!probe) return [];
  const [first = '', ...more] = wrap(show(probe.text, 1000), terminal.width);
  return [paint(terminal, PROBED[`${probe.agrees}`], first), ...more];
}

/** Of a reply that arrives, who passed it on; what the client sends after it takes the way there. */
function wayBack({ forward, reply }: Answer, terminal: Terminal): string[] {
  if (reply?.disposition !== 'accepted' || reply.hops.length === 0) return [];
  const home = reply.hops.findIndex(({ netns }, i) => i > 0 && netns === forward?.hops[0]?.netns);
  const hops = home === -1 ? reply.hops : reply.hops.slice(0, home + 1);
  return wrap(`${hops.map((hop) => show(hop.name, 80)).join(' ─▶ ')} ✓`, terminal.width, '  ');
}

const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', `${title}:`, ...lines]);
const item = (text: string, terminal: Terminal) => wrap(text, terminal.width, '    ').map((line, i) => (i === 0 ? `  - ${line.slice(4)}` : line));

function path({ verdict }: Answer, trace: Trace, terminal: Terminal): string[] {
  const blocked = trace.disposition !== 'accepted' && verdict === 'UNREACHABLE';
  const end = blocked ? paint(terminal, 'red', '✗') : trace.disposition === 'accepted' ? paint(terminal, 'green', '✓') : paint(terminal, 'yellow', '?');
  return trace.hops.flatMap((hop, place) => {
    const last = place === trace.hops.length - 1;
    const steps = hop.steps.flatMap(({ action, certainty }) => wrap(show(certainty === 'assumed' ? `${action} (assumed)` : action), terminal.width, '      '));
    return [`  ${last ? end : '↓'} ${hopName(hop)}`, ...steps, ...(last && blocked ? [`      ${paint(terminal, 'red', trace.disposition)}`] : [])];
  });
}

function hopName(hop: Hop): string {
  const interfaces = [hop.iif && `in ${hop.iif}`, hop.oif && `out ${hop.oif}`].filter(Boolean).join(', ');
  const where = hop.name === hop.host || hop.name === `host ${hop.host}` ? '' : ` on ${show(hop.host, 60)}`;
  return `${show(hop.name, 80)}${where}${interfaces && ` (${show(interfaces)})`}`;
}

function blockers(answer: Answer, terminal: Terminal): string[] {
  return answer.blockers.flatMap(({ cause, rule, host, namespaceName, direction }) => {
    const place = rule && ` [${rule.backend} ${rule.family} ${rule.table} ${rule.chain}${rule.position === null ? ' policy' : ` rule ${rule.position}`}]`;
    const where = namespaceName === host || namespaceName === `host ${host}` ? host : `${namespaceName} on ${host}`;
    return item(show(`${cause.code}: ${cause.text}${place ?? ''} (${where}${direction === 'reply' ? ', on the way back' : ''})`, 1000), terminal);
  });
}

function evidence(answer: Answer, terminal: Terminal): string[] {
  const lines = answer.evidence.slice(0, MAX_EVIDENCE).flatMap((entry) => {
    const where = [entry.host, entry.netns, entry.collector, entry.locator].filter((part) => part !== null && part !== '').join(' ');
    const counters = entry.counters ? ` (${entry.counters.packets} packets)` : '';
    return item(`${show(where, 200)}: ${show(entry.excerpt, 200)}${counters}`, terminal);
  });
  const more = answer.evidence.length - MAX_EVIDENCE;
  return more > 0 ? [...lines, `  (${more} more with --json)`] : lines;
}

function remedies(answer: Answer, terminal: Terminal): string[] {
  return answer.remedies.flatMap((remedy) => [
    ...item(show(remedy.text, 1000), terminal),
    ...remedy.commands.map(({ host, argv }) => `      ${show(host, 60)}$ ${shellCommand(argv)}`),
    ...wrap(remedy.sideEffects.length ? show(`Also: ${remedy.sideEffects.join('; ')}`, 1000) : 'Opens and closes nothing else.', terminal.width, '      '),
  ]);
}

/** Changes that do not stand in the sentence. */
const MAX_CHANGES = 4;

function history(since: Since, terminal: Terminal): string[] {
  const more = since.changes.filter(({ text }) => !since.text.includes(text)).slice(0, MAX_CHANGES);
  return [
    ...item(show(since.text, 1000), terminal),
    ...more.flatMap(({ text }) => wrap(show(text, 500), terminal.width, '      ')),
    ...(since.changes.length > 0 && !since.proved ? item('Undoing these one by one does not turn it back: several of them together did it.', terminal) : []),
    ...(since.certain ? [] : item(`Only ${since.evaluated} snapshots were looked at: it may have turned to and fro in between.`, terminal)),
  ];
}
