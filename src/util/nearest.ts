/** Candidates most like what was typed, best first: for errors about unknown names. */
export function nearest(text: string, known: readonly string[], limit = 5): string[] {
  const wanted = text.toLowerCase().slice(0, 100);
  const scored = [...new Set(known)].map((name) => ({ name, score: score(wanted, name.toLowerCase().slice(0, 100)) }));
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return scored.slice(0, limit).map(({ name }) => name);
}

function score(wanted: string, name: string): number {
  const contains = wanted !== '' && (name.includes(wanted) || wanted.includes(name));
  return (contains ? 0 : 1000) + distance(wanted, name);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
