import type { FlowDiff } from '../operations/flow-diff.ts';
import type { FlowSet, Place } from '../operations/matrix.ts';
import { show } from '../util/printable.ts';
import type { At, Client } from './client.ts';
import type { Output } from './output.ts';
import { table } from './table.ts';
import { paint, type Terminal } from './terminal.ts';

const FILTERS = ['host', 'container', 'network', 'protocol', 'port', 'verdict'] as const;
/** So many names or ports stand in a cell. */
const MANY = 6;

const few = (all: readonly string[]) => (all.length <= MANY ? all.join(', ') : `${all.slice(0, MANY - 1).join(', ')} and ${all.length - MANY + 1} more`);

export async function printMatrix(client: Client, output: Output, options: Readonly<Record<string, unknown>>, at: At): Promise<number> {
  const filter: Record<string, unknown> = {};
  for (const name of FILTERS) if (options[name] !== undefined) filter[name] = name === 'verdict' ? String(options[name]).toUpperCase() : options[name];
  const matrix = await client.matrix(filter, at);
  if (options.json) {
    output.printJson(matrix);
    return 0;
  }
  const hosts = new Set(matrix.items.flatMap(({ sources, targets }) => [...sources, ...targets].map(({ host }) => host)));
  const nameOf = placeName(hosts.size > 2);
  output.print([matrix.summary, ...table(matrix.items, columns(nameOf), output.terminal)]);
  const unread = new Set(matrix.gaps.map(({ host, reason }) => show(`${host}: ${reason}`, 300)));
  for (const line of unread) output.note(`not read: ${line}`);
  return 0;
}

const placeName =
  (withHost: boolean) =>
  ({ kind, host, name }: Place): string => {
    if (kind === 'internet') return 'internet';
    return kind === 'host' ? `host:${host}` : withHost ? `${host}/${name}` : name;
  };

function portsText({ protocol, ports, otherPorts }: Pick<FlowSet, 'protocol' | 'ports' | 'otherPorts'>): string {
  if (protocol === 'icmp') return 'icmp';
  return `${protocol} ${few([...ports.map(String), ...(otherPorts ? ['all that nothing names'] : [])])}`;
}

/** Flows that changed alike share a line; what did it stands under them. */
export function renderFlows({ items }: Omit<FlowDiff, 'cursors'>, terminal: Terminal): string[] {
  const nameOf = placeName(true);
  return items.flatMap(({ sources, targets, before, after, changes, proved, ...on }) => {
    const closed = before === 'REACHABLE';
    const mark = paint(terminal, closed ? 'red' : after === 'REACHABLE' ? 'green' : 'yellow', closed ? 'closed' : after === 'REACHABLE' ? 'opened' : 'changed');
    const who = `${few(sources.map(nameOf))} > ${few(targets.map(nameOf))} on ${portsText(on)}`;
    const [first, ...rest] = changes;
    const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
    const by = first ? `    ${proved ? 'by' : 'perhaps by'} ${show(first.text, 400)}${more}` : '    by nothing that could be named';
    return [`${mark} ${show(who, 400)}: ${before ?? 'not there'} → ${after ?? 'not there'}`, by];
  });
}

const columns = (nameOf: (place: Place) => string) => [
  { title: 'FROM', value: ({ sources }: FlowSet) => few(sources.map(nameOf)) },
  { title: 'TO', value: ({ targets }: FlowSet) => few(targets.map(nameOf)) },
  { title: 'ON', value: portsText },
  { title: 'VERDICT', value: ({ verdict }: FlowSet) => verdict },
];
