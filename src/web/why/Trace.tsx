import type { PacketPart, TracePart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { Evidence } from './Evidence.tsx';

type Step = TracePart['hops'][number]['steps'][number];

interface Props {
  readonly title: string;
  readonly hops: TracePart['hops'];
  /** The last step is where it ends without success. */
  readonly stopped: boolean;
}

/** Each namespace that the packet passes, and what happens there, in the kernel's order. */
export function Trace({ title, hops, stopped }: Props) {
  return (
    <section className="card stack">
      <h2>{title}</h2>
      {hops.length === 0 && <p className="muted">The packet is never made.</p>}
      <ol className="hops">
        {hops.map(({ netns, name, host, iif, oif, steps }, i) => {
          const ends = stopped && i === hops.length - 1;
          return (
            <li key={i} className={ends ? 'hop stopped' : 'hop'}>
              <h3 title={netns}>
                {printable(name)} {name !== `host ${host}` && <span className="small muted">on {host}</span>}
              </h3>
              <p className="small muted">{[iif ? `in by ${iif}` : i === 0 && 'made here', oif && `out by ${oif}`].filter(Boolean).join(', ')}</p>
              <ol>
                {steps.map((step, s) => (
                  <StepLine key={s} step={step} stops={ends && s === steps.length - 1} />
                ))}
              </ol>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function StepLine({ step, stops }: { readonly step: Step; readonly stops: boolean }) {
  const { stage, action, certainty, before, after, evidence } = step;
  const line = (
    <>
      <span className="stage small">{stage}</span>
      <span className="action">
        {stops && (
          <strong className="bad">
            <span aria-hidden="true">✕ </span>stops here:{' '}
          </strong>
        )}
        {printable(action)}
        {certainty === 'ASSUMED' && <span className="small warn"> (taken for granted)</span>}
      </span>
    </>
  );
  const className = stops ? 'step stops' : 'step';
  if (evidence.length === 0 && !before && !after) return <li className={className}>{line}</li>;
  return (
    <li className={className}>
      <details open={stops}>
        <summary>{line}</summary>
        {before && after && <Changed before={before} after={after} />}
        <Evidence evidence={evidence} />
      </details>
    </li>
  );
}

const FIELDS = [
  ['from', (p: PacketPart) => address(p.src, p.sport)],
  ['to', (p: PacketPart) => address(p.dst, p.dport)],
  ['mark', (p: PacketPart) => String(p.mark)],
  ['time to live', (p: PacketPart) => String(p.ttl)],
  ['octets', (p: PacketPart) => String(p.length)],
] as const;

const address = (ip: string, port: number) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

/** The packet before and after; what changed stands out. */
function Changed({ before, after }: { readonly before: PacketPart; readonly after: PacketPart }) {
  const shown = FIELDS.filter(([name, of]) => name === 'from' || name === 'to' || of(before) !== of(after));
  return (
    <table className="packets">
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">Field</span>
          </th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(([name, of]) => (
          <tr key={name} className={of(before) === of(after) ? '' : 'changed'}>
            <th scope="row">{name}</th>
            <td>{of(before)}</td>
            <td>{of(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
