/** Where the snapshots are kept, as a URL. */
import path from 'node:path';
import { UserError } from '../model/errors.ts';

export type Provider = 'sqlite' | 'postgresql';

export type DatabaseUrl =
  | { readonly provider: 'sqlite'; readonly url: string; readonly shown: string; readonly file: string }
  | { readonly provider: 'postgresql'; readonly url: string; readonly shown: string };

const HINT = 'Use file:/path/to/netwhy.db, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE.';

/** `file:PATH` or `postgresql://...`; `shown` has no password in it. Throws UserError BAD_CONFIG, which says nothing of the URL but its scheme. */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  if (text.startsWith('file:') && text.length > 5) return { provider: 'sqlite', url: text, shown: text, file: path.resolve(text.slice(5)) };
  if (!/^postgres(ql)?:/.test(text)) {
    const [, scheme] = /^([a-z][a-z0-9+.-]{0,20}):/i.exec(text) ?? [];
    throw new UserError('BAD_CONFIG', `The database must be a SQLite file or a PostgreSQL server, not ${scheme ? `${scheme}:` : 'a name'}.`, HINT);
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!/^postgres(ql)?:\/\//.test(text) || url === null || url.pathname.length < 2) {
    throw new UserError('BAD_CONFIG', 'The URL of the PostgreSQL database is not complete.', HINT);
  }
  return { provider: 'postgresql', url: text, shown: `postgresql://${url.username && `${url.username}@`}${url.host}${url.pathname}` };
}
