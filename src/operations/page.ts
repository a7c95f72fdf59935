import { UserError } from '../model/errors.ts';

/** Entries of a page that a door gives, unless it is asked for another size, and at most. */
export const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1000;

export interface PageInput {
  readonly first?: number | null;
  readonly after?: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly cursors: readonly string[];
  readonly totalCount: number;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

const PREFIX = 'after:';
const encode = (id: string) => Buffer.from(PREFIX + id).toString('base64url');

function decode(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith(PREFIX) || encode(text.slice(PREFIX.length)) !== cursor) throw badCursor(cursor);
  return text.slice(PREFIX.length);
}

const badCursor = (cursor: string) =>
  new UserError(
    'BAD_CURSOR',
    `${JSON.stringify(cursor.slice(0, 100))} is not a cursor of this list.`,
    'Use `endCursor` of the page before, with the same filter; if the estate has changed since, start again or read a snapshot.',
  );

/** Cursors are made of ids: they stay good while the list grows or shrinks elsewhere. */
export function paginate<T>(all: readonly T[], idOf: (item: T) => string, { first, after }: PageInput): Page<T> {
  if (first != null && (!Number.isInteger(first) || first < 0 || first > MAX_PAGE)) {
    throw new UserError('BAD_ARGUMENT', `first: ${first} is not a page size.`, `Use 0 to ${MAX_PAGE}.`);
  }
  let start = 0;
  if (after != null) {
    const id = decode(after);
    start = all.findIndex((item) => idOf(item) === id) + 1;
    if (start === 0) throw badCursor(after);
  }
  const items = first == null ? all.slice(start) : all.slice(start, start + first);
  const cursors = items.map((item) => encode(idOf(item)));
  const place = {
    hasPreviousPage: start > 0,
    hasNextPage: start + items.length < all.length,
    startCursor: cursors[0] ?? null,
    endCursor: cursors.at(-1) ?? null,
  };
  return { items, cursors, totalCount: all.length, ...place };
}
