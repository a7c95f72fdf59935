import type { DiffResolvers } from '../generated/graphql.ts';
import type { Change, ChangeGroup } from '../model/change.ts';

export interface GroupModel extends Omit<ChangeGroup, 'members'> {
  readonly changes: readonly Change[];
}

export const Diff: DiffResolvers = {
  groups: ({ groups, changes }) => groups.map(({ members, ...group }) => ({ ...group, changes: members.map((i) => changes[i]!) })),
};
