import type { AnswerPart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { Blockers } from './Blockers.tsx';
import { Path } from './Path.tsx';
import { Remedies } from './Remedies.tsx';
import { Since } from './Since.tsx';
import { brokenWay, segments } from './segments.ts';
import { Trace } from './Trace.tsx';
import { inWords, SYMPTOMS, VERDICTS } from './words.ts';

interface Props {
  readonly answer: AnswerPart;
  readonly from: string;
  readonly to: string;
  readonly at: string | undefined;
}

/** Verdict and sentence first, then what to do, then why it is so. */
export function Answer({ answer, from, to, at }: Props) {
  const { verdict, symptom, summary, needs, caveats, remedies, blockers, forward, reply } = answer;
  const { sign, word, tone } = VERDICTS[verdict];
  const broken = brokenWay(answer);
  const back = segments(reply?.hops ?? []);
  return (
    <>
      <section className={`card verdict ${tone}`}>
        <h2>
          <span aria-hidden="true">{sign}</span> {word}
        </h2>
        <Sentence text={printable(summary)} rule={blockers[0]?.rule ? printable(blockers[0].rule.text) : null} />
        <p className="muted">
          The program sees: {SYMPTOMS[symptom]}. {answer.cause && <span className="code">{inWords(answer.cause.code)}</span>}
        </p>
      </section>
      <Path answer={answer} at={at} />
      {needs.length > 0 && (
        <section className="card stack">
          <h2>What is missing to tell</h2>
          <ul className="bullets">
            {needs.map((need) => (
              <li key={need}>{printable(need)}</li>
            ))}
          </ul>
          <p className="small muted">
            <code>netwhy doctor</code> says what can be read on the host that netwhy runs on, and how to let it read more.
          </p>
        </section>
      )}
      {remedies.length > 0 && <Remedies remedies={remedies} />}
      {blockers.length > 0 && <Blockers blockers={blockers} at={at} />}
      <Since from={from} to={to} at={at} />
      <Trace title="The way there, hop by hop" hops={forward.hops} stopped={broken === 'REQUEST'} />
      {back.map((hops, i) => (
        <Trace
          key={hops[0]?.netns}
          title={i === 0 ? 'The way back' : 'The next packet there'}
          hops={hops}
          stopped={broken === 'REPLY' && i === back.length - 1}
        />
      ))}
      {caveats.length > 0 && (
        <section className="card stack">
          <h2>Taken for granted</h2>
          <ul className="bullets">
            {caveats.map(({ code, text }) => (
              <li key={code + text}>{printable(text)}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** The sentence; a rule in it is set as one, and only once. */
function Sentence({ text, rule }: { readonly text: string; readonly rule: string | null }) {
  const [before, ...after] = rule === null ? [text] : text.split(rule);
  return (
    <p className="sentence">
      {before}
      {after.length > 0 && <code>{rule}</code>}
      {after.join('…')}
    </p>
  );
}
