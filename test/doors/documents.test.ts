/** Limits and known documents, as the configuration says. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';
import { LIMITS } from '../../src/model/limits.ts';
import { documentProblem, withText } from '../../src/resolvers/documents.ts';
import { createServer } from '../../src/server.ts';
import { type Service, startService } from './service.ts';
import { smallEstate } from './small-estate.ts';

const folder = mkdtempSync(join(tmpdir(), 'netwhy-documents-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const QUERY = '{ hosts { totalCount } }';

test('limits are those of the program where the configuration says nothing', async () => {
  const { limits, documents } = await loadConfig(write('one.yaml', 'limits:\n  seconds: 5\n  cost: 1000\n'), {});
  expect(limits).toEqual({ ...LIMITS, seconds: 5, cost: 1000 });
  expect(documents).toBeNull();
});

test.each([
  ['limits:\n  secnds: 5\n', /secnds.*|seconds/],
  ['limits:\n  cost: -1\n', /limits.cost/],
  ['persistedDocuments:\n  file: nowhere.json\n', /ENOENT/],
  ['persistedDocuments:\n  file: bad.json\n', /not the SHA-256/],
])('%j is refused', async (text, message) => {
  write('bad.json', JSON.stringify({ [sha('x')]: QUERY }));
  await expect(loadConfig(write('two.yaml', text), {})).rejects.toMatchObject({ code: 'BAD_CONFIG', message: expect.stringMatching(message) });
});

describe('known documents', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(smallEstate());
  });
  afterAll(() => service.stop());

  const ask = async (only: boolean, payload: object) => {
    write('documents.json', JSON.stringify({ [sha(QUERY)]: QUERY }));
    const { documents } = await loadConfig(write('three.yaml', `persistedDocuments:\n  file: documents.json\n  only: ${only}\n`), {});
    const { app, stop } = await createServer(service.context, { documents });
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/graphql', payload });
    await stop();
    return {
      statusCode,
      body: JSON.parse(body) as {
        readonly data?: unknown;
        readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
      },
    };
  };

  test.each<readonly [string, boolean, object, number]>([
    ['is asked by its id', true, { documentId: sha(QUERY) }, 200],
    ['is asked by its id with a prefix', true, { documentId: `sha256:${sha(QUERY)}` }, 200],
    ["is asked as Apollo's clients do", true, { extensions: { persistedQuery: { version: 1, sha256Hash: sha(QUERY) } } }, 200],
    ['is asked by its text', true, { query: QUERY }, 200],
    ['that nobody knows is refused', false, { documentId: sha('x') }, 400],
    ['is not the only one, unless that is said', false, { query: '{ networks { totalCount } }' }, 200],
    ['is the only one when that is said', true, { query: '{ networks { totalCount } }' }, 400],
  ])('one %s', async (_, only, payload, status) => {
    const { statusCode, body } = await ask(only, payload);
    expect([statusCode, body.errors?.[0]?.extensions.code]).toEqual([status, status === 200 ? undefined : 'BAD_QUERY']);
  });

  test('are the same over WebSockets', () => {
    const documents = { byId: new Map([[sha(QUERY), QUERY]]), only: true };
    expect([documentProblem(documents, QUERY), documentProblem(documents, '{ x }')?.code]).toEqual([null, 'BAD_QUERY']);
    expect(withText(documents, 'text')).toBe('text');
  });
});
