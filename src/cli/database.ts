import type { Pruned } from '../model/retention.ts';
import { show } from '../util/printable.ts';
import type { Client } from './client.ts';
import { EXIT, type Output } from './output.ts';

interface Options {
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

/** The exit code is 1 when damage was found. */
export async function checkDatabase(client: Client, output: Output, { json }: Options): Promise<number> {
  const found = await client.checkDatabase();
  const looked = `${found.snapshots} snapshots of ${found.hosts} hosts, ${found.segments} changes`;
  if (json) output.printJson(found);
  else
    output.print([
      ...found.damage.map(({ what }) => show(what, 1000)),
      `${looked}: ${found.damage.length === 0 ? 'no damage' : `${found.damage.length} damaged`}`,
    ]);
  return found.damage.length === 0 ? EXIT.ok : EXIT.unreachable;
}

export async function pruneSnapshots(client: Client, output: Output, { json, dryRun }: Options): Promise<number> {
  const pruned = await client.pruneSnapshots(dryRun ?? false);
  if (json) output.printJson(pruned);
  else output.print([sentence(pruned)]);
  return EXIT.ok;
}

function sentence({ dryRun, deleted, kept, retention }: Pruned): string {
  if (retention === null) return `The configuration has no retention: all ${kept} snapshots are kept.`;
  const which = deleted.length === 0 ? '' : ` (${deleted[0]} to ${deleted.at(-1)})`;
  return `${deleted.length} snapshots ${dryRun ? 'would be deleted' : 'deleted'}${which}, ${kept} kept`;
}

export async function pinSnapshot(client: Client, output: Output, id: string, pinned: boolean, { json }: Options): Promise<number> {
  const snapshot = await client.pinSnapshot(id, pinned);
  if (json) output.printJson(snapshot);
  else output.print([`snapshot ${snapshot.id}: ${pinned ? 'kept for ever' : 'no longer pinned'}`]);
  return EXIT.ok;
}
