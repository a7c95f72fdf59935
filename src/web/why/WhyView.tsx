import type { Names } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import type { Problem } from '../client/problem.ts';
import { Failed, Loading } from '../common/State.tsx';
import { names as namesQuery, why } from '../queries/why.ts';
import { useQuery } from '../use/query.ts';
import { formatRoute, setParams, useRoute } from '../use/route.ts';
import { Answer } from './Answer.tsx';
import { Ask } from './Ask.tsx';
import { examples } from './names.ts';
import './why.css';

export default function WhyView() {
  const { from = '', to = '', at } = useRoute().params;
  const moment = at === undefined ? {} : { at };
  const known = useQuery(namesQuery, moment);
  const asked = useQuery(why, from === '' || to === '' ? null : { from, to, ...moment });
  return (
    <div className="why">
      <h1 className="unseen">Why</h1>
      <Ask from={from} to={to} names={known.data} />
      <div aria-live="polite" className="stack">
        {from === '' || to === '' ? (
          <Start names={known.data} from={from} to={to} at={at} />
        ) : asked.state === 'failed' ? (
          <Failed problem={asked.problem} again={asked.again}>
            <Nearest problem={asked.problem} from={from} to={to} />
          </Failed>
        ) : asked.data === undefined ? (
          <Loading what="Walking the packet…" />
        ) : (
          <Answer answer={asked.data.reachability} from={from} to={to} at={at} />
        )}
      </div>
    </div>
  );
}

function Start({ names, from, to, at }: { readonly names: Names | undefined; readonly from: string; readonly to: string; readonly at: string | undefined }) {
  return (
    <section className="card stack">
      <h2>{from !== '' ? `Where does ${from} want to get?` : to !== '' ? `Who wants to reach ${to}?` : 'Who cannot reach whom?'}</h2>
      <p className="muted">
        Name both ends; a port goes behind the target, as in <code>db:5432</code>. The answer says whether it works, what stops it, and what mends it.
      </p>
      {from === '' && to === '' && names && (
        <ul className="row">
          {examples(names).map((example) => (
            <li key={`${example.from} ${example.to}`}>
              <a className="button" href={formatRoute('why', { ...example, at })}>
                {printable(`${example.from} → ${example.to}`)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Of the end that is not known, the names that are. */
function Nearest({ problem, from, to }: { readonly problem: Problem; readonly from: string; readonly to: string }) {
  if (problem.candidates.length === 0) return null;
  const bare = to.replace(/:\d+(\/\w+)?$/, '');
  const atSource = problem.message.includes(from) && !(problem.message.includes(bare) && bare.length > from.length);
  const pick = (name: string) => setParams(atSource ? { from: name } : { to: name.replace(/ \(.*\)$/, '') + to.slice(bare.length) });
  return (
    <div className="stack">
      <p>Did you mean</p>
      <ul className="row">
        {problem.candidates.map((name) => (
          <li key={name}>
            <button type="button" onClick={() => pick(name)}>
              {printable(name)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
