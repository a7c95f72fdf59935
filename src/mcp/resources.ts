/** What can be read again by its address: answers, snapshots, diffs, things. Everything is told again from what is kept, none of it from memory. */

import { z } from 'zod';
import { UserError } from '../model/errors.ts';
import type { Context } from '../operations/context.ts';
import { parseInput } from '../operations/parse-input.ts';
import { requireScope } from '../operations/require-scope.ts';
import type { Tool } from './tool.ts';
import { diffTool } from './tools/changes.ts';
import { getTool } from './tools/lists.ts';
import { snapshotsTool } from './tools/snapshots.ts';
import { why } from './tools/why.ts';

export interface ResourceKind {
  readonly name: string;
  readonly title: string;
  readonly template: string;
  readonly description: string;
  readonly tool: Tool;
  /** Arguments of the tool, of the parts of the path and what stands behind the question mark. */
  argumentsOf(parts: readonly string[], options: Readonly<Record<string, string>>): unknown;
}

const integer = z.coerce.number().int().optional();
const answerOptions = z.strictObject({ sourceAddress: z.string().optional(), sourcePort: integer, family: integer });

export const resourceKinds: readonly ResourceKind[] = [
  {
    name: 'answer',
    title: 'An answer',
    template: 'netwhy://answer/{at}/{from}/{to}',
    description: 'The answer to a question with all its evidence. `at`: a snapshot, or live; `to` with port, as db%3A5432 or dns%3A53%2Fudp.',
    tool: why,
    argumentsOf: ([at, from, to], options) => ({ at, from, to, ...parseInput(answerOptions, options, 'BAD_ARGUMENT', 'answer') }),
  },
  {
    name: 'snapshot',
    title: 'A snapshot',
    template: 'netwhy://snapshot/{id}',
    description: 'What is known of a snapshot without its contents: when it was taken, its label, what it counts.',
    tool: snapshotsTool,
    argumentsOf: ([reference]) => ({ reference }),
  },
  {
    name: 'diff',
    title: 'A diff',
    template: 'netwhy://diff/{from}/{to}',
    description: 'What changed between two snapshots.',
    tool: diffTool,
    argumentsOf: ([from, to]) => ({ from, to }),
  },
  {
    name: 'node',
    title: 'A thing',
    template: 'netwhy://node/{at}/{id}',
    description: 'A host, network, container, endpoint, rule, route or listener by its id. `at`: a snapshot, or live.',
    tool: getTool,
    argumentsOf: ([at, id]) => ({ at, id }),
  },
];

const unknown = (uri: string) =>
  new UserError(
    'NOT_FOUND',
    `There is no resource ${JSON.stringify(uri.slice(0, 200))}.`,
    `Resources: ${resourceKinds.map(({ template }) => template).join(', ')}.`,
  );

const MAX_URI = 4000;

/** Throws UserError. */
export async function readResource(context: Context, uri: string): Promise<Record<string, unknown>> {
  requireScope(context.principal, 'read');
  if (uri.length > MAX_URI || !URL.canParse(uri)) throw unknown(uri);
  const { protocol, host, pathname, searchParams } = new URL(uri);
  const kind = resourceKinds.find(({ name }) => name === host);
  const parts = pathname.split('/').slice(1);
  if (protocol !== 'netwhy:' || !kind || parts.length !== kind.template.split('{').length - 1) throw unknown(uri);
  const { structured } = await kind.tool.call(context, kind.argumentsOf(parts.map(decode(uri)), Object.fromEntries(searchParams)));
  return structured;
}

const decode = (uri: string) => (part: string) => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unknown(uri);
  }
};
