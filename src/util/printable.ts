/** The one place where text from outside becomes text for a person: a terminal, a chat, a model. */

/**
 * Control characters (C0, DEL, C1: they start escape sequences), line and paragraph separators, and the invisible ones that
 * reorder or hide text (UTS 55): all shown as \u{...}. Applied to everything that is printed but colours of our own.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu;

export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\t' ? ' ' : `\\u{${character.codePointAt(0)!.toString(16)}}`));
}

/** At most `width` characters; the middle goes first, because names differ at their ends. */
export function shorten(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width <= 1) return '…'.slice(0, width);
  const tail = Math.floor((width - 1) / 3);
  return `${characters.slice(0, width - 1 - tail).join('')}…${tail ? characters.slice(-tail).join('') : ''}`;
}

/** Names and lines that others chose: escaped, and not longer than a screen. */
export const show = (text: string, width = 400): string => shorten(printable(shorten(text, width * 2)), width);
