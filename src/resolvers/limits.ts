/** Bounds the shape of a GraphQL document: how deep and how wide. What it costs stands in cost.ts. */
import { type ASTVisitor, type FragmentDefinitionNode, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';
import { UserError } from '../model/errors.ts';
import type { Limits } from '../model/limits.ts';

type Shape = Pick<Limits, 'depth' | 'fields'>;

/** A validation rule. Fields are counted with fragments spread out. */
export const limits =
  ({ depth: maxDepth, fields: maxFields }: Shape) =>
  (context: ValidationContext): ASTVisitor => {
    let refused = false;
    const refuse = (what: string) => {
      // Once is enough: each error has a place in the answer.
      if (!refused) context.reportError(refusal(`A query ${what} is refused.`));
      refused = true;
    };
    return {
      OperationDefinition(operation) {
        let fields = 0;
        const walk = (set: SelectionSetNode | undefined, depth: number, within: readonly FragmentDefinitionNode[]): void => {
          for (const selection of set?.selections ?? []) {
            // A fragment with nothing in it costs time too.
            if (++fields > maxFields) refuse(`of more than ${maxFields} fields`);
            if (depth > maxDepth) refuse(`deeper than ${maxDepth} fields`);
            if (refused) return;
            if (selection.kind === Kind.FIELD) {
              walk(selection.selectionSet, depth + 1, within);
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
      },
    };
  };

const refusal = (message: string) => new GraphQLError(message, { originalError: new UserError('TOO_COSTLY', message, 'Ask in several queries.') });
