/** What is said, before any chat has a say in how it looks. */
export interface Message {
  /** Word and symbol first: colour says nothing to some. */
  readonly title: string;
  /** Of an answer. */
  readonly verdict: string | null;
  /** Whether it is for all who can read, or for who asked alone. */
  readonly audience: 'all' | 'asker';
  readonly parts: readonly Part[];
  /** The page that shows it; null where nobody said by what name people reach it. */
  readonly link: string | null;
}

export type Part =
  | { readonly kind: 'text'; readonly label: string | null; readonly text: string }
  /** Lines to be read or copied as they are. */
  | { readonly kind: 'code'; readonly label: string; readonly lines: readonly string[] };

export const text = (said: string, label: string | null = null): Part => ({ kind: 'text', label, text: said });
export const code = (label: string, lines: readonly string[]): Part[] => (lines.length > 0 ? [{ kind: 'code', label, lines }] : []);
