import { show } from '../util/printable.ts';
import type { At, Client } from './client.ts';
import { momentColumns, snapshotColumns } from './columns.ts';
import { renderFlows } from './matrix.ts';
import type { Output } from './output.ts';
import { renderDiff } from './render-diff.ts';
import { renderHistory } from './render-history.ts';
import { table } from './table.ts';

interface Options {
  readonly json?: boolean;
  readonly label?: string;
}

function print(output: Output, { json }: Options, value: unknown, lines: () => readonly string[]): number {
  if (json) output.printJson(value);
  else output.print(lines());
  return 0;
}

export async function takeSnapshot(client: Client, output: Output, options: Options): Promise<number> {
  const taken = await client.takeSnapshot(options.label ?? null);
  const counts = `${taken.hostCount} hosts, ${taken.networkCount} networks, ${taken.endpointCount} endpoints, ${taken.natRuleCount} NAT rules, ${taken.gapCount} gaps`;
  return print(output, options, taken, () => [`snapshot ${taken.id}${taken.label === null ? '' : ` "${show(taken.label)}"`}: ${counts}`]);
}

export async function printSnapshots(client: Client, output: Output, options: Options): Promise<number> {
  const snapshots = await client.snapshots();
  return print(output, options, snapshots, () =>
    snapshots.length ? table(snapshots, snapshotColumns, output.terminal) : ['No snapshot yet: take one with `netwhy snapshot`.'],
  );
}

type TimelineOptions = Options & { readonly step?: string; readonly since?: string; readonly until?: string };

export async function printTimeline(client: Client, output: Output, { step, since, until, ...options }: TimelineOptions): Promise<number> {
  const moments = await client.timeline({ step, since, until });
  return print(output, options, moments, () => (moments.length ? table(moments, momentColumns, output.terminal) : ['No snapshot in that time.']));
}

export async function labelSnapshot(client: Client, output: Output, id: string, label: string | null, options: Options): Promise<number> {
  const snapshot = await client.labelSnapshot(id, label);
  return print(output, options, snapshot, () => [`snapshot ${snapshot.id}: ${snapshot.label === null ? 'no label' : `"${show(snapshot.label)}"`}`]);
}

export async function deleteSnapshot(client: Client, output: Output, id: string, options: Options): Promise<number> {
  const snapshot = await client.deleteSnapshot(id);
  return print(output, options, snapshot, () => [`snapshot ${snapshot.id} deleted`]);
}

interface DiffOptions extends Options {
  readonly kind?: string;
  readonly host?: string;
  readonly container?: string;
  readonly flows?: boolean;
}

export async function printDiff(client: Client, output: Output, from: string | null, to: string | null, options: DiffOptions): Promise<number> {
  const { kind, host, container } = options;
  const diff = await client.diff({ from, to, kinds: kind?.split(',') ?? null, host: host ?? null, container: container ?? null });
  if (!options.flows) return print(output, options, diff, () => renderDiff(diff, output.terminal));
  const flows = await client.flowDiff(from, to, { ...(host && { host }), ...(container && { container }) });
  return print(output, options, { ...diff, summary: `${diff.summary} ${flows.summary}`, flows }, () => [
    ...renderDiff({ ...diff, summary: `${diff.summary} ${flows.summary}` }, output.terminal),
    ...renderFlows(flows, output.terminal),
  ]);
}

export async function printSearch(client: Client, output: Output, text: string, kind: string | null, at: At, options: Options): Promise<number> {
  const hits = await client.search(text, kind, at);
  const columns = [
    { title: 'KIND', value: (hit: (typeof hits)[number]) => hit.kind },
    { title: 'HOST', value: (hit: (typeof hits)[number]) => hit.host },
    { title: 'NAME', value: (hit: (typeof hits)[number]) => hit.name },
    { title: 'ADDRESSES', value: (hit: (typeof hits)[number]) => hit.addresses.join(', ') },
    { title: 'FIRST', value: (hit: (typeof hits)[number]) => hit.firstSeen, right: true },
    { title: 'LAST', value: (hit: (typeof hits)[number]) => hit.lastSeen, right: true },
  ];
  return print(output, options, hits, () => (hits.length ? table(hits, columns, output.terminal) : ['Nothing found.']));
}

export async function printHistory(
  client: Client,
  output: Output,
  name: string,
  options: Options & { readonly kind?: string; readonly host?: string },
): Promise<number> {
  const found = await client.history(name, options.kind ?? null, options.host ?? null);
  return print(output, options, found, () => found.flatMap((object, i) => [...(i === 0 ? [] : ['']), ...renderHistory(object, output.terminal)]));
}
