import type { ApiToken } from '../model/access.ts';
import { show } from '../util/printable.ts';
import type { Client } from './client.ts';
import { EXIT, type Output } from './output.ts';
import { type Column, table } from './table.ts';

interface Options {
  readonly json?: boolean;
}

/** The secret alone goes to standard output: `TOKEN=$(netwhy token create ...)`. */
export async function createToken(client: Client, output: Output, { name, scope, expires, json }: Options & { name: string; scope: string; expires: string }) {
  const created = await client.createToken({ name, scopes: scope.split(',').map((one) => one.trim()), expires });
  if (json) output.printJson(created);
  else {
    output.note(`Token ${created.token.id}, ${ends(created.token)}. It is not shown again:`);
    output.print([created.secret]);
  }
  return EXIT.ok;
}

export async function listTokens(client: Client, output: Output, { json }: Options): Promise<number> {
  const tokens = await client.tokens();
  if (json) output.printJson(tokens);
  else output.print(tokens.length > 0 ? table(tokens, columns, output.terminal) : ['No tokens: `netwhy token create --name NAME --scope read` makes one.']);
  return EXIT.ok;
}

export async function revokeToken(client: Client, output: Output, id: string, { json }: Options): Promise<number> {
  const token = await client.revokeToken(id);
  if (json) output.printJson(token);
  else output.print([`token ${token.id} (${show(token.name)}) is revoked`]);
  return EXIT.ok;
}

const ends = ({ expiresAt }: ApiToken) => (expiresAt === null ? 'never expires' : `expires ${expiresAt}`);

const columns: readonly Column<ApiToken>[] = [
  { title: 'ID', value: ({ id }) => id, right: true },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'SCOPES', value: ({ scopes }) => scopes.join(', ') },
  { title: 'CREATED', value: ({ createdAt }) => createdAt },
  { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt ?? 'never' },
  { title: 'LAST USED', value: ({ lastUsedAt }) => lastUsedAt ?? 'never' },
  { title: 'REVOKED', value: ({ revokedAt }) => revokedAt },
];
