import { describe, expect, test } from '@jest/globals';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { parseDatabaseUrl } from '../../src/snapshots/url.ts';

describe('the URL of a database', () => {
  test.each([
    ['file:/var/lib/netwhy.db', 'sqlite', 'file:/var/lib/netwhy.db'],
    ['postgresql://netwhy:secret@db:5432/netwhy', 'postgresql', 'postgresql://netwhy@db:5432/netwhy'],
    ['postgres://db/netwhy?password=secret', 'postgresql', 'postgresql://db/netwhy'],
  ])('%s is one of %s and shown as %s', (url, provider, shown) => {
    expect(parseDatabaseUrl(url)).toMatchObject({ provider, url, shown });
  });

  test.each(['mysql://root:secret@db/x', 'postgresql://netwhy:secret@db', 'postgres:secret', 'postgresql://netwhy:secret@[/x', 'secret', 'file:', ''])(
    '%j is refused, without showing it',
    (url) => {
      const refused = expect(() => parseDatabaseUrl(url));
      refused.toThrow(expect.objectContaining({ code: 'BAD_CONFIG', hint: expect.stringContaining('postgresql://') }));
      refused.not.toThrow(/secret/);
    },
  );
});

test('a server that does not answer is named without the password', async () => {
  const opening = SnapshotStore.open('postgresql://netwhy:secret@127.0.0.1:1/history');
  await expect(opening).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('postgresql://netwhy@127.0.0.1:1/history') });
  await expect(opening).rejects.not.toThrow(/secret/);
});
