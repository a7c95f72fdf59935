import { z } from 'zod';
import { CHANGE_KINDS } from '../../model/change.ts';
import type { SnapshotInfo } from '../../model/snapshot.ts';
import { diff } from '../../operations/diff.ts';
import { flowDiff, flowDiffFilter } from '../../operations/flow-diff.ts';
import { matrix, matrixFilter, type Place } from '../../operations/matrix.ts';
import { flowChangeSchema, flowDiffSchema, flowSetSchema, matrixSchema } from '../../operations/matrix-schema.ts';
import { diffSchema } from '../../operations/result-schemas.ts';
import { changeSchema } from '../../operations/snapshot-schemas.ts';
import { answerUri, diffUri, snapshotUri } from '../links.ts';
import { at, paging, tool } from '../tool.ts';
import { pageLine } from '../words.ts';

const reference = (text: string) => z.string().max(200).nullish().describe(`${text} A snapshot reference, or \`live\`.`);
const sides = { from: reference('The earlier; the one before the latest when not given.'), to: reference('The later; the latest when not given.') };

const bothSides = ({ from, to }: { readonly from: SnapshotInfo | null; readonly to: SnapshotInfo | null }) => [snapshotUri(from), snapshotUri(to)];

/** Changes that are given at most. */
const MAX_CHANGES = 100;

export const diffTool = tool({
  name: 'diff',
  title: 'What changed between two snapshots',
  description:
    'What changed between two snapshots, by what happened: groups first, each with its changes. `yesterday` and `live` are references. Narrow it by kinds, host or container.',
  input: z.strictObject({
    ...sides,
    kinds: z.array(z.enum(CHANGE_KINDS)).max(20).nullish().describe('Only changes of these kinds.'),
    host: z.string().max(200).nullish().describe('Only changes on this host.'),
    container: z.string().max(200).nullish().describe('Only what happened to this container.'),
  }),
  output: diffSchema.extend({
    totalChanges: z.number().int().describe('Of which `changes` has the first; narrow the question for the others.'),
    uri: z.string(),
  }),
  run: async (context, input) => {
    const found = await diff(context, input);
    const groups = found.groups.map((group) => ({ ...group, members: group.members.filter((place) => place < MAX_CHANGES) }));
    return { ...found, changes: found.changes.slice(0, MAX_CHANGES), groups, totalChanges: found.changes.length, uri: diffUri(found.from, found.to) };
  },
  lines: (found) => [
    { label: 'Changed', says: found.summary, backedBy: bothSides(found) },
    ...found.groups.map(({ title, members }, i) => ({
      label: 'Group',
      says: title,
      backedBy: [`groups.${i}`, ...members.slice(0, 2).map((place) => `changes.${place}`), found.uri],
    })),
  ],
});

/** A place as `why` takes it. */
const places = z.array(z.string()).describe('As `from` and `to` of a question.');
const placed = <T extends { readonly sources: readonly Place[]; readonly targets: readonly Place[] }>(set: T) => ({
  ...set,
  sources: set.sources.map(({ reference: name }) => name),
  targets: set.targets.map(({ reference: name }) => name),
});
const few = (all: readonly string[]) => (all.length <= 4 ? all.join(', ') : `${all.slice(0, 3).join(', ')} and ${all.length - 3} more`);

/** Changes that may have done it, of each set. */
const MAX_BLAMED = 3;

export const flowDiffTool = tool({
  name: 'flow_diff',
  heavy: true,
  title: 'Which flows opened or closed between two snapshots',
  description: 'Which flows changed their verdict between two snapshots, each set of alike ones with a witness and the change that did it.',
  input: z.strictObject({ ...sides, ...flowDiffFilter.shape, ...paging }),
  output: flowDiffSchema.extend({
    items: z.array(flowChangeSchema.extend({ sources: places, targets: places, changes: z.array(changeSchema.omit({ fields: true })) })),
  }),
  run: async (context, { from, to, first, after, ...filter }) => {
    const found = await flowDiff(context, { from: from ?? null, to: to ?? null, filter, first, after: after ?? null });
    return { ...found, items: found.items.map((set) => ({ ...placed(set), changes: set.changes.slice(0, MAX_BLAMED) })) };
  },
  lines: (found) => [
    { label: 'Flows', says: found.summary, backedBy: bothSides(found) },
    ...found.items.map(({ id, witness, before, after, changes }) => ({
      label: `${before ?? 'not there'} → ${after ?? 'not there'}`,
      says: `${witness.from} to ${witness.to} on ${witness.protocol}${witness.port === null ? '' : `/${witness.port}`}${changes[0] ? `, by ${changes[0].text}` : ''}`,
      backedBy: [id, answerUri(witness, found.to === null ? null : String(found.to.id))],
    })),
    ...pageLine(found, found.items.length),
  ],
});

export const matrixTool = tool({
  name: 'matrix',
  heavy: true,
  title: 'Who reaches whom',
  description:
    'The verdict of every flow between containers, hosts and the internet, alike ones together. Give a filter: container, host, network, port, protocol or verdict.',
  input: z.strictObject({ ...matrixFilter.shape, at, ...paging }),
  output: matrixSchema.extend({ items: z.array(flowSetSchema.extend({ sources: places, targets: places })) }),
  run: async (context, { at: reference, first, after, ...filter }) => {
    const found = await matrix(context, { filter, at: reference ?? null, first, after: after ?? null });
    return { ...found, items: found.items.map(placed) };
  },
  lines: (found) => [
    { label: 'Flows', says: found.summary, backedBy: [snapshotUri(found.snapshot)] },
    ...found.items.map(({ id, sources, targets, protocol, ports, verdict }) => ({
      label: verdict,
      says: `${few(sources)} to ${few(targets)} on ${protocol}${ports.length > 0 ? `/${few(ports.map(String))}` : ''}`,
      backedBy: [id],
    })),
    ...pageLine(found, found.items.length),
  ],
});
