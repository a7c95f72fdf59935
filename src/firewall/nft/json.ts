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

/** Deeper than any rule of nft's own; recursion over it would end in an overflow. */
export function tooDeep(json: Json, left = 2 * DEEPEST): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return left === 0 || Object.values(json).some((part) => tooDeep(part, left - 1));
}

/** The JSON itself, cut short, where there is no better text. */
export function verbatim(json: Json): string {
  const whole = JSON.stringify(json) ?? '';
  return whole.length > 300 ? `${whole.slice(0, 300)}…` : whole;
}
