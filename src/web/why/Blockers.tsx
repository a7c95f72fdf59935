import { useState } from 'react';
import type { AnswerPart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { State } from '../common/State.tsx';
import { chain } from '../queries/why.ts';
import { useQuery } from '../use/query.ts';
import { Evidence } from './Evidence.tsx';

type Blocker = AnswerPart['blockers'][number];
type Rule = NonNullable<Blocker['rule']>;

/** Everything that alone would stop it: all of it has to be mended. */
export function Blockers({ blockers, at }: { readonly blockers: readonly Blocker[]; readonly at: string | undefined }) {
  return (
    <section className="card stack">
      <h2>{blockers.length === 1 ? 'What stops it' : `${blockers.length} things would each stop it`}</h2>
      <ol className="stack">
        {blockers.map((blocker, i) => (
          <li key={i} className="stack blocker">
            <p>
              {printable(blocker.cause.text)}
              <span className="small muted">
                {' '}
                {blocker.direction === 'REPLY' ? 'stops the reply' : 'stops the request'} in {printable(blocker.namespaceName)}
              </span>
            </p>
            <Evidence evidence={blocker.evidence} />
            {blocker.rule && <InChain rule={blocker.rule} host={blocker.host} netns={blocker.evidence[0]?.netns ?? null} at={at} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface InChainProps {
  readonly rule: Rule;
  readonly host: string;
  readonly netns: string | null;
  readonly at: string | undefined;
}

/** The rule among its neighbours, once somebody wants to see them. */
function InChain(props: InChainProps) {
  const [open, setOpen] = useState(false);
  const { backend, family, table, chain: name, position } = props.rule;
  return (
    <details className="chain" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {backend} {family} {printable(`${table} ${name}`)}, {position === null ? 'the policy' : `rule ${position}`}: see it in its chain
      </summary>
      {open && <ChainRules {...props} />}
    </details>
  );
}

function ChainRules({ rule, host, netns, at }: InChainProps) {
  const filter = { host, backend: rule.backend, table: rule.table, chain: rule.chain, ...(netns !== null && { namespace: netns }) };
  const asked = useQuery(chain, { filter, ...(at !== undefined && { at }) });
  return (
    <State asked={asked} loading="Reading the chain…">
      {({ filterRules: { nodes, totalCount } }) => (
        <>
          <table className="rules">
            <thead>
              <tr>
                <th scope="col">#</th>
                <th scope="col">Rule</th>
                <th scope="col">Packets</th>
              </tr>
            </thead>
            <tbody>
              {nodes.map(({ id, position, text, packets }) => (
                <tr key={id} className={position === rule.position && text === rule.text ? 'this' : ''}>
                  <td>{position ?? 'policy'}</td>
                  <td>
                    <code>{printable(text)}</code>
                  </td>
                  <td>{packets ?? ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {totalCount > nodes.length && (
            <p className="small muted">
              The first {nodes.length} of {totalCount}.
            </p>
          )}
        </>
      )}
    </State>
  );
}
