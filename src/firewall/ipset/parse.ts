/** The text of `ipset save`, ipset(8): `create NAME TYPE options` and `add NAME ENTRY options`. */
import type { NamedSet, SetElement } from '../../model/firewall.ts';
import { split } from '../iptables/split.ts';
import { entryKey, prefixOfMask } from './entry.ts';

export interface LineProblem {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

interface OpenSet {
  readonly name: string;
  readonly type: string;
  readonly family: 4 | 6 | undefined;
  readonly dimensions: readonly string[];
  /** Prefix length that addresses are cut to. */
  readonly netmask: number | null;
  readonly elements: SetElement[];
  readonly members: string[];
  dynamic: boolean;
  unknown: string | undefined;
}

const DIMENSIONS = new Set(['ip', 'net', 'port', 'mac', 'iface', 'mark']);

function option(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
}

function create(words: readonly string[]): OpenSet | string {
  const [, name, type, ...rest] = words;
  if (!name || !type) return 'has no name or type';
  const dimensions = type === 'list:set' ? [] : (type.split(':')[1] ?? '').split(',');
  const known = type === 'list:set' || (/^(hash|bitmap):/.test(type) && dimensions.every((dimension) => DIMENSIONS.has(dimension)));
  const addressed = dimensions.some((dimension) => dimension === 'ip' || dimension === 'net');
  const family = !addressed ? undefined : option(rest, 'family') === 'inet6' ? 6 : 4;
  const mask = option(rest, 'netmask') ?? option(rest, 'bitmask');
  const netmask = mask === undefined ? null : prefixOfMask(mask, family ?? 4);
  const markmask = option(rest, 'markmask');
  const timeout = option(rest, 'timeout');
  let unknown: string | undefined;
  if (!known) unknown = `type ${type} is not known`;
  else if (mask !== undefined && netmask === null) unknown = `bitmask ${mask} has holes`;
  else if (markmask !== undefined && !/^0xffffffff$/i.test(markmask)) unknown = `markmask ${markmask}`;
  return { name, type, family, dimensions, netmask, elements: [], members: [], dynamic: timeout !== undefined, unknown };
}

function add(set: OpenSet, words: readonly string[]): string | null {
  const entry = words[2];
  if (!entry) {
    set.unknown ??= 'a member is cut off';
    return 'adds nothing';
  }
  if (set.type === 'list:set') {
    set.members.push(entry);
    return null;
  }
  const rest = words.slice(3);
  const key = entryKey(entry, set, rest.includes('wildcard'));
  if (!key) {
    set.unknown ??= `member ${entry} is not understood`;
    return 'is not understood';
  }
  const nomatch = rest.includes('nomatch');
  set.elements.push(nomatch ? { key, nomatch } : { key });
  if (rest.includes('timeout')) set.dynamic = true;
  return null;
}

/** Never throws. A member that is not understood makes its whole set unknown, a line that might be of any set makes all of them so. */
export function parseIpsetSave(text: string): { sets: Map<string, NamedSet>; problems: LineProblem[] } {
  const open = new Map<string, OpenSet>();
  const problems: LineProblem[] = [];
  let number = 0;
  let astray: string | null = null;
  const lines = text.split('\n');
  for (const raw of lines) {
    number++;
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const problem = (reason: string) => problems.push({ line: number, text: line, reason });
    const words = split(line)?.map((word) => word.text);
    const anySets = (reason: string) => {
      astray ??= `line ${number} ${reason}`;
      problem(reason);
    };
    if (number === lines.length) anySets('is cut off');
    else if (!words) anySets('has a quote that is not closed');
    else if (words[0] === 'create') {
      const set = create(words);
      if (typeof set === 'string') anySets(set);
      else if (open.has(set.name)) anySets('is listed twice');
      else open.set(set.name, set);
    } else if (words[0] === 'add') {
      const set = open.get(words[1] ?? '');
      const reason = set ? add(set, words) : null;
      if (!set) anySets('adds to a set that is not listed');
      else if (reason) problem(reason);
    } else anySets('is neither create nor add');
  }
  const sets = [...open].map(([name, set]): [string, NamedSet] => [name, close(astray === null ? set : { ...set, unknown: set.unknown ?? astray })]);
  return { sets: new Map(sets), problems };
}

function close(set: OpenSet): NamedSet {
  return {
    name: set.name,
    type: set.type,
    ...(set.family ? { family: set.family } : {}),
    elements: set.elements,
    ...(set.type === 'list:set' ? { members: set.members } : {}),
    dynamic: set.dynamic,
    ...(set.unknown === undefined ? {} : { unknown: set.unknown }),
  };
}
