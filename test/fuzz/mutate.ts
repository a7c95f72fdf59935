/** Dumps as they come to harm: cut, doubled, swapped, and with words that no program prints. */
import fc from 'fast-check';

/** How many inputs each property tries; a few seconds of work by default. */
export const FUZZ = Number(process.env.NETWHY_FUZZ_RUNS ?? 150);

/** Words that parsers trip over: numbers at their ends, other families, names of JavaScript, quotes. */
const WORDS = [
  '::ffff:192.0.2.1',
  '::ffff:192.0.2.1/96',
  '0.0.0.0/0',
  '256.1.1.1',
  '1.2.3.4/33',
  '-1',
  '0',
  '4294967296',
  '99999999999999999999',
  '1e9',
  '__proto__',
  'constructor',
  '!',
  '"',
  '\\',
  '{',
  '[',
  'null',
  '*',
  '%',
  '\u0000',
  '\u202e',
  'é',
  '-A',
  'COMMIT',
  '-m quantum --spin up',
  '-j QUANTUM',
  'jump',
] as const;

type Mutation = (text: string) => string;

const at = fc.nat(1_000_000);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  // a piece cut out
  fc.tuple(at, fc.nat(60)).map(
    ([i, n]): Mutation =>
      (t) =>
        t.slice(0, i % (t.length + 1)) + t.slice((i % (t.length + 1)) + n),
  ),
  // the end cut off
  at.map(
    (i): Mutation =>
      (t) =>
        t.slice(0, i % (t.length + 1)),
  ),
  // characters put in
  fc.tuple(at, fc.string({ maxLength: 8, unit: 'binary' })).map(
    ([i, s]): Mutation =>
      (t) =>
        t.slice(0, i % (t.length + 1)) + s + t.slice(i % (t.length + 1)),
  ),
  // a word for a word
  fc.tuple(at, fc.constantFrom(...WORDS)).map(
    ([i, w]): Mutation =>
      (t) => {
        const words = t.split(/([\s,:"[\]{}]+)/);
        const place = (2 * i) % words.length;
        return [...words.slice(0, place), w, ...words.slice(place + 1)].join('');
      },
  ),
  // a line twice
  at.map(
    (i): Mutation =>
      (t) => {
        const lines = t.split('\n');
        const place = i % lines.length;
        return [...lines.slice(0, place), lines[place], ...lines.slice(place)].join('\n');
      },
  ),
  // a line gone elsewhere
  fc.tuple(at, at).map(
    ([i, k]): Mutation =>
      (t) => {
        const lines = t.split('\n');
        const [line = ''] = lines.splice(i % lines.length, 1);
        lines.splice(k % (lines.length + 1), 0, line);
        return lines.join('\n');
      },
  ),
);

export const damage: fc.Arbitrary<Mutation> = fc.array(mutation, { minLength: 1, maxLength: 3 }).map(
  (all): Mutation =>
    (text) =>
      all.reduce((t, m) => m(t), text),
);

let tried = 0;
/** Counts an input; fails when one takes longer than anybody waits. */
export function within<T>(work: () => T): T {
  tried++;
  const began = performance.now();
  const result = work();
  const took = performance.now() - began;
  if (took > 5000) throw new Error(`took ${took.toFixed(0)} ms`);
  return result;
}
export const inputs = (): number => tried;
