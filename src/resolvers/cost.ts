/**
 * What a GraphQL operation may cost before it runs: one for each value that it asks for, times the pages that it stands in. A page inside another
 * that gives no size counts as ten entries, other lists of objects as three. What an answer turns out to hold is counted as it is made.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedOutputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { UserError } from '../model/errors.ts';
import { tooCostly } from '../operations/allowance.ts';
import { DEFAULT_PAGE } from '../operations/page.ts';
import { VIEW_NAMES } from '../operations/views/index.ts';

const INNER_PAGE = 10;
const OTHER_LIST = 3;

/** What takes the engine or the database more than a value does. */
const WEIGHTS: Readonly<Record<string, number>> = {
  'Answer.since': 5000,
  'Query.checkDatabase': 100_000,
  'Query.doctor': 10_000,
  'Query.check': 10_000,
  'Query.diff': 1000,
  'Query.findings': 10_000,
  'Query.flowDiff': 50_000,
  'Query.node': 500,
  'Query.reachability': 20,
  'Query.reachabilityBatch': 20,
  'Query.reachabilityMatrix': 20_000,
  ...Object.fromEntries(VIEW_NAMES.map((name) => [`Snapshot.${name}`, 500])),
};

type Variables = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Variables | null | undefined;
}

/** Of a valid document. Null when it costs no more than it may. */
export function costProblem(operation: Operation, limit: number): UserError | null {
  const cost = costOf(operation);
  return cost > limit ? tooCostly('query', cost, limit) : null;
}

export function costOf({ schema, document, operationName, variables }: Operation): number {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!root) return 0;
  const fragments = new Map(document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])));
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  // Wrong variables are refused before anything runs.
  if (!coerced) return 0;
  return new Counter(schema, fragments, coerced).of(operation.selectionSet, root, 0, null);
}

class Counter {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Variables;

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>, variables: Variables) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /** `pages`: how many the selection stands in; `size`: entries of the page whose own fields these are. */
  of(set: SelectionSetNode, type: GraphQLNamedOutputType, pages: number, size: number | null): number {
    let sum = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        sum += this.#field(selection, type, pages, size);
      } else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
        const named = fragment?.typeCondition && this.#schema.getType(fragment.typeCondition.name.value);
        if (fragment) sum += this.of(fragment.selectionSet, (named as GraphQLNamedOutputType | undefined) ?? type, pages, size);
      }
    }
    return sum;
  }

  #field(node: FieldNode, type: GraphQLNamedOutputType, pages: number, size: number | null): number {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const weight = WEIGHTS[`${type.name}.${node.name.value}`] ?? 1;
    if (!field || !node.selectionSet) return weight;
    const named = getNamedType(field.type);
    if (named.name.endsWith('Connection')) return weight + this.of(node.selectionSet, named, pages + 1, this.#pageSize(node, pages));
    const times = this.#times(node, field.type, size);
    return times * (weight + this.of(node.selectionSet, named, pages, null));
  }

  #times(node: FieldNode, type: GraphQLOutputType, size: number | null): number {
    if (!isListType(getNullableType(type))) return 1;
    if (size !== null && (node.name.value === 'nodes' || node.name.value === 'edges')) return size;
    const questions = this.#argument(node, 'questions');
    return Array.isArray(questions) ? questions.length : OTHER_LIST;
  }

  #pageSize(node: FieldNode, pages: number): number {
    const given = node.arguments?.some(({ name }) => name.value === 'first') ? this.#argument(node, 'first') : undefined;
    if (typeof given === 'number') return Math.max(0, given);
    return pages === 0 ? DEFAULT_PAGE : INNER_PAGE;
  }

  #argument(node: FieldNode, name: string): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value?.kind === Kind.VARIABLE) return this.#variables[value.name.value];
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind === Kind.LIST) return value.values;
    return undefined;
  }
}
