/** Expressions in nft's own syntax, as `nft list ruleset` prints them. Null: no better text than the JSON. */
import { DEEPEST, isObject, type Json, member, strings, tagged } from './json.ts';

const QUOTED_META = new Set([
  'iifname',
  'oifname',
  'ibrname',
  'obrname',
  'iifkind',
  'oifkind',
  'iif',
  'oif',
  'iifgroup',
  'oifgroup',
  'time',
  'hour',
  'day',
  'sdifname',
  'sdif',
]);
const UNQUALIFIED_META = new Set(['iif', 'oif', 'iifname', 'oifname', 'iifgroup', 'oifgroup']);
const LISTS = new Set(['state', 'status', 'flags', 'label', 'event']);

interface Style {
  readonly quoted: boolean;
  /** Eight hexadecimal digits. */
  readonly mark: boolean;
  /** Bare hexadecimal, as raw payload. */
  readonly hex: boolean;
}
const PLAIN: Style = { quoted: false, mark: false, hex: false };
const QUOTED: Style = { ...PLAIN, quoted: true };
const MARK: Style = { ...PLAIN, mark: true };
const HEX: Style = { ...PLAIN, hex: true };
const BITWISE = new Set(['&', '|', '^', '<<', '>>']);

export function styleOf(left: Json): Style {
  const [kind, body] = tagged(left) ?? ['', null];
  switch (kind) {
    case 'meta':
    case 'ct': {
      const key = String(member(body, 'key'));
      if (key === 'mark') return MARK;
      return (kind === 'meta' ? QUOTED_META.has(key) : key === 'helper') ? QUOTED : PLAIN;
    }
    case 'fib':
      return member(body, 'result') === 'type' ? PLAIN : QUOTED;
    case 'osf':
      return QUOTED;
    case 'payload':
      return member(body, 'base') === undefined ? PLAIN : HEX;
    default:
      return BITWISE.has(kind) && Array.isArray(body) ? styleOf(body[0]) : PLAIN;
  }
}

export function valueText(json: Json, style: Style, depth = 0): string | null {
  if (typeof json === 'string') return json.startsWith('@') || !style.quoted || /^\d+$/.test(json) ? json : `"${json}"`;
  if (typeof json === 'number') return style.mark ? `0x${json.toString(16).padStart(8, '0')}` : style.hex ? `0x${json.toString(16)}` : String(json);
  if (typeof json === 'boolean') return json ? 'exists' : 'missing';
  if (Array.isArray(json)) return all(json, (part) => valueText(part, style, depth + 1), ',');
  if (depth > DEEPEST || !isObject(json)) return null;
  if (json.range !== undefined) return Array.isArray(json.range) ? all(json.range, (part) => valueText(part, style, depth + 1), '-') : null;
  if (json.prefix !== undefined) return `${member(json.prefix, 'addr')}/${member(json.prefix, 'len')}`;
  if (json.concat !== undefined) return Array.isArray(json.concat) ? all(json.concat, (part) => valueText(part, style, depth + 1), ' . ') : null;
  if (json.set !== undefined) return Array.isArray(json.set) ? braces(all(json.set, (part) => valueText(part, style, depth + 1), ', ')) : null;
  if (json.elem !== undefined) return valueText(member(json.elem, 'val'), style, depth + 1);
  return expressionText(json, depth + 1);
}

export function all(parts: readonly Json[], text: (part: Json) => string | null, separator: string): string | null {
  const texts = parts.map(text);
  return texts.includes(null) ? null : texts.join(separator);
}

const braces = (inner: string | null) => (inner === null ? null : `{ ${inner} }`);

export function expressionText(json: Json, depth = 0): string | null {
  const tag = tagged(json);
  if (!tag || depth > DEEPEST) return valueText(json, PLAIN, depth + 1);
  const [kind, body] = tag;
  const at = (key: string) => member(body, key);
  switch (kind) {
    case 'match':
      return matchText(body, depth);
    case 'meta':
      return UNQUALIFIED_META.has(String(at('key'))) ? String(at('key')) : `meta ${at('key')}`;
    case 'payload':
      return at('base') === undefined ? `${at('protocol')} ${at('field')}` : `@${at('base')},${at('offset')},${at('len')}`;
    case 'ct':
      return at('dir') === undefined ? `ct ${at('key')}` : `ct ${at('dir')} ${at('key')}`;
    case 'fib':
      return `fib ${strings(at('flags')).join(' . ')} ${at('result')}`;
    case 'numgen':
      return `numgen ${at('mode')} mod ${at('mod')}${at('offset') ? ` offset ${at('offset')}` : ''}`;
    case 'jhash':
      return `jhash ${expressionText(at('expr'), depth + 1)} mod ${at('mod')}${typeof at('seed') === 'number' ? ` seed 0x${(at('seed') as number).toString(16)}` : ''}${at('offset') ? ` offset ${at('offset')}` : ''}`;
    case 'symhash':
      return `symhash mod ${at('mod')}${at('offset') ? ` offset ${at('offset')}` : ''}`;
    case 'map':
    case 'vmap':
      return mapText(kind, body, depth);
    case 'concat':
      return Array.isArray(body) ? all(body, (part) => expressionText(part, depth + 1), ' . ') : null;
    case 'exthdr':
      return at('field') === undefined ? `exthdr ${at('name')}` : `${at('name')} ${at('field')}`;
    case 'tcp option':
    case 'ip option':
    case 'sctp chunk':
      return [kind, at('name'), at('field')].filter((part) => part !== undefined).join(' ');
    case 'rt':
      return at('family') === undefined ? `rt ${at('key')}` : `rt ${at('family')} ${at('key')}`;
    case 'socket':
    case 'osf':
      return `${kind} ${at('key')}`;
    case 'ipsec':
      return `ipsec ${at('dir')} ${at('key')}`;
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>': {
      if (!Array.isArray(body)) return null;
      const style = kind === '<<' || kind === '>>' ? PLAIN : styleOf(json);
      return all(body, (part) => (tagged(part) ? expressionText(part, depth + 1) : valueText(part, style, depth + 1)), ` ${kind} `);
    }
    default:
      return ['prefix', 'range', 'set', 'elem'].includes(kind) ? valueText(json, PLAIN, depth + 1) : null;
  }
}

/** Styles of the parts of a key, one for each. */
function keyStyles(key: Json): readonly Style[] {
  const concat = member(key, 'concat');
  return Array.isArray(concat) ? concat.map(styleOf) : [styleOf(key)];
}

function elementText(json: Json, styles: readonly Style[], depth: number): string | null {
  const inner = isObject(json) && json.elem !== undefined ? member(json.elem, 'val') : json;
  const concat = member(inner, 'concat');
  if (!Array.isArray(concat)) return valueText(inner, styles[0] ?? PLAIN, depth);
  const texts = concat.map((part, i) => valueText(part, styles[i] ?? PLAIN, depth));
  return texts.includes(null) ? null : texts.join(' . ');
}

function mapText(kind: string, body: Json, depth: number): string | null {
  const key = expressionText(member(body, 'key'), depth + 1);
  const data = member(body, 'data');
  if (key === null) return null;
  if (typeof data === 'string') return `${key} ${kind} ${data}`;
  const pairs = member(data, 'set');
  if (!Array.isArray(pairs)) return null;
  const styles = keyStyles(member(body, 'key'));
  const texts = all(
    pairs,
    (pair) => {
      if (!Array.isArray(pair)) return null;
      const [from, to] = [elementText(pair[0], styles, depth + 1), verdictText(pair[1]) ?? valueText(pair[1], PLAIN, depth + 1)];
      return from === null || to === null ? null : `${from} : ${to}`;
    },
    ', ',
  );
  return texts === null ? null : `${key} ${kind} { ${texts} }`;
}

export function verdictText(json: Json): string | null {
  const [kind, body] = tagged(json) ?? ['', null];
  if (kind === 'accept' || kind === 'drop' || kind === 'continue' || kind === 'return') return kind;
  return kind === 'jump' || kind === 'goto' ? `${kind} ${member(body, 'target')}` : null;
}

function matchText(body: Json, depth: number): string | null {
  const [op, left, right] = [String(member(body, 'op') ?? '=='), member(body, 'left'), member(body, 'right')];
  const [kind, parts] = tagged(left) ?? ['', null];
  const styles = keyStyles(left);
  const written = member(right, 'set');
  const value = Array.isArray(written) ? braces(all(written, (part) => elementText(part, styles, depth + 1), ', ')) : elementText(right, styles, depth + 1);
  if (value === null) return null;
  if (kind === '&' && Array.isArray(parts) && member(member(parts[0], 'payload'), 'field') === 'flags') {
    const mask = valueText(parts[1], PLAIN, depth + 1);
    return `${expressionText(parts[0], depth + 1)} ${op === '!=' ? '!= ' : ''}${value} / ${mask}`;
  }
  const text = expressionText(left, depth + 1);
  if (text === null) return null;
  const flags = LISTS.has(String(member(parts, 'key') ?? member(parts, 'field')));
  const implicit = op === 'in' || (op === '==' && kind !== '&' && kind !== '|' && kind !== '^' && (!flags || isObject(right) || String(right).startsWith('@')));
  return `${text} ${implicit ? '' : `${op} `}${value}`;
}
