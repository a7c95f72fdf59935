import { printable } from '../../util/printable.ts';
import { conditionOf } from '../common/condition.ts';
import { type Group, type Picture, rangeOf } from './picture.ts';
import { publishedPorts } from './ports.ts';

interface Props {
  readonly picture: Picture;
  readonly chosen: string | null;
  /** What is not among them is left out; null: all is shown. */
  readonly lit: ReadonlySet<string> | null;
  readonly onChoose: (id: string) => void;
}

/** The same as the picture, in words: for keys, for screen readers and for narrow windows. */
export function Outline({ picture: { hosts, findings }, chosen, lit, onChoose }: Props) {
  const item = (id: string, text: string, note: string, className = '') => (
    <button type="button" className={`plain item ${className}`} aria-current={id === chosen || undefined} onClick={() => onChoose(id)}>
      <span className="name">{printable(text)}</span>
      {note && <span className="small muted">{note}</span>}
      <Count of={findings.get(id)?.length ?? 0} />
    </button>
  );
  const groups = (all: readonly Group[]) =>
    all
      .map((group) => ({ group, containers: group.containers.filter(({ id }) => lit === null || lit.has(id)) }))
      .filter(({ group, containers }) => lit === null || containers.length > 0 || lit.has(group.id));
  return (
    <nav className="outline" aria-label="Everything on the map">
      {hosts.map(({ host, groups: all }) => (
        <details key={host.id} open>
          <summary>{printable(host.name)}</summary>
          {item(host.id, host.gapCount > 0 ? 'host ⚠ incomplete' : 'host', host.addresses[0] ?? 'no address known')}
          {groups(all).map(({ group, containers }) => (
            <section key={group.id} aria-label={`${group.name} on ${host.name}`}>
              {group.network ? item(group.id, group.name, rangeOf(group.network), 'net') : <p className="item net">{group.name}</p>}
              <ul>
                {containers.map((container) => {
                  const { sign, word, tone } = conditionOf(container);
                  return (
                    <li key={container.id}>
                      <button type="button" className="plain item" aria-current={container.id === chosen || undefined} onClick={() => onChoose(container.id)}>
                        <span className={`sign ${tone}`} aria-hidden="true">
                          {sign}
                        </span>
                        <span className="name">{printable(container.name)}</span>
                        <span className="unseen">{word}</span>
                        <span className="small muted">{publishedPorts(container.ports)[0]?.split(' ')[0]}</span>
                        <Count of={findings.get(container.id)?.length ?? 0} />
                      </button>
                    </li>
                  );
                })}
              </ul>
            </section>
          ))}
        </details>
      ))}
    </nav>
  );
}

function Count({ of }: { readonly of: number }) {
  if (of === 0) return null;
  return (
    <span className="count" title={`${of} findings`}>
      {of}
      <span className="unseen"> {of === 1 ? 'finding' : 'findings'}</span>
    </span>
  );
}
