import type { AnswerPart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { formatRoute } from '../use/route.ts';
import { brokenWay, type Hop, segments } from './segments.ts';
import { inWords } from './words.ts';

interface Stop {
  readonly name: string;
  readonly host: string | null;
  readonly state: 'passed' | 'stopped' | 'unreached';
  /** By which interface it goes on from here. */
  readonly by: string | null;
}

/** The path at a glance: who is passed, where it ends, who is never reached. */
export function Path({ answer, at }: { readonly answer: AnswerPart; readonly at: string | undefined }) {
  const { forward, reply, question } = answer;
  const broken = brokenWay(answer);
  const goal = question.port === null ? question.to : `${question.to}:${question.port}`;
  const back = segments(reply?.hops ?? []);
  return (
    <section className="card stack" aria-label="The path">
      <Line stops={stops(forward.hops, broken !== 'REQUEST', question.from, goal)} words="There" />
      {back.map((hops, i) => (
        <Line
          key={hops[0]?.netns}
          stops={stops(hops, broken !== 'REPLY' || i < back.length - 1, null, i === 0 ? question.from : goal)}
          words={i === 0 ? 'Back' : 'There again'}
        />
      ))}
      <p className="row small">
        <a href={formatRoute('map', { path: ids(answer).join('~'), stopped: broken, at })}>Show on the map</a>
        {broken && <span className="muted">{inWords(answer.disposition)}</span>}
      </p>
    </section>
  );
}

function stops(hops: readonly Hop[], arrived: boolean, from: string | null, to: string): readonly Stop[] {
  const last = hops.length - 1;
  const passed = hops.map(
    ({ name, host, oif }, i): Stop => ({ name, host, state: i === last && !arrived ? 'stopped' : 'passed', by: i === last ? null : oif }),
  );
  const outside: Stop[] = from === 'internet' ? [{ name: 'internet', host: null, state: 'passed', by: null }] : [];
  const target = hops.flatMap((hop) => hop.steps.flatMap(({ after }) => after ?? [])).at(-1);
  const goal = target ? `${target.dst}:${target.dport}` : to;
  const unreached: Stop[] = arrived || passed.at(-1)?.name === to.replace(/:\d+$/, '') ? [] : [{ name: goal, host: null, state: 'unreached', by: null }];
  return [...outside, ...passed, ...unreached];
}

const SAID = { passed: '', stopped: ', stopped here', unreached: ', never reached' } as const;

function Line({ stops, words }: { readonly stops: readonly Stop[]; readonly words: string }) {
  return (
    <div className="line">
      <span className="small muted">{words}</span>
      <ol>
        {stops.map(({ name, host, state, by }, i) => (
          <li key={i} className={state}>
            <span className="stop">
              {state === 'stopped' && (
                <span className="cross" aria-hidden="true">
                  ✕
                </span>
              )}
              <strong>{printable(name)}</strong>
              {host && name !== `host ${host}` && <span className="small muted">on {host}</span>}
              <span className="unseen">{SAID[state]}</span>
            </span>
            {i < stops.length - 1 && <span className="by small muted">{by}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Ids of the map's things that are passed. */
function ids({ forward, question }: AnswerPart): readonly string[] {
  const passed = forward.hops.map(({ name, host }) => (name === `host ${host}` ? `host:${host}` : `container:${host}/${name}`));
  return [...(question.from === 'internet' ? ['outside'] : []), ...passed, ...(question.to === 'internet' ? ['outside'] : [])];
}
