import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

const known = new WeakMap<SelectionSetNode, number>();

/** How many values an entry of a list holds as it is asked for; lists inside it count their own. */
export function widthOf({ fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): number {
  const count = (set: SelectionSetNode | undefined): number => {
    if (!set) return 0;
    const before = known.get(set);
    if (before !== undefined) return before;
    let sum = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) sum += count(fragments[selection.name.value]?.selectionSet);
      else if (selection.kind === Kind.INLINE_FRAGMENT) sum += count(selection.selectionSet);
      else sum += 1 + (selection.name.value === 'nodes' || selection.name.value === 'edges' ? 0 : count(selection.selectionSet));
    }
    known.set(set, sum);
    return sum;
  };
  return fieldNodes.reduce((sum, { selectionSet }) => sum + count(selectionSet), 1);
}
