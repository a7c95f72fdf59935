import type { Estate, FindingPart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { Copy } from '../common/Copy.tsx';
import { conditionOf } from '../common/condition.ts';

interface Props {
  readonly estate: Estate;
  readonly onChoose: (id: string) => void;
}

/** What is wrong, before anybody asks: what a newcomer reads first. */
export function Problems({ estate, onChoose }: Props) {
  const { nodes } = estate.findings;
  const unwell = estate.containers.nodes.filter((c) => conditionOf(c).tone !== 'good');
  const causes = nodes.filter((f) => f.causedBy === null || !nodes.some((other) => other.id === f.causedBy));
  return (
    <div className="stack">
      <h2>{headline(nodes.length, unwell.length, estate.hosts.gaps.length)}</h2>
      {causes.length > 0 && (
        <ul className="stack">
          {causes.map((finding) => (
            <li key={finding.id}>
              <Finding finding={finding} follows={nodes.filter((f) => f.causedBy === finding.id)} onChoose={onChoose} />
            </li>
          ))}
        </ul>
      )}
      {unwell.length > 0 && (
        <section className="stack">
          <h3>Not running as usual</h3>
          <ul className="unwell">
            {unwell.map((container) => {
              const { sign, word, tone } = conditionOf(container);
              return (
                <li key={container.id}>
                  <button type="button" className="plain item" onClick={() => onChoose(container.id)}>
                    <span className={`sign ${tone}`} aria-hidden="true">
                      {sign}
                    </span>
                    <span className="name">{printable(container.name)}</span>
                    <span className="small muted">{word}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {estate.hosts.gaps.length > 0 && (
        <section className="stack">
          <h3>Could not be read</h3>
          <ul className="stack small">
            {estate.hosts.gaps.map((gap) => (
              <li key={`${gap.host} ${gap.netns} ${gap.source}`}>
                <strong>{gap.host}</strong> {gap.source}: {printable(gap.reason)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function headline(findings: number, unwell: number, gaps: number): string {
  if (findings > 0) return findings === 1 ? 'One thing is wrong' : `${findings} things are wrong`;
  if (unwell > 0) return 'Nothing is found broken';
  return gaps > 0 ? 'Nothing is found broken in what could be read' : 'Nothing is found broken';
}

/** The finding, and how many follow from it; without `onChoose` as part of what it is about. */
export function Finding({
  finding,
  follows = [],
  onChoose,
}: {
  readonly finding: FindingPart;
  readonly follows?: readonly FindingPart[];
  readonly onChoose?: (id: string) => void;
}) {
  const about = finding.container === null ? finding.subject.id : `container:${finding.host}/${finding.container}`;
  return (
    <article className={`finding ${finding.severity}`}>
      <p className="small severity">{finding.severity.toLowerCase()}</p>
      <h3>{finding.title}</h3>
      <p>{printable(finding.text)}</p>
      <p className="small muted">{printable(finding.why)}</p>
      {finding.remedy && <Copy text={finding.remedy} />}
      {follows.length > 0 && (
        <p className="small muted">{follows.length === 1 ? 'One more finding follows' : `${follows.length} more findings follow`} from it.</p>
      )}
      {onChoose && /^(host|network|container):/.test(about) && (
        <button type="button" className="plain" onClick={() => onChoose(about)}>
          Show {printable(finding.container ?? finding.subject.name)}
        </button>
      )}
    </article>
  );
}
