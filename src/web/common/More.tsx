import type { Pages } from '../use/pages.ts';
import { Failed } from './State.tsx';

/** The rest of a list that is shown page by page. */
export function More({ pages, what }: { readonly pages: Pages<unknown, unknown>; readonly what: string }) {
  const left = pages.totalCount - pages.nodes.length;
  if (pages.problem) return <Failed problem={pages.problem} again={pages.more} />;
  if (!pages.hasMore) return null;
  return (
    <button type="button" onClick={pages.more} disabled={pages.busy}>
      {pages.busy ? 'Loading…' : `Show more (${left.toLocaleString()} ${what} left)`}
    </button>
  );
}
