/** Scopes of GraphQL: every field of Query, Mutation and Subscription needs what its `@scope` says. */
import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, getDirectiveValues } from 'graphql';
import type { Scope } from '../model/access.ts';
import type { Context } from '../operations/context.ts';
import { type Call, guarded, targetOf } from '../operations/guarded.ts';
import { invariant } from '../util/invariant.ts';

/** What a field's `@scope` says. */
export interface Said {
  readonly requires: Scope;
  readonly heavy: boolean;
}

/** Guards the fields in place; a field that does not say its scope is a bug. */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) guard(field, scopeOf(schema, field));
  }
  return schema;
}

export function scopeOf(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>): Said {
  const directive = schema.getDirective('scope');
  const scope = directive && field.astNode && (getDirectiveValues(directive, field.astNode) as Said | undefined);
  invariant(scope, `the root field ${field.name} has no @scope`);
  return scope;
}

function guard(field: GraphQLField<unknown, Context>, { requires: scope, heavy }: Said): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  const call = (input: Record<string, unknown>): Call => ({ door: 'graphql', operation: field.name, target: targetOf(input), scope, heavy });
  if (subscribe) {
    field.subscribe = (source, input, context, info) => guarded(context, call(input), () => subscribe(source, input, context, info));
    return;
  }
  field.resolve = (source, input, context, info) => guarded(context, call(input), () => resolve(source, input, context, info));
}
