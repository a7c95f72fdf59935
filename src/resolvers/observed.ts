/** Root fields that tell of their work. */
import type { Observation } from '../model/telemetry.ts';
import type { Context } from '../operations/context.ts';

type Type = Extract<Observation, { kind: 'operation' }>['type'];
type Resolver = (parent: unknown, input: unknown, context: Context, info: unknown) => unknown;

async function told(type: Type, field: string, { telemetry }: Context, work: () => unknown): Promise<unknown> {
  const started = performance.now();
  let ok = false;
  try {
    const result = await work();
    ok = true;
    return result;
  } finally {
    telemetry?.saw({ kind: 'operation', type, field, ok, seconds: (performance.now() - started) / 1000 });
  }
}

const fields = <R>(resolvers: R, wrap: (field: string, resolver: unknown) => unknown): R =>
  Object.fromEntries(Object.entries(resolvers ?? {}).map(([field, resolver]) => [field, wrap(field, resolver)])) as R;

const watched =
  (type: Type) =>
  (field: string, resolver: unknown): Resolver =>
  (parent, input, context, info) =>
    told(type, field, context, () => (resolver as Resolver)(parent, input, context, info));

/** All of what is asked, changed or subscribed to. */
export function observed<R extends { readonly Query?: unknown; readonly Mutation?: unknown; readonly Subscription?: unknown }>(resolvers: R): R {
  const subscription = (field: string, resolver: unknown) => ({
    ...(resolver as object),
    subscribe: watched('Subscription')(field, (resolver as { subscribe: unknown }).subscribe),
  });
  return {
    ...resolvers,
    Query: fields(resolvers.Query, watched('Query')),
    Mutation: fields(resolvers.Mutation, watched('Mutation')),
    Subscription: fields(resolvers.Subscription, subscription),
  };
}
