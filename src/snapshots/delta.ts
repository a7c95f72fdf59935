/** What changed in a host's facts since the snapshot before: whole facts are named by their place, changed texts are patched. */
import { type Fact, factKey as keyOf } from '../model/facts.ts';

/** Runs of pieces of the former text (`[first, count]`), and new text between them. */
export type Patch = readonly (readonly [number, number] | string)[];

/** Runs of facts that are as they were, and others: whole, or as a patch of the former fact of the same source and namespace. */
export type Delta = readonly (readonly [number, number] | { readonly fact: Omit<Fact, 'data'>; readonly data: string | Patch })[];

/** Lines, and the members of JSON documents, which stand on one line. Joined they are the text again. */
function piecesOf(text: string): readonly string[] {
  return text.match(/[^\n,}]*[\n,}]|[^\n,}]+$/g) ?? [];
}

/** Greedy: each piece goes on from the last one copied if it can, else from where it first stood. */
export function patchOf(before: string, after: string): Patch {
  const old = piecesOf(before);
  const first = new Map<string, number>();
  for (let i = old.length - 1; i >= 0; i--) first.set(old[i]!, i);
  const patch: ([number, number] | string)[] = [];
  for (const piece of piecesOf(after)) {
    const last = patch.at(-1);
    const run = typeof last === 'object' ? last : null;
    if (run && old[run[0] + run[1]] === piece) {
      run[1]++;
      continue;
    }
    const at = first.get(piece);
    if (at !== undefined) patch.push([at, 1]);
    else if (typeof last === 'string') patch[patch.length - 1] = last + piece;
    else patch.push(piece);
  }
  return patch;
}

/** As `piecesOf` of the text that they are: what follows an unfinished piece belongs to it. */
function append(pieces: string[], more: readonly string[]): void {
  const last = pieces.at(-1);
  const [first, ...rest] = more;
  if (last === undefined || first === undefined || /[\n,}]$/.test(last)) for (const piece of more) pieces.push(piece);
  else pieces.splice(-1, 1, last + first, ...rest);
}

/** Throws RangeError where the patch is not one of this text. */
function patched(old: readonly string[], patch: Patch): string[] {
  const pieces: string[] = [];
  for (const part of patch) {
    if (typeof part !== 'string' && part[0] + part[1] > old.length) throw new RangeError(`pieces ${part[0]} to ${part[0] + part[1]} of ${old.length}`);
    append(pieces, typeof part === 'string' ? piecesOf(part) : old.slice(part[0], part[0] + part[1]));
  }
  return pieces;
}

function same(a: Fact, b: Fact): boolean {
  return a === b || (a.data === b.data && a.status === b.status && JSON.stringify({ ...a, data: '' }) === JSON.stringify({ ...b, data: '' }));
}

export function deltaOf(before: readonly Fact[], after: readonly Fact[]): Delta {
  const places = new Map(before.map((fact, i) => [keyOf(fact), i]));
  const delta: ([number, number] | { fact: Omit<Fact, 'data'>; data: string | Patch })[] = [];
  for (const fact of after) {
    const at = places.get(keyOf(fact));
    const former = at === undefined ? undefined : before[at];
    const last = delta.at(-1);
    if (at !== undefined && former && same(former, fact)) {
      if (Array.isArray(last) && last[0] + last[1] === at) last[1]++;
      else delta.push([at, 1]);
      continue;
    }
    const { data, ...rest } = fact;
    delta.push({ fact: rest, data: former && former.data !== '' && data !== '' ? patchOf(former.data, data) : data });
  }
  return delta;
}

/** A fact on its way through deltas: its text is in pieces where it was patched, so that it is cut and joined once. */
export interface Draft {
  readonly fact: Fact;
  readonly pieces: readonly string[] | null;
}

export const draftOf = (fact: Fact): Draft => ({ fact, pieces: null });
export const factOf = ({ fact, pieces }: Draft): Fact => (pieces === null ? fact : { ...fact, data: pieces.join('') });

/** Throws RangeError where the delta is not one of these facts. */
export function applyDelta(before: readonly Draft[], delta: Delta): Draft[] {
  const places = new Map(before.map((draft) => [keyOf(draft.fact), draft]));
  return delta.flatMap((part) => {
    if ('fact' in part) {
      if (typeof part.data === 'string') return [draftOf({ ...part.fact, data: part.data })];
      const former = places.get(keyOf(part.fact));
      if (!former) throw new RangeError(`a patch for ${keyOf(part.fact)}, which is not there`);
      return [{ fact: { ...part.fact, data: '' }, pieces: patched(former.pieces ?? piecesOf(former.fact.data), part.data) }];
    }
    const [first, count] = part;
    if (first + count > before.length) throw new RangeError(`facts ${first} to ${first + count} of ${before.length}`);
    return before.slice(first, first + count);
  });
}

/** Nothing to write: every fact as it was, in its old order. */
export function isEmpty(delta: Delta, count: number): boolean {
  const [only] = delta;
  return count === 0 ? delta.length === 0 : delta.length === 1 && Array.isArray(only) && only[0] === 0 && only[1] === count;
}
