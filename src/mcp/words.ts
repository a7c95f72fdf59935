/** The text beside a result: few sentences that can be quoted, each with the ids of what backs it. */
import { show } from '../util/printable.ts';

export interface Line {
  /** What it is, in words of netwhy's own. */
  readonly label: string;
  /** May hold names, comments and rules that others wrote: it is quoted, as data. */
  readonly says: string;
  /** Ids that stand in the structured result or name a resource. */
  readonly backedBy: readonly string[];
}

/** Bytes of all lines together. */
const ROOM = 1024;
const MAX_SAYS = 320;
const MAX_IDS = 4;

const lineText = ({ label, says, backedBy }: Line) => {
  const more = backedBy.length > MAX_IDS ? ` and ${backedBy.length - MAX_IDS} more` : '';
  return `${label}: ${JSON.stringify(show(says, MAX_SAYS))} [${backedBy
    .slice(0, MAX_IDS)
    .map((id) => show(id, 120))
    .join(', ')}${more}]`;
};

/** As many lines as there is room for; the first always. The last line says that there are more. */
export function textOf(lines: readonly Line[]): string {
  if (lines.length === 0) return '(nothing)';
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const text = lineText(line);
    bytes += Buffer.byteLength(text) + 1;
    if (kept.length > 0 && bytes > ROOM) return [...kept, `(${lines.length - kept.length} more in the structured result)`].join('\n');
    kept.push(text);
  }
  return kept.join('\n');
}

/** How to get the rest of a list. */
export const pageLine = (
  { totalCount, hasNextPage, endCursor }: { readonly totalCount: number; readonly hasNextPage: boolean; readonly endCursor: string | null },
  shown: number,
): Line[] =>
  hasNextPage
    ? [{ label: `${shown} of ${totalCount} shown`, says: 'for the next page give `after`, or narrow the filter', backedBy: [`after=${endCursor}`] }]
    : [];
