/** What can stand where the cursor is: from the program itself, and from what is there to be named. */
import type { Argument, Command, Option } from 'commander';
import { CHANGE_KINDS } from '../model/change.ts';
import { FINDING_CODES, SEVERITIES } from '../model/finding.ts';
import { ENTITY_KINDS } from '../model/snapshot.ts';
import { printable } from '../util/printable.ts';

export interface Candidate {
  readonly value: string;
  readonly text?: string;
}

/** Names that only the world knows; `files` leaves it to the shell. */
export type Names = 'containers' | 'places' | 'snapshots' | 'hosts' | 'networks' | 'files';

export interface Wanted {
  /** What the word begins with, and what comes before that which is completed, such as `--host=`. */
  readonly prefix: string;
  readonly lead: string;
  readonly fixed: readonly Candidate[];
  readonly names: Names | null;
  /** Options given so far, as commands get them. */
  readonly options: Readonly<Record<string, string>>;
}

const WORDS: Readonly<Record<string, readonly string[]>> = {
  protocol: ['tcp', 'udp', 'icmp'],
  family: ['4', '6'],
  severity: SEVERITIES,
  code: FINDING_CODES,
  verdict: ['reachable', 'unreachable', 'ambiguous', 'undetermined'],
  shell: ['bash', 'zsh', 'fish'],
};
const KINDS: Readonly<Record<string, readonly string[]>> = { diff: CHANGE_KINDS, history: ENTITY_KINDS, search: ENTITY_KINDS };
const NAMES: Readonly<Record<string, Names>> = {
  container: 'containers',
  snapshot: 'snapshots',
  host: 'hosts',
  network: 'networks',
  file: 'files',
  path: 'files',
};
/** Arguments whose name does not tell what they are. */
const ARGUMENTS: Readonly<Record<string, Names>> = {
  'why from': 'places',
  'why to': 'places',
  'diff from': 'snapshots',
  'diff to': 'snapshots',
  'history name': 'containers',
};
const FILES = new Set(['config', 'recording', 'junit', 'batch']);

const long = (option: Option) => option.attributeName().replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const takes = (option: Option | undefined) => option !== undefined && (option.required || option.optional);
const find = (command: Command, word: string) => command.options.find((option) => option.long === word || option.short === word);

function valuesOf(command: Command, key: string): Pick<Wanted, 'fixed' | 'names'> {
  const words = key === 'kind' ? KINDS[command.name()] : WORDS[key];
  const names = NAMES[key === 'name' ? command.name().replace(/s$/, '') : key];
  return { fixed: (words ?? []).map((value) => ({ value })), names: FILES.has(key) ? 'files' : (names ?? null) };
}

/** `words`: behind `netwhy`; the last is the one that is being typed. */
export function wanted(program: Command, words: readonly string[]): Wanted {
  const typed = words.at(-1) ?? '';
  const options: Record<string, string> = {};
  let command = program;
  let place = 0;
  let open: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (open) {
      options[open.attributeName()] = word;
      open = undefined;
    } else if (word.startsWith('-')) {
      const [name, value] = word.split(/=(.*)/s);
      const option = find(command, name ?? '');
      if (option && value !== undefined) options[option.attributeName()] = value;
      else if (takes(option)) open = option;
    } else {
      const sub = command.commands.find((one) => one.name() === word);
      if (sub && place === 0) command = sub;
      else place++;
    }
  }
  const found = { prefix: typed, lead: '', options };
  if (open) return { ...found, ...valuesOf(command, long(open)) };
  const given = /^(--[\w-]+=)(.*)$/s.exec(typed);
  const option = given?.[1] && find(command, given[1].slice(0, -1));
  if (option) return { ...found, lead: given[1]!, prefix: given[2]!, ...valuesOf(command, long(option)) };
  if (typed.startsWith('-')) return { ...found, fixed: optionsOf(command), names: null };
  const subs = place === 0 ? command.commands.filter((one) => !one.name().startsWith('_')) : [];
  const argument: Argument | undefined = command.registeredArguments[place];
  const named = argument ? ARGUMENTS[`${command.name()} ${argument.name()}`] : undefined;
  if (named) return { ...found, fixed: [], names: named };
  if (argument) return { ...found, ...valuesOf(command, argument.name()) };
  return { ...found, fixed: subs.map((one) => ({ value: one.name(), text: one.description() })), names: null };
}

const optionsOf = (command: Command): Candidate[] =>
  [...command.options, ...command.createHelp().visibleOptions(command)]
    .filter((option, i, all) => option.long && all.findIndex((other) => other.long === option.long) === i)
    .map((option) => ({ value: option.long!, text: option.description }));

/** Lines `value<TAB>text`. A name that could act on the terminal or end the line is left out: it cannot be typed anyway. */
export function linesOf(candidates: readonly Candidate[], { prefix, lead }: Pick<Wanted, 'prefix' | 'lead'>): string[] {
  const once = new Map(candidates.map((candidate) => [candidate.value, candidate]));
  return [...once.values()]
    .filter(({ value }) => value.startsWith(prefix) && value !== '' && printable(value) === value)
    .map(({ value, text }) => (text ? `${lead}${value}\t${printable(text)}` : lead + value));
}
