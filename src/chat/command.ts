/** What a person typed into a chat. */
import { UserError } from '../model/errors.ts';
import { nearest } from '../util/nearest.ts';

export type Command =
  | { readonly kind: 'why'; readonly from: string; readonly to: string; readonly at: string | null }
  | { readonly kind: 'diff'; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'intents'; readonly at: string | null }
  | { readonly kind: 'help' };

export const USAGE: Readonly<Record<'why' | 'diff' | 'intents', string>> = {
  why: 'why FROM TO:PORT[/udp] [at SNAPSHOT]     for example: why web db:5432 at yesterday',
  diff: 'netdiff [FROM [TO]]                      for example: netdiff yesterday now',
  intents: 'intents [SNAPSHOT]',
};

const NAMES: Readonly<Record<string, Command['kind']>> = { why: 'why', netdiff: 'diff', diff: 'diff', intents: 'intents', help: 'help' };
const MAX_TEXT = 2000;
/** Of `why can't web reach db:5432?`. */
const VERB = /^(reach|talk|connect)$/i;
const FILLER = /^(can|cannot|can't|does|doesn't|not|\?)$/i;
const BETWEEN = new Set(['to', '->', '→', 'and']);

/** Words; those in quotes are one. Throws UserError BAD_ARGUMENT. */
export function wordsOf(text: string): string[] {
  if (text.length > MAX_TEXT) throw new UserError('BAD_ARGUMENT', `That is longer than ${MAX_TEXT} characters.`, 'Ask one question at a time.');
  const plain = text.replace(/[\u201c\u201d\u201e]/g, '"').replace(/[\u2018\u2019]/g, "'");
  const words: string[] = [];
  const pattern = /\s*(?:"([^"]*)"|'([^']*)'|(\S+))/gy;
  for (let found = pattern.exec(plain); found; found = pattern.exec(plain)) words.push(found[1] ?? found[2] ?? found[3]!);
  return words;
}

/** `why web db:5432`, `netdiff yesterday now`, `why can't web reach db:5432?`. Throws UserError BAD_ARGUMENT. */
export function parseCommand(text: string): Command {
  const [name, ...words] = wordsOf(text);
  if (name === undefined) return { kind: 'help' };
  const known = NAMES[name.toLowerCase().replace(/^\//, '')];
  if (known !== undefined) return commandOf(known, words);
  if (words.length > 0 && /^(can|cannot|can't|does|doesn't)$/i.test(name)) return whyOf([name, ...words]);
  throw new UserError(
    'BAD_ARGUMENT',
    `${JSON.stringify(name.slice(0, 100))} is no command.`,
    `Commands: ${Object.keys(NAMES).join(', ')}.`,
    nearest(name, Object.keys(NAMES)),
  );
}

/** `words`: what stands behind the name of a command. Throws UserError BAD_ARGUMENT. */
export function commandOf(kind: Command['kind'], words: readonly string[]): Command {
  if (kind === 'help' || (words.length === 1 && words[0] === 'help')) return { kind: 'help' };
  if (kind === 'why') return whyOf(words);
  const references = ago(words).filter((word) => !BETWEEN.has(word));
  const [first = null, second = null, third] = references;
  if (third !== undefined || (kind === 'intents' && second !== null)) throw wrong(kind, `${JSON.stringify(third ?? second)} is one word too many.`);
  return kind === 'diff' ? { kind, from: first, to: second } : { kind, at: first };
}

function whyOf(words: readonly string[]): Command {
  const place = words.findIndex((word, i) => i > 1 && word === 'at');
  const at = place === -1 ? null : words.slice(place + 1).join(' ');
  if (at === '') throw wrong('why', 'Nothing stands behind `at`.');
  const asked = (place === -1 ? words : words.slice(0, place)).filter((word, i) => !(i === 0 && word === 'from') && !(i > 0 && BETWEEN.has(word)));
  const isSentence = asked.some((word) => VERB.test(word));
  const plain = isSentence ? asked.filter((word) => !VERB.test(word) && !FILLER.test(word)).map((word) => word.replace(/\?$/, '')) : asked;
  const [from, to, port, ...rest] = plain;
  if (from === undefined || to === undefined) throw wrong('why', 'A question needs a source and a target.');
  if (rest.length > 0) throw wrong('why', `${JSON.stringify(rest[0])} is one word too many.`);
  return { kind: 'why', from, to: port === undefined ? to : `${to}${portText(port)}`, at };
}

/** `5432`, `udp/53`, `53/udp` or `icmp` as a word of its own. */
function portText(word: string): string {
  const [, before, number, after] = /^(?:(tcp|udp)\/)?:?(\d{1,5})(?:\/(tcp|udp))?$/i.exec(word) ?? [];
  if (/^icmp$/i.test(word)) return '/icmp';
  if (number === undefined) throw wrong('why', `${JSON.stringify(word.slice(0, 100))} is no port.`);
  const protocol = before ?? after;
  return `:${number}${protocol === undefined ? '' : `/${protocol.toLowerCase()}`}`;
}

/** `1 h ago` and `1h ago` are one word. */
function ago(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const unit = word === 'ago' ? (joined.pop() ?? '') : null;
    const count = unit !== null && /^[a-z]+$/i.test(unit) ? (joined.pop() ?? '') : '';
    joined.push(unit === null ? word : `${count}${unit} ago`);
  }
  return joined;
}

const wrong = (kind: 'why' | 'diff' | 'intents', message: string) => new UserError('BAD_ARGUMENT', message, `Write: ${USAGE[kind].replace(/\s{2,}/g, ', ')}.`);
