/** JSON of libnftables-json(5), of which nothing is taken for granted. */
export type Json = unknown;
export type JsonObject = Readonly<Record<string, Json>>;

/** Deeper nesting than any rule has; what lies beyond is not read. */
export const DEEPEST = 32;

export function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** The one key of an object that stands for a variant, `{"accept": null}`. */
export function tagged(json: Json): readonly [string, Json] | null {
  if (!isObject(json)) return null;
  for (const key in json) return [key, json[key]];
  return null;
}

export function member(json: Json, key: string): Json {
  return isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined;
}

export function text(json: Json): string | null {
  return typeof json === 'string' ? json : null;
}

/** A string or a list of strings, as flags are printed. */
export function strings(json: Json): readonly string[] {
  if (typeof json === 'string') return [json];
  return Array.isArray(json) ? json.filter((item): item is string => typeof item === 'string') : [];
}

/**
 * Why an item cannot be nft's own and must not be worked on: deeper than any rule, recursion over it would end in an overflow; with keys
 * that JavaScript asks when it makes a word of an object, that would fail.
 */
export function strange(json: Json, left = 2 * DEEPEST): 'is nested too deep' | 'has keys that nft does not use' | null {
  if (typeof json !== 'object' || json === null) return null;
  if (left === 0) return 'is nested too deep';
  if (Object.hasOwn(json, 'toString') || Object.hasOwn(json, 'valueOf')) return 'has keys that nft does not use';
  for (const part of Object.values(json)) {
    const found = strange(part, left - 1);
    if (found) return found;
  }
  return null;
}

/** The JSON itself, cut short, where there is no better text. */
export function verbatim(json: Json): string {
  const whole = JSON.stringify(json) ?? '';
  return whole.length > 300 ? `${whole.slice(0, 300)}…` : whole;
}
