/** Bounds what one GraphQL document may ask for. */
import { type ASTNode, type ASTVisitor, type FragmentDefinitionNode, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

/** The introspection query of common tools is 15 deep. */
const MAX_DEPTH = 18;
const MAX_FIELDS = 5000;

/** Fields are counted with fragments spread out. */
export function limits(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      let fields = 0;
      const walk = (set: SelectionSetNode | undefined, depth: number, within: readonly FragmentDefinitionNode[]): void => {
        for (const selection of set?.selections ?? []) {
          if (fields > MAX_FIELDS) return;
          if (selection.kind === Kind.FIELD) {
            fields++;
            if (depth > MAX_DEPTH) refuse(context, selection, `deeper than ${MAX_DEPTH} fields`);
            else walk(selection.selectionSet, depth + 1, within);
          } else if (selection.kind === Kind.INLINE_FRAGMENT) {
            walk(selection.selectionSet, depth, within);
          } else {
            const fragment = context.getFragment(selection.name.value);
            // Another rule refuses circles.
            if (fragment && !within.includes(fragment)) walk(fragment.selectionSet, depth, [...within, fragment]);
          }
        }
      };
      walk(operation.selectionSet, 1, []);
      if (fields > MAX_FIELDS) refuse(context, operation, `of more than ${MAX_FIELDS} fields`);
    },
  };
}

function refuse(context: ValidationContext, node: ASTNode, what: string): void {
  context.reportError(new GraphQLError(`A query ${what} is refused.`, { nodes: node, extensions: { code: 'BAD_ARGUMENT', hint: 'Ask in several queries.' } }));
}
