import { record as write } from '../operations/record.ts';
import { show } from '../util/printable.ts';
import type { At, Client } from './client.ts';
import type { Output } from './output.ts';

export async function record(client: Client, output: Output, path: string, at: At, options: { readonly json?: boolean }): Promise<number> {
  const done = await write(await client.facts(at), path);
  if (options.json) output.printJson(done);
  else output.print([`${done.facts} facts of ${done.hosts} ${done.hosts === 1 ? 'host' : 'hosts'} written to ${show(path)}`]);
  return 0;
}
