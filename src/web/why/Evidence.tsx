import type { EvidencePart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { exactTime } from '../common/time.ts';

/** The lines that something was concluded from, and where they were read. */
export function Evidence({ evidence }: { readonly evidence: readonly EvidencePart[] }) {
  if (evidence.length === 0) return null;
  return (
    <ul className="evidence">
      {evidence.map(({ host, netns, collector, locator, excerpt, counters, collectedAt }) => (
        <li key={host + netns + collector + locator + excerpt}>
          <pre>{printable(excerpt)}</pre>
          <p className="small muted">
            {host}
            {netns && ` ${printable(netns)}`} · {collector} {locator}
            {counters && ` · counted ${counters.packets.toLocaleString()} packets`} · read <time dateTime={collectedAt}>{exactTime(collectedAt)}</time>
          </p>
        </li>
      ))}
    </ul>
  );
}
