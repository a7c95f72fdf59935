import type { ChangeGroupResolvers, DiffResolvers } from '../generated/graphql.ts';
import type { Change, ChangeGroup } from '../model/change.ts';
import { paginate } from '../operations/page.ts';
import { pageInput } from './connection.ts';

export interface GroupModel extends Omit<ChangeGroup, 'members'> {
  readonly changes: readonly Change[];
}

const idOf = ({ kind, action, host, key }: Change) => JSON.stringify([kind, action, host, key]);
/** No change is in two groups. */
const groupId = ({ changes }: GroupModel) => idOf(changes[0]!);

export const Diff: DiffResolvers = {
  changes: ({ changes }, input) => paginate(changes, idOf, pageInput(input)),
  groups: ({ groups, changes }, input) =>
    paginate(
      groups.map(({ members, ...group }) => ({ ...group, changes: members.map((i) => changes[i]!) })),
      groupId,
      pageInput(input),
    ),
};

export const ChangeGroupFields: ChangeGroupResolvers = { changes: ({ changes }, input) => paginate(changes, idOf, pageInput(input)) };
