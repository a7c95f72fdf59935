import type { z } from 'zod';
import type { Gap } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import { type AnyEntity, type ViewName, views } from '../operations/views/index.ts';
import { show } from '../util/printable.ts';
import type { At, Client } from './client.ts';
import { columns } from './columns.ts';
import { lastKnownLine } from './last-known.ts';
import type { Output } from './output.ts';
import { renderFindings } from './render-findings.ts';
import { type Column, table } from './table.ts';
import type { Terminal } from './terminal.ts';

export const COMMANDS: Readonly<Record<ViewName, string>> = {
  hosts: 'hosts',
  networks: 'networks',
  endpoints: 'endpoints',
  containers: 'containers',
  natRules: 'nat',
  filterRules: 'rules',
  routes: 'routes',
  listeners: 'listeners',
  findings: 'findings',
};

export const filterOptions = (view: ViewName) =>
  Object.entries((views[view].filter as z.ZodObject).shape).map(([name, schema]) => ({ name, description: (schema as z.ZodType).description ?? '' }));

export async function printList(client: Client, output: Output, view: ViewName, options: Readonly<Record<string, unknown>>, at: At): Promise<number> {
  const names = filterOptions(view).map(({ name }) => name);
  const filter = Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
  const listing = await client.list(view, filter, at);
  if (options.json) {
    output.printJson(listing);
    return 0;
  }
  output.print(linesOf(view, listing.items, output.terminal));
  for (const line of listing.lastKnown.map(lastKnownLine)) output.note(line);
  for (const line of gapLines(listing.gaps)) output.note(`not read: ${show(line, 500)}`);
  return 0;
}

function linesOf(view: ViewName, items: readonly AnyEntity[], terminal: Terminal): string[] {
  if (view === 'findings') return renderFindings(items as readonly Finding[], terminal);
  return table(items, columns[view] as unknown as readonly Column<AnyEntity>[], terminal);
}

/** Facts that are missing for the same reason share a line. */
function gapLines(gaps: readonly Gap[]): string[] {
  const sources = new Map<string, string[]>();
  for (const { host, netns, source, reason } of gaps) {
    const key = JSON.stringify([host, netns, reason]);
    sources.set(key, [...(sources.get(key) ?? []), source]);
  }
  return [...sources].map(([key, names]) => {
    const [host, netns, reason] = JSON.parse(key) as [string, string | null, string];
    return `${host}${netns === null ? '' : ` ${netns}`} ${names.join(', ')}: ${reason}`;
  });
}
