/** Elements of sets and maps, named or written out in a rule. */
import type { SetElement, Verdict } from '../../model/firewall.ts';
import { isObject, type Json, member, tagged, text } from './json.ts';
import { isCatchAll, key } from './values.ts';

/** Null: one of them was not understood, and so the whole is not known. */
export function setElements(json: Json, types: readonly string[]): readonly SetElement[] | null {
  if (!Array.isArray(json)) return null;
  const elements: SetElement[] = [];
  let rest: SetElement | null = null;
  for (const item of json) {
    const values = key(item, types);
    if (values === null) return null;
    if (isCatchAll(item)) rest = { key: values };
    else elements.push({ key: values });
  }
  return rest ? [...elements, rest] : elements;
}

/** Pairs of key and value; `data` null: the values are verdicts. */
export function mapElements(json: Json, types: readonly string[], data: readonly string[] | null): readonly SetElement[] | null {
  if (!Array.isArray(json)) return null;
  const elements: SetElement[] = [];
  let rest: SetElement | null = null;
  for (const item of json) {
    if (!Array.isArray(item) || item.length !== 2) return null;
    const values = key(item[0], types);
    if (values === null) return null;
    const element = valued(values, item[1], data);
    if (element === null) return null;
    if (isCatchAll(item[0])) rest = element;
    else elements.push(element);
  }
  return rest ? [...elements, rest] : elements;
}

function valued(values: SetElement['key'], json: Json, data: readonly string[] | null): SetElement | null {
  if (data === null) {
    const reached = verdict(json);
    return reached && { key: values, verdict: reached };
  }
  // a map written out does not name its type: as many parts as there are, the first as expected
  const concat = member(json, 'concat');
  const types = Array.isArray(concat) && concat.length !== data.length ? concat.map((_, i) => data[i] ?? 'inet_service') : data;
  const parsed = key(json, types);
  return parsed && { key: values, data: parsed };
}

export function verdict(json: Json): Verdict | null {
  const tag = tagged(json);
  if (!tag) return null;
  const [kind, body] = tag;
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'continue':
    case 'return':
      return { kind };
    case 'jump':
    case 'goto': {
      const chain = isObject(body) ? text(body.target) : null;
      return chain === null ? null : { kind, chain };
    }
    default:
      return null;
  }
}
