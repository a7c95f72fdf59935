/** Names close to one that was mistyped. */

/** Names are hostile and may be 64 kB long: only this much of each is compared. */
const COMPARED = 64;
const SHOWN = 5;

/** Edits from one text to the other; two letters exchanged are one edit (optimal string alignment). */
function distance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = exchanged ? (older[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(change, swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    older = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function score(wanted: string, name: string): number | null {
  const bare = name.replace(/^(host|netns):/, '');
  if (bare === wanted) return 0;
  if (wanted.length > 1 && (bare.startsWith(wanted) || bare.endsWith(`/${wanted}`) || bare.includes(wanted))) return 1;
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const whole = Math.abs(bare.length - wanted.length) > limit ? null : distance(wanted, bare);
  if (whole !== null && whole <= limit) return whole + 1;
  // the beginning of a longer name, mistyped: apii for api-1
  const start = wanted.length > 2 && bare.length > wanted.length ? distance(wanted, bare.slice(0, wanted.length)) : null;
  return start !== null && start <= limit ? start + 2 : null;
}

/** At most five of `names`, the nearest first. */
export function nearest(wanted: string, names: readonly string[]): readonly string[] {
  const target = wanted.slice(0, COMPARED).toLowerCase();
  const scored: { readonly name: string; readonly score: number }[] = [];
  for (const name of new Set(names)) {
    const s = score(target, name.slice(0, COMPARED).toLowerCase());
    if (s !== null) scored.push({ name, score: s });
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return scored.slice(0, SHOWN).map((s) => s.name.slice(0, 200));
}
