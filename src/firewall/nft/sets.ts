/** Named sets and maps of `nft -j`. */
import type { NamedSet } from '../../model/firewall.ts';
import { mapElements, setElements } from './elements.ts';
import { toKey } from './expression.ts';
import { type Json, type JsonObject, member, strings } from './json.ts';

/** Types of a key or value: a name, a list of names, `a . b`, or `{"typeof": expression}`. */
function typesOf(json: Json): readonly string[] {
  const expression = member(json, 'typeof');
  if (expression !== undefined) return toKey(expression, []).map((part) => part.type);
  return strings(json).flatMap((text) => text.split(' . '));
}

export function namedSet(kind: 'set' | 'map', body: JsonObject, name: string): NamedSet {
  const types = typesOf(body.type);
  const flags = strings(body.flags);
  const listed = body.elem ?? [];
  const data = kind === 'map' ? typesOf(body.map) : [];
  const elements = kind === 'set' ? setElements(listed, types) : mapElements(listed, types, data[0] === 'verdict' ? null : data);
  return {
    name,
    type: types.join(' . '),
    elements: elements ?? [],
    dynamic: flags.includes('dynamic') || flags.includes('timeout'),
    ...(elements === null ? { unknown: 'an element is not understood' } : {}),
  };
}
