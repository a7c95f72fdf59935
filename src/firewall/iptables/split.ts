/** Words of one line of iptables-save: blanks separate, double quotes hold together, a backslash takes the next character as it is. */

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** Words, or null when a quote is not closed. */
export function split(line: string): Word[] | null {
  const words: Word[] = [];
  let i = 0;
  while (i < line.length) {
    const c = line.charCodeAt(i);
    if (c === 32 || c === 9) {
      i++;
      continue;
    }
    if (c !== 34) {
      let end = i;
      while (end < line.length && line.charCodeAt(end) !== 32 && line.charCodeAt(end) !== 9) end++;
      words.push({ text: line.slice(i, end), quoted: false });
      i = end;
      continue;
    }
    let text = '';
    let closed = false;
    for (i++; i < line.length; i++) {
      const d = line[i]!;
      if (d === '"') {
        closed = true;
        break;
      }
      if (d === '\\' && i + 1 < line.length) i++;
      text += line[i]!;
    }
    if (!closed) return null;
    i++;
    words.push({ text, quoted: true });
  }
  return words;
}

/** Words of an extension as they stood, for a person. */
export function join(words: readonly Word[]): string {
  return words.map((word) => (word.quoted ? `"${word.text.replace(/["\\]/g, '\\$&')}"` : word.text)).join(' ');
}
