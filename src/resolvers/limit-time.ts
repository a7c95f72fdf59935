import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { Context } from '../operations/context.ts';

/** Questions end when their time is over. What changes something runs to its end: it must not be left half done. */
export function limitTime(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field;
    field.resolve = (source, input, context: Context, info) => {
      const work = () => resolve(source, input, context, info);
      return context.allowance ? context.allowance.within(work) : work();
    };
  }
  return schema;
}
