import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { schemaChanges } from '../../scripts/schema-changes.ts';
import { readSdl } from '../../src/resolvers/sdl.ts';

const accepted = readFileSync('schema.graphql', 'utf8');
/** Without descriptions, so that lines can be taken out. */
const plain = accepted.replace(/\s*"""[\s\S]*?"""/g, '');

test('what is served breaks nobody who asks by schema.graphql; if that is meant, npm run schema:accept', async () => {
  expect((await schemaChanges(accepted, readSdl().join('\n'))).breaking).toEqual([]);
});

describe('is refused', () => {
  test.each<readonly [string, string]>([
    ['a field that is gone', plain.replace(/\n {2}restartCount: Int!/, '')],
    ['a value of an enum that is gone', plain.replace(/\n {2}UNDETERMINED/, '')],
    ['an argument that must be given', plain.replace('snapshot(', 'snapshot(why: String!, ')],
    ['a field that may be null now', plain.replace('  restartCount: Int!', '  restartCount: Int')],
    ['another type', plain.replace('  restartCount: Int!', '  restartCount: String!')],
    ['a type that is gone', plain.replace(/\ntype PublishedPort \{[^}]*\}\n/, '').replace(/ {2}ports: \[PublishedPort!\]!\n/, '')],
  ])('%s', async (_, changed) => {
    expect(changed).not.toBe(plain);
    expect((await schemaChanges(plain, changed)).breaking).not.toEqual([]);
  });
});

describe('is taken', () => {
  test.each<readonly [string, string]>([
    ['a field more', plain.replace('  restartCount: Int!', '  restartCount: Int!\n  mood: String')],
    ['an argument that may be left out', plain.replace('snapshot(', 'snapshot(why: String, ')],
    ['a type more', `${plain}\ntype Mood { name: String }\nextend type Query { mood: Mood }`],
    ['a description', plain.replace('  restartCount: Int!', '  "How often."\n  restartCount: Int!')],
  ])('%s', async (_, changed) => {
    const { breaking, other } = await schemaChanges(plain, changed);
    expect(breaking).toEqual([]);
    expect(other).not.toEqual([]);
  });
});
