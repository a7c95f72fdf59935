import { GraphQLScalarType } from 'graphql';
import { JSONResolver, SafeIntResolver } from 'graphql-scalars';

/** Times are texts everywhere inside: given as they are. */
const DateTime = new GraphQLScalarType({ name: 'DateTime', serialize: String });

export const scalars = { DateTime, JSON: JSONResolver, SafeInt: SafeIntResolver };
