/** Results for a model: what hides or reorders text is shown as \u{...}, and nothing is longer than it can be read. */
import { printable, shorten } from '../util/printable.ts';

const MAX_TEXT = 1000;
const MAX_ITEMS = 100;
/** Cuts that are named; the others are counted. */
const MAX_NAMED = 20;

export interface Bounded {
  readonly value: unknown;
  /** What was cut, as `items.3.labels: 100 of 4000`. */
  readonly cut: readonly string[];
}

export function bounded(whole: unknown): Bounded {
  const cuts: string[] = [];
  const of = (value: unknown, where: string): unknown => {
    if (typeof value === 'string') {
      const short = shorten(value, MAX_TEXT);
      if (short !== value) cuts.push(`${where}: ${MAX_TEXT} of ${value.length} characters`);
      return printable(short);
    }
    if (Array.isArray(value)) {
      if (value.length > MAX_ITEMS) cuts.push(`${where}: ${MAX_ITEMS} of ${value.length}`);
      return value.slice(0, MAX_ITEMS).map((item, i) => of(item, `${where}.${i}`));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [[printable(shorten(key, 200)), of(item, where === '' ? key : `${where}.${key}`)]],
      ),
    );
  };
  const value = of(whole, '');
  const more = cuts.length - MAX_NAMED;
  const named = cuts.slice(0, MAX_NAMED).map((cut) => printable(shorten(cut, 200)));
  return { value, cut: more > 0 ? [...named, `and ${more} more`] : named };
}
