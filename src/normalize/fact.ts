/** Reading one fact: what is missing, failed or not understood becomes a gap. */
import { z } from 'zod';
import type { Gap, Known } from '../model/evidence.ts';
import type { Fact, FactSource } from '../model/facts.ts';

/** Thrown by the parsers of this folder for text that does not say what it should; `reader` turns it into a gap. */
export class Unreadable extends Error {}

export type FactIndex = (source: FactSource, netns: string | null) => Fact | undefined;

const RANK: Readonly<Record<Fact['status'], number>> = { ok: 0, failed: 1, absent: 2 };

/** The order of facts does not matter: of two with the same source and place, one is chosen by what it says. */
function better(a: Fact, b: Fact): Fact {
  const rank = RANK[a.status] - RANK[b.status];
  if (rank !== 0) return rank < 0 ? a : b;
  return a.data <= b.data ? a : b;
}

export function indexFacts(facts: readonly Fact[]): FactIndex {
  const index = new Map<string, Fact>();
  for (const fact of facts) {
    const key = `${fact.source} ${fact.netns ?? ''}`;
    const other = index.get(key);
    index.set(key, other ? better(other, fact) : fact);
  }
  return (source, netns) => index.get(`${source} ${netns ?? ''}`);
}

export interface Reader {
  readonly gap: (source: FactSource, reason: string) => Gap;
  /** `whenAbsent`: what the absence of the thing means; without it an absent fact is a gap. */
  readonly read: <T>(source: FactSource, parse: (data: string) => T, whenAbsent?: T) => Known<T>;
  readonly fact: (source: FactSource) => Fact | undefined;
}

function why(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    return `/${issue?.path.map(String).join('/') ?? ''}: ${issue?.message ?? 'not as expected'}`;
  }
  if (error instanceof Unreadable || error instanceof SyntaxError) return error.message;
  throw error;
}

/** `inode` selects the facts, `place` is what a person calls the namespace; gaps are collected in `gaps`. */
export function reader(host: string, index: FactIndex, inode: string | null, place: string | null, gaps: Gap[]): Reader {
  const gap = (source: FactSource, reason: string): Gap => {
    const made: Gap = { host, netns: place, source, reason };
    gaps.push(made);
    return made;
  };
  const fact = (source: FactSource) => index(source, inode);
  return {
    gap,
    fact,
    read(source, parse, whenAbsent) {
      const found = fact(source);
      if (!found) return { known: false, gap: gap(source, 'was not asked: collect it') };
      if (found.status === 'failed') return { known: false, gap: gap(source, found.reason ?? 'failed without a reason') };
      if (found.status === 'absent') {
        return whenAbsent === undefined ? { known: false, gap: gap(source, found.reason ?? 'is not there') } : { known: true, value: whenAbsent };
      }
      try {
        const value = parse(found.data);
        // an answer with a reason is an answer in part
        if (found.reason) gap(source, found.reason);
        return { known: true, value };
      } catch (error) {
        return { known: false, gap: gap(source, `could not be understood: ${why(error)}`) };
      }
    },
  };
}

/** A JSON array of objects as iproute2 prints it: nothing at all for an empty list, `{}` for what a filter left out. */
export function jsonList<T>(data: string, entry: z.ZodType<T>): { readonly at: string; readonly value: T }[] {
  if (data.trim() === '') return [];
  const list = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(data));
  const entries: { at: string; value: T }[] = [];
  for (const [i, item] of list.entries()) {
    if (Object.keys(item).length === 0) continue;
    const result = entry.safeParse(item);
    if (!result.success) throw new Unreadable(`/${i}${why(result.error)}`);
    entries.push({ at: `/${i}`, value: result.data });
  }
  return entries;
}

/** Compares by code unit: the same everywhere, unlike localeCompare. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
