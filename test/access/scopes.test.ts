import { makeExecutableSchema } from '@graphql-tools/schema';
import { describe, expect, test } from '@jest/globals';
import { graphql } from 'graphql';
import { holds, LOCAL, NOBODY, type Principal, SCOPES, type Scope } from '../../src/model/access.ts';
import { requireScope } from '../../src/operations/require-scope.ts';
import { guardSchema } from '../../src/resolvers/scopes.ts';

const who = (...scopes: Scope[]): Principal => ({ name: 'somebody', scopes });

describe('scopes', () => {
  test.each<readonly [Scope, readonly Scope[]]>([
    ['read', ['read']],
    ['snapshot', ['read', 'snapshot']],
    ['probe', ['read', 'probe']],
    ['admin', SCOPES],
  ])('%s holds %j and no other', (scope, held) => {
    expect(SCOPES.filter((wanted) => holds(who(scope), wanted))).toEqual(held);
  });

  test('nobody holds none, and who runs the program all', () => {
    expect(SCOPES.filter((scope) => holds(NOBODY, scope))).toEqual([]);
    expect(SCOPES.filter((scope) => holds(LOCAL, scope))).toEqual(SCOPES);
  });

  test('what is missing is said: a token, or a scope', () => {
    expect(() => requireScope(NOBODY, 'read')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
    expect(() => requireScope(who('snapshot'), 'admin')).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN', message: 'This needs the scope admin: somebody has snapshot.' }),
    );
  });
});

describe('the schema', () => {
  const scope = 'directive @scope(requires: Scope!) on FIELD_DEFINITION enum Scope { READ ADMIN }';
  const resolvers = { Scope: { READ: 'read', ADMIN: 'admin' }, Query: { a: () => 1 } };

  test('does not start with a root field that does not say its scope', () => {
    const typeDefs = `${scope} type Query { a: Int @scope(requires: READ) } type Mutation { b: Int }`;
    expect(() => guardSchema(makeExecutableSchema({ typeDefs, resolvers }))).toThrow('the root field b has no @scope');
  });

  test('refuses a field before its resolver runs', async () => {
    const schema = guardSchema(makeExecutableSchema({ typeDefs: `${scope} type Query { a: Int @scope(requires: ADMIN) }`, resolvers }));
    const ask = (principal: Principal) => graphql({ schema, source: '{ a }', contextValue: { principal } });
    expect((await ask(who('read'))).errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
    expect((await ask(who('admin'))).data).toEqual({ a: 1 });
  });
});
