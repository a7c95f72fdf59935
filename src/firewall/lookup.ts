/** Finds a key among the elements of a set or map. */
import type { SetElement } from '../model/firewall.ts';
import { boundedAmong, holds } from './compare.ts';
import type { Indefinite, Result } from './result.ts';

/** `element` null: not there. `candidates`: some of them, or none when `orNone`, depending on what is not known. */
export type Found =
  | { readonly kind: 'one'; readonly element: SetElement }
  | { readonly kind: 'none' }
  | { readonly kind: 'many'; readonly candidates: readonly SetElement[]; readonly orNone: boolean; readonly because: Indefinite };

const NONE: Found = { kind: 'none' };
const FEW = 8;

/** Elements with one value a dimension by that value, and the rest: ranges and name patterns. */
interface Index {
  readonly exact: ReadonlyMap<bigint | string, SetElement>;
  readonly wide: readonly SetElement[];
}
const indexes = new WeakMap<readonly SetElement[], Index>();

function exactKey(element: SetElement): bigint | string | null {
  const parts: (bigint | string)[] = [];
  for (const value of element.key) {
    if ('ifname' in value) {
      if (value.ifname.endsWith('*')) return null;
      parts.push(value.ifname);
    } else if (value.from === value.to) parts.push(value.from);
    else return null;
  }
  return parts.length === 1 ? parts[0]! : parts.join(' ');
}

function indexOf(elements: readonly SetElement[]): Index {
  let index = indexes.get(elements);
  if (!index) {
    const exact = new Map<bigint | string, SetElement>();
    const wide: SetElement[] = [];
    for (const element of elements) {
      const key = exactKey(element);
      if (key === null) wide.push(element);
      else if (!exact.has(key)) exact.set(key, element);
    }
    index = { exact, wide };
    indexes.set(elements, index);
  }
  return index;
}

function fits(element: SetElement, key: readonly Result[]): boolean {
  if (element.key.length !== key.length) return false;
  for (let i = 0; i < key.length; i++) {
    const actual = key[i]!;
    if (typeof actual === 'object' || !holds(element.key[i]!, actual)) return false;
  }
  return true;
}

/** As `fits`, but what is not known may be anything within its bounds. */
function mayFit(element: SetElement, key: readonly Result[]): boolean {
  if (element.key.length !== key.length) return false;
  return key.every((actual, i) => {
    const value = element.key[i]!;
    if (actual === null) return false;
    if (typeof actual !== 'object') return holds(value, actual);
    if (actual.from === undefined || actual.to === undefined) return true;
    return !('ifname' in value) && value.to >= actual.from && value.from <= actual.to;
  });
}

/** Whether elements with a single chance dimension leave no number of its range out. */
function covers(candidates: readonly SetElement[], key: readonly Result[], because: Indefinite): boolean {
  const { from, to } = because;
  if (from === undefined || to === undefined) return false;
  const at = key.indexOf(because);
  const ranges = candidates
    .flatMap((c) => ('ifname' in c.key[at]! ? [] : [c.key[at] as { from: bigint; to: bigint }]))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  let next = from;
  for (const r of ranges) {
    if (r.from > next) return false;
    if (r.to >= next) next = r.to + 1n;
  }
  return next > to;
}

/** A part of the key that is absent (null) must be handled before: then the rule does not match at all. */
export function find(elements: readonly SetElement[], key: readonly Result[]): Found {
  const unknowns = key.filter((part): part is Indefinite => part !== null && typeof part === 'object');
  const because = unknowns[0];
  if (because) {
    const candidates = elements.filter((element) => mayFit(element, key));
    const at = key.indexOf(because);
    const values = candidates.map(({ key: parts }) => parts[at]!);
    if (candidates.length === 0 || (because.spread && boundedAmong(values, because) === 'none')) return NONE;
    return { kind: 'many', candidates, orNone: unknowns.length > 1 || !covers(candidates, key, because), because };
  }
  if (elements.length <= FEW) return scan(elements, key);
  const index = indexOf(elements);
  const exact = index.exact.get(key.length === 1 ? (key[0] as bigint | string) : key.join(' '));
  return exact && fits(exact, key) ? { kind: 'one', element: exact } : scan(index.wide, key);
}

function scan(elements: readonly SetElement[], key: readonly Result[]): Found {
  for (const element of elements) if (fits(element, key)) return { kind: 'one', element };
  return NONE;
}
