/** Whatever the page asks is in the schema. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { readSdl } from '../../src/resolvers/sdl.ts';

const schema = buildSchema(readSdl().join('\n'));
const folder = path.resolve('src/web/queries');
const modules = await Promise.all(readdirSync(folder).map(async (name) => [name, (await import(path.join(folder, name))) as Record<string, unknown>] as const));
const documents = modules.flatMap(([name, module]) =>
  Object.entries(module).flatMap(([symbol, value]) =>
    typeof value === 'string' && /^\s*(query|mutation|subscription)\b/.test(value) ? [[`${name}: ${symbol}`, value]] : [],
  ),
);

test('the page has documents', () => {
  expect(documents.length).toBeGreaterThan(15);
});

test.each(documents)('%s', (_name, text) => {
  expect(validate(schema, parse(text!)).map(({ message }) => message)).toEqual([]);
});
