/** What a change of the GraphQL schema does to those who ask by the one before. */
import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

export interface SchemaChanges {
  /** Documents that were good may be refused, or answered otherwise. */
  readonly breaking: readonly string[];
  readonly other: readonly string[];
}

export async function schemaChanges(accepted: string, now: string): Promise<SchemaChanges> {
  const changes = await diff(buildSchema(accepted), buildSchema(now));
  const breaks = ({ criticality }: Change) => criticality.level === CriticalityLevel.Breaking;
  return {
    breaking: changes.filter(breaks).map(({ message }) => message),
    other: changes.filter((change) => !breaks(change)).map(({ message }) => message),
  };
}
