/** Writes src/generated/graphql.ts: types for the resolvers from src/schema. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { parse } from 'graphql';
import { readSdl } from '../src/resolvers/sdl.ts';
import { enumValues, mappers } from './codegen-types.ts';

const text = await codegen({
  filename: 'src/generated/graphql.ts',
  schema: parse(readSdl().join('\n')),
  documents: [],
  config: {
    useTypeImports: true,
    enumsAsTypes: true,
    strictScalars: true,
    contextType: '../operations/context.ts#Context',
    scalars: { DateTime: 'string', JSON: 'unknown', SafeInt: 'number' },
    immutableTypes: true,
    enumValues,
    mappers,
  },
  plugins: [{ typescript: {} }, { resolvers: {} }],
  pluginMap: { typescript, resolvers },
});
mkdirSync('src/generated', { recursive: true });
// The plugin re-exports the enums' types as if they were values.
writeFileSync('src/generated/graphql.ts', text.replace(/^export \{ (\w+) \};$/gm, 'export type { $1 };'));
