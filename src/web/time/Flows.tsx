import type { FlowChanges, Verdict } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { More } from '../common/More.tsx';
import { targetOf } from '../common/reference.ts';
import { State } from '../common/State.tsx';
import { flowChanges } from '../queries/time.ts';
import { usePages } from '../use/pages.ts';
import { formatRoute, useRoute } from '../use/route.ts';
import { ChangeOf } from './Changes.tsx';
import { listed, placeName } from './words.ts';

type Flow = FlowChanges['flowDiff']['nodes'][number];

const VERDICTS: Readonly<Record<Verdict, readonly [word: string, tone: string]>> = {
  REACHABLE: ['reachable', 'good'],
  UNREACHABLE: ['unreachable', 'bad'],
  AMBIGUOUS: ['depends', 'warn'],
  UNDETERMINED: ['not known', 'unknown'],
};

/** Asked after what changed: it takes longer. */
export function Flows({ from, to }: { readonly from: string; readonly to: string }) {
  const { host, container } = useRoute().params;
  const pages = usePages(flowChanges, { from, to, filter: { host: host ?? null, container: container ?? null } }, ({ flowDiff }) => flowDiff);
  return (
    <section className="card stack" aria-labelledby="flows">
      <h2 id="flows">Who reaches whom now</h2>
      <State asked={pages.asked} loading="Asking every flow before and after…">
        {({ flowDiff }) => (
          <>
            <p className="summary">{flowDiff.summary}</p>
            <ul className="flows">
              {pages.nodes.map((flow) => (
                <li key={flow.id}>
                  <FlowOf flow={flow} from={from} to={to} />
                </li>
              ))}
            </ul>
            <More pages={pages} what="groups of flows" />
          </>
        )}
      </State>
    </section>
  );
}

function FlowOf({ flow, from, to }: { readonly flow: Flow; readonly from: string; readonly to: string }) {
  const { witness, changes, proved } = flow;
  const question = { from: witness.from, to: targetOf(witness) };
  const ask = (at: string) => formatRoute('why', { ...question, at: at === 'live' ? null : at });
  return (
    <article className="stack">
      <div className="flow">
        <span>
          <strong>{listed(flow.sources.map(placeName))}</strong> → <strong>{listed(flow.targets.map(placeName))}</strong>{' '}
          <span className="muted">{portsOf(flow)}</span>
        </span>
        <span className="row turn">
          <VerdictOf verdict={flow.before} /> <span aria-hidden="true">→</span>
          <span className="unseen">became</span> <VerdictOf verdict={flow.after} />
        </span>
      </div>
      {changes.length > 0 ? (
        <div>
          <p className="small muted">{proved ? 'Undoing this, and nothing else, turns it back:' : 'Most likely because of:'}</p>
          {changes.slice(0, 3).map((change) => (
            <ChangeOf key={`${change.kind} ${change.key}`} change={change} />
          ))}
        </div>
      ) : (
        <p className="small muted">
          {flow.before === null || flow.after === null ? 'One of the ends is only there on one side.' : 'What did it was not found.'}
        </p>
      )}
      <p className="small row">
        For example {printable(`${witness.from} → ${question.to}`)}:{flow.before !== null && <a href={ask(from)}>why before</a>}
        {flow.after !== null && <a href={ask(to)}>why after</a>}
      </p>
    </article>
  );
}

function VerdictOf({ verdict }: { readonly verdict: Verdict | null }) {
  const [word, tone] = verdict === null ? ['not there', 'none'] : VERDICTS[verdict];
  return <span className={`badge ${tone}`}>{word}</span>;
}

function portsOf({ protocol, ports, otherPorts }: Flow): string {
  if (protocol === 'ICMP') return 'ping';
  const named = listed(ports.map(String), 6);
  const which = otherPorts ? (named ? `${named} and all other ports` : 'all ports') : named;
  return `${protocol.toLowerCase()} ${which}`;
}
