/** Columns that text takes on a terminal: UAX 11, for the characters that names are made of. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const NOTHING = /[\p{Mn}\p{Me}]/u;

const widthOf = (character: string): number => (character <= '\u02ff' ? 1 : NOTHING.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

export function columnsOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** At most `width` columns; what is cut off is marked. */
export function fit(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let [kept, used] = ['', 0];
  for (const character of text) {
    used += widthOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

export const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - columnsOf(text)));
