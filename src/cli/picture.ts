/** The way of a packet as boxes: a namespace each, with what was done to it there; the one in which it ended is marked. */
import type { Answer, Hop, Step, Trace } from '../model/answer.ts';
import { show } from '../util/printable.ts';
import { paint, type Terminal, wrap } from './terminal.ts';
import { columnsOf, fit, padded } from './width.ts';

type Tone = 'plain' | 'bad' | 'good' | 'unsure' | 'dim';

interface Line {
  readonly text: string;
  readonly tone: Tone;
}

interface Box {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Where it ended, or never came: drawn in dashes. */
  readonly missing?: boolean;
  readonly tone: Tone;
}

const COLOURS = { bad: ['bold', 'red'], good: 'green', unsure: 'yellow', dim: 'dim' } as const;
const toned = (terminal: Terminal, tone: Tone, text: string) => (tone === 'plain' ? text : paint(terminal, COLOURS[tone] as never, text));

/** Columns inside of a box. */
const INSIDE = 36;
const MARGIN = '  ';
const ARROW = '──▶';

/** Empty where no packet was sent. */
export function picture(answer: Answer, trace: Trace, terminal: Terminal): string[] {
  const [first] = trace.hops;
  if (!first) return [];
  const reply = trace === answer.reply;
  const { from, to, port, protocol } = answer.question;
  const target = port === null ? to : `${to}:${port}`;
  const [start, end] = reply ? [target, from] : [from, `${target}${protocol === 'tcp' ? '' : `/${protocol}`}`];
  const ended = trace.disposition === 'accepted';
  const inside = Math.min(INSIDE, terminal.width - 12);
  const outside = (name: string, text: string, tone: Tone): Box => ({ title: fit(show(name, 60), inside), lines: [{ text, tone }], tone: 'plain' });
  const last = trace.hops.at(-1);
  const boxes = trace.hops.map((hop, i) => boxOf(hop, i === trace.hops.length - 1 && !(ended && leaves(hop)) ? endOf(answer, trace) : null, inside));
  return draw(
    [
      ...(first.iif === null ? [] : [outside(start, 'outside', 'dim')]),
      ...boxes,
      ...(ended && last && leaves(last) ? [outside(end, '✓ outside', 'good')] : []),
      ...(ended || arrived(trace, reply ? from : to) ? [] : [{ ...outside(end, 'not reached', 'dim'), missing: true, tone: 'dim' as const }]),
    ],
    terminal,
  );
}

const leaves = ({ oif }: Hop) => oif !== null && oif !== 'lo';

/** Whether it came to where it was to go; of an address or an outsider it cannot be told by name. */
function arrived({ hops }: Trace, to: string): boolean {
  if (to === 'internet' || /^[\d.]+$|:.*:|^netns:|^dns:/.test(to)) return to !== 'internet';
  const name = to.startsWith('host:') ? `host ${to.slice(5)}` : to;
  return hops.some((hop) => hop.name === name || name.endsWith(`/${hop.name}`) || hop.name.startsWith(`${name.replace('/', '-')}-`));
}

/** The last step says how it ended, but where it arrived and nobody answered. */
function endOf({ verdict }: Answer, { disposition }: Trace): End {
  if (disposition === 'accepted') return { tone: 'good', text: null };
  return { tone: verdict === 'UNREACHABLE' ? 'bad' : 'unsure', text: disposition === 'reply-lost' ? 'no answer comes back' : null };
}

const MARKS = { good: '✓', bad: '✗', unsure: '?' } as const;

interface End {
  readonly tone: 'good' | 'bad' | 'unsure';
  readonly text: string | null;
}

function boxOf(hop: Hop, end: End | null, inside: number): Box {
  const last = end?.text === undefined ? undefined : hop.steps.at(-1);
  const line = (text: string, tone: Tone): Line[] => wrap(show(text, 300), inside).map((part) => ({ text: part, tone }));
  const steps = hop.steps.flatMap((step) => {
    const text = step === last && end?.text === null ? null : telling(step);
    return text === null ? [] : line(text, 'plain');
  });
  const final = end ? line(`${MARKS[end.tone]} ${end.text ?? last?.action ?? ''}`.trimEnd(), end.tone) : [];
  const interfaces = (word: string, name: string | null): Line[] => (name === null ? [] : [{ text: fit(`${word} ${show(name, 30)}`, inside), tone: 'dim' }]);
  return {
    title: fit(show(hop.name, 60), inside),
    lines: [...interfaces('in', hop.iif), ...steps, ...final, ...interfaces('out', hop.oif)],
    tone: end?.tone === 'bad' ? 'bad' : 'plain',
  };
}

/** What a step means for the way: rules that judged and translations; routes and neighbours stand in the steps below. */
function telling({ action, before, after }: Step): string | null {
  if (before && after) {
    const changes = [
      before.dst !== after.dst || before.dport !== after.dport ? [`to ${after.dst}:${after.dport}`] : [],
      before.src !== after.src || before.sport !== after.sport ? [`from ${after.src}:${after.sport}`] : [],
    ].flat();
    return changes.length === 0 ? null : `now ${changes.join(' ')}`;
  }
  const judged = /^(.* rule \d+): (accept|drop|reject|dnat|masquerade|snat|redirect|netmap)\b/.exec(action);
  return judged ? show(`${judged[1]}: ${judged[2]}`, 200) : null;
}

function draw(boxes: readonly Box[], terminal: Terminal): string[] {
  const rows: Box[][] = [[]];
  let used = MARGIN.length;
  for (const box of boxes) {
    const needs = widthOf(box) + ARROW.length + 2;
    if (used + needs > terminal.width && rows.at(-1)!.length > 0) {
      rows.push([]);
      used = MARGIN.length;
    }
    rows.at(-1)!.push(box);
    used += needs;
  }
  return rows.flatMap((row, i) => drawRow(row, terminal, i > 0));
}

const insideOf = ({ title, lines }: Box) => Math.max(columnsOf(title) + 1, ...lines.map(({ text }) => columnsOf(text)));
const widthOf = (box: Box) => insideOf(box) + 4;

function drawRow(row: readonly Box[], terminal: Terminal, continued: boolean): string[] {
  const height = Math.max(1, ...row.map(({ lines }) => lines.length));
  const drawn = row.map((box) => drawBox(box, terminal));
  const lead = (box: Box, i: number, line: number): string => {
    if (i === 0 && !continued) return '';
    if (line !== 1) return ' '.repeat(ARROW.length + 1 + (i === 0 ? 0 : 1));
    return `${i === 0 ? '' : ' '}${box.missing ? toned(terminal, 'bad', ' ✗ ') : ARROW} `;
  };
  return Array.from({ length: height + 2 }, (_, line) => {
    const parts = row.map((box, i) => lead(box, i, line) + (drawn[i]![line] ?? ' '.repeat(widthOf(box))));
    return (MARGIN + parts.join('')).trimEnd();
  });
}

function drawBox(box: Box, terminal: Terminal): string[] {
  const inside = insideOf(box);
  const [dash, bar] = box.missing ? ['╌', '┆'] : ['─', '│'];
  const frame = (text: string) => toned(terminal, box.tone, text);
  const title = `${frame(`┌${dash}`)} ${paint(terminal, box.missing ? 'dim' : 'bold', box.title)} ${frame(`${dash.repeat(inside - columnsOf(box.title) - 1)}┐`)}`;
  const lines = box.lines.length === 0 ? [{ text: '', tone: 'plain' } as const] : box.lines;
  return [
    title,
    ...lines.map(({ text, tone }) => `${frame(bar)} ${toned(terminal, tone, padded(text, inside))} ${frame(bar)}`),
    frame(`└${dash.repeat(inside + 2)}┘`),
  ];
}
