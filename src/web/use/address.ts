/** Addresses within the page: `#/why?from=web&to=db%3A5432&at=12`. */
export const VIEWS = ['map', 'why', 'time', 'tables'] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  /** What stands behind the view, as `natRules` in `#/tables/natRules`; empty when nothing does. */
  readonly rest: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Null takes a parameter away. */
export type Params = Readonly<Record<string, string | null | undefined>>;

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [first = '', ...rest] = path.split('/');
  const view = VIEWS.find((v) => v === first) ?? 'map';
  return { view, rest: decoded(rest.join('/')), params: Object.fromEntries(new URLSearchParams(query)) };
}

export function formatRoute(view: View, params: Params = {}, rest = ''): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] != null && entry[1] !== '');
  const query = new URLSearchParams(given).toString();
  return `#/${view}${rest && `/${encodeURIComponent(rest)}`}${query && `?${query}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
