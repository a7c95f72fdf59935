/** Results in the words of a chat. */
import type { Answer, Verdict } from '../model/answer.ts';
import type { IntentState } from '../model/intent.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { ErrorDescription } from '../operations/describe-error.ts';
import type { DiffResult } from '../operations/diff.ts';
import type { IntentsResult } from '../operations/intents.ts';
import { shellCommand } from '../util/shell.ts';
import { code, type Message, type Part, text } from './message.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = { REACHABLE: '✔', UNREACHABLE: '✖', AMBIGUOUS: '❓', UNDETERMINED: '❓' };
const STATES: Readonly<Record<IntentState, string>> = { HOLDS: '✔', BROKEN: '✖', UNKNOWN: '❓' };

const MAX_EVIDENCE = 3;
const MAX_LINES = 15;

/** `page`: address of the page, null when it is not known. */
export type Page = string | null;
const link = (page: Page, view: string, query: Readonly<Record<string, string | null>>) => {
  if (page === null) return null;
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]));
  return `${page}/#/${view}${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`;
};

export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly at: string | null;
}

export function answerMessage(answer: Answer, asked: Asked, page: Page): Message {
  const { verdict, summary, cause, evidence, remedies, since, needs, caveats } = answer;
  const [remedy] = remedies;
  const parts: Part[] = [
    text(summary),
    ...(cause && !summary.includes(cause.text) ? [text(cause.text, `Cause ${cause.code}`)] : []),
    ...code(
      'Evidence',
      evidence
        .slice(0, MAX_EVIDENCE)
        .map(({ host, netns, collector, locator, excerpt }) => `${[host, netns, collector, locator].filter(Boolean).join(' ')}: ${excerpt}`),
    ),
    ...(remedy ? [text(remedy.text, 'Fix')] : []),
    ...code('Commands', remedy?.commands.map(({ host, argv }) => `${host}$ ${shellCommand(argv)}`) ?? []),
    ...(since ? [text(since.text, 'Since when')] : []),
    ...needs.slice(0, 2).map((need) => text(need, 'Would settle it')),
    ...caveats.slice(0, 2).map((caveat) => text(caveat.text, 'Taken for granted')),
  ];
  return {
    title: `${VERDICTS[verdict]} ${verdict}: ${asked.from} → ${asked.to}`,
    verdict,
    audience: 'all',
    parts,
    link: link(page, 'why', { from: asked.from, to: asked.to, at: asked.at }),
  };
}

const nameOf = (side: SnapshotInfo | null) => (side === null ? 'now' : `${side.label ?? `snapshot ${side.id}`} of ${side.takenAt}`);
const idOf = (side: SnapshotInfo | null) => (side === null ? 'live' : String(side.id));
const more = (count: number) => (count > 0 ? [`and ${count} more`] : []);

export function diffMessage({ from, to, summary, groups, incomparable }: DiffResult, page: Page): Message {
  const titles = groups.map(({ title, members }) => (members.length > 1 ? `${title} (${members.length} changes)` : title));
  return {
    title: `Changes: ${nameOf(from)} → ${nameOf(to)}`,
    verdict: null,
    audience: 'all',
    parts: [
      text(summary),
      ...code('What happened', [...titles.slice(0, MAX_LINES), ...more(titles.length - MAX_LINES)]),
      ...(incomparable.length > 0
        ? [text([...new Set(incomparable.map(({ host, reason }) => `${host}: ${reason}`))].slice(0, 3).join('; '), 'Not compared')]
        : []),
    ],
    link: link(page, 'time', { from: idOf(from), to: idOf(to) }),
  };
}

export function intentsMessage({ snapshot, intents }: IntentsResult, page: Page): Message {
  const count = (state: IntentState) => intents.filter(({ finding }) => finding.state === state).length;
  const rank: readonly IntentState[] = ['BROKEN', 'UNKNOWN', 'HOLDS'];
  const lines = intents
    .toSorted((a, b) => rank.indexOf(a.finding.state) - rank.indexOf(b.finding.state))
    .map(({ finding, from }) => {
      const why = finding.state === 'HOLDS' ? '' : `: ${finding.sentence}`;
      return `${STATES[finding.state]} ${finding.state} since snapshot ${from}: ${finding.intent}${why}`;
    });
  const broken = count('BROKEN');
  const symbol = broken > 0 ? '✖' : count('UNKNOWN') > 0 ? '❓' : '✔';
  return {
    title: intents.length === 0 ? 'No intents were checked' : `${symbol} ${count('HOLDS')} of ${intents.length} intents hold, ${broken} broken`,
    verdict: null,
    audience: 'all',
    parts: [text(`As of ${nameOf(snapshot)}.`), ...code('Intents', [...lines.slice(0, MAX_LINES), ...more(lines.length - MAX_LINES)])],
    link: link(page, 'time', {}),
  };
}

export function errorMessage({ message, hint, candidates }: ErrorDescription, usage: readonly string[]): Message {
  const nearest = candidates.length > 0 ? [text(candidates.join(', '), 'Nearest')] : [];
  return {
    title: 'That could not be answered',
    verdict: null,
    audience: 'asker',
    parts: [text(message), text(hint), ...nearest, ...code('Usage', usage)],
    link: null,
  };
}

export const helpMessage = (usage: readonly string[]): Message => ({
  title: "Why can't A reach B?",
  verdict: null,
  audience: 'asker',
  parts: [text('Ask with names as containers have them, host:NAME, an IP address or internet.'), ...code('Usage', usage)],
  link: null,
});
