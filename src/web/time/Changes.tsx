import type { ChangeFields, DiffGroups } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { More } from '../common/More.tsx';
import { State } from '../common/State.tsx';
import { diffGroups } from '../queries/time.ts';
import { usePages } from '../use/pages.ts';
import { formatRoute, setParams, useRoute } from '../use/route.ts';
import { CHANGE_KINDS } from './kinds.ts';
import { kindName, plural } from './words.ts';

type Group = DiffGroups['diff']['groups']['nodes'][number];

const MARKS = { ADDED: ['+', 'added'], REMOVED: ['−', 'removed'], CHANGED: ['~', 'changed'] } as const;

export function Changes({ from, to }: { readonly from: string; readonly to: string }) {
  const { params } = useRoute();
  const kind = CHANGE_KINDS.find((known) => known === params.kind);
  const filter = { kinds: kind ? [kind] : null, host: params.host ?? null, container: params.container ?? null };
  const pages = usePages(diffGroups, { from, to, ...filter }, ({ diff }) => diff.groups);
  const filtered = kind ?? params.host ?? params.container;
  return (
    <section className="card stack" aria-labelledby="changes">
      <h2 id="changes">What changed</h2>
      <State asked={pages.asked} loading="Comparing…">
        {({ diff }) => (
          <>
            <p className="summary">{printable(diff.summary)}</p>
            <Filters groups={pages.nodes} />
            <Unsure diff={diff} />
            {pages.nodes.length === 0 && <p className="muted">{filtered ? 'Nothing of that kind changed.' : 'Nothing changed.'}</p>}
            <ul className="groups">
              {pages.nodes.map((group, i) => (
                <li key={i}>
                  <GroupOf group={group} open={pages.totalCount <= 3} />
                </li>
              ))}
            </ul>
            <More pages={pages} what="groups" />
          </>
        )}
      </State>
    </section>
  );
}

function Filters({ groups }: { readonly groups: readonly Group[] }) {
  const { kind, host, container } = useRoute().params;
  const hosts = [...new Set([...groups.map((group) => group.host), ...(host ? [host] : [])])].sort();
  const containers = [
    ...new Set([...groups.flatMap((group) => (group.kind === 'CONTAINER' && group.name !== null ? [group.name] : [])), ...(container ? [container] : [])]),
  ].sort();
  return (
    <div className="row filters">
      <Choice name="Kind" value={kind} options={CHANGE_KINDS.map((k) => [k, kindName(k)])} choose={(value) => setParams({ kind: value })} />
      <Choice name="Host" value={host} options={hosts.map((h) => [h, printable(h)])} choose={(value) => setParams({ host: value })} />
      <Choice name="Container" value={container} options={containers.map((c) => [c, printable(c)])} choose={(value) => setParams({ container: value })} />
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly choose: (value: string | null) => void;
}

const Choice = ({ name, value, options, choose }: ChoiceProps) => (
  <label className="row small">
    {name}
    <select value={value ?? ''} onChange={(event) => choose(event.target.value || null)}>
      <option value="">all</option>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

function Unsure({ diff }: { readonly diff: DiffGroups['diff'] }) {
  const lines = [
    ...diff.lastKnown.map(
      ({ host, snapshot, reason }) => `${host}: ${snapshot ? `compared with snapshot ${snapshot.id}, the last in which it could be read` : reason}`,
    ),
    ...diff.incomparable.map(({ host, kind, reason }) => `${host}: ${kindName(kind)}s could not be compared: ${reason}`),
  ];
  if (lines.length === 0) return null;
  return (
    <details className="notice">
      <summary>{plural(lines.length, 'thing')} could not be compared as asked</summary>
      <ul>
        {lines.map((line) => (
          <li key={line}>{printable(line)}</li>
        ))}
      </ul>
    </details>
  );
}

function GroupOf({ group, open }: { readonly group: Group; readonly open: boolean }) {
  const { nodes, totalCount } = group.changes;
  return (
    <details open={open}>
      <summary>
        <span className="title">{printable(group.title)}</span>
        <span className="small muted">
          {printable(group.host)} · {plural(totalCount, 'change')}
        </span>
      </summary>
      <ul className="changes">
        {nodes.map((change) => (
          <li key={`${change.kind} ${change.action} ${change.key}`}>
            <ChangeOf change={change} />
            {change.action === 'CHANGED' && change.fields.length > 1 && (
              <dl className="fields small mono">
                {change.fields.map(({ field, before, after }) => (
                  <div key={field}>
                    <dt>{field}</dt>
                    <dd>
                      <del>{printable(before ?? 'nothing')}</del> <span aria-hidden="true">→</span> <ins>{printable(after ?? 'nothing')}</ins>
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        ))}
        {totalCount > nodes.length && <li className="muted small">and {totalCount - nodes.length} more</li>}
      </ul>
      {group.kind === 'CONTAINER' && group.name !== null && (
        <a className="small" href={formatRoute('why', { to: `${group.host}/${group.name}` })}>
          Who reaches {printable(group.name)}?
        </a>
      )}
    </details>
  );
}

export function ChangeOf({ change: { kind, action, text } }: { readonly change: ChangeFields }) {
  const [mark, word] = MARKS[action];
  return (
    <p className={`change ${action.toLowerCase()}`}>
      <span className="mark mono" aria-hidden="true">
        {mark}
      </span>
      <span className="unseen">{word}: </span>
      <span className="small muted kind">{kindName(kind)}</span> <span>{printable(text)}</span>
    </p>
  );
}
