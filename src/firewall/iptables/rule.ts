/** One `-A CHAIN ...` line: header, matches in order, target. */
import type { Statement, Verdict } from '../../model/firewall.ts';
import { unknown, unknownEffect } from '../build.ts';
import type { Extension, Option } from '../extension.ts';
import { MATCHES, TARGETS } from '../registry.ts';
import { HEADER, header } from './header.ts';
import { join, type Word } from './split.ts';

const STANDARD: Readonly<Record<string, Verdict>> = { ACCEPT: { kind: 'accept' }, DROP: { kind: 'drop' }, RETURN: { kind: 'return' } };

/** An extension's words: `-m tcp --dport 80`. */
interface Section {
  readonly extension: Extension | undefined;
  readonly name: string;
  readonly target: boolean;
  readonly options: Option[];
  readonly from: number;
  misread: boolean;
}

export interface ParsedRule {
  readonly statements: readonly Statement[];
  readonly comment: string | null;
}

export function parseRule(words: readonly Word[], family: 4 | 6, chains: ReadonlySet<string>): ParsedRule {
  const statements: Statement[] = [];
  let comment: string | null = null;
  let section: Section | null = null;
  let negate = false;
  let i = 0;
  const close = (to: number) => {
    if (section) statements.push(...meaning(section, join(words.slice(section.from, to)), family));
    section = null;
  };
  const start = (at: number): number => (negate ? at - 1 : at);
  while (i < words.length) {
    const word = words[i]!;
    const name = word.text;
    if (!word.quoted && name === '!') {
      negate = !negate;
      i++;
      continue;
    }
    const next = words[i + 1];
    if (!word.quoted && (name === '-m' || name === '--match' || name === '-j' || name === '--jump' || name === '-g' || name === '--goto')) {
      close(i);
      const target = name !== '-m' && name !== '--match';
      const what = next?.text ?? '';
      if (name === '-g' || name === '--goto') statements.push({ kind: 'verdict', verdict: { kind: 'goto', chain: what } });
      else if (target && chains.has(what)) statements.push({ kind: 'verdict', verdict: { kind: 'jump', chain: what } });
      else if (target && Object.hasOwn(STANDARD, what)) statements.push({ kind: 'verdict', verdict: STANDARD[what]! });
      else if (target && what === 'QUEUE') statements.push({ kind: 'queue', bypass: false, text: 'QUEUE' });
      else section = { extension: (target ? TARGETS : MATCHES).get(what), name: what, target, options: [], from: i, misread: false };
      i += 2;
    } else if (!word.quoted && Object.hasOwn(HEADER, name) && section?.extension?.options !== 'any') {
      const takes = HEADER[name]!;
      close(start(i));
      const parsed = takes === 1 && !next ? null : header(name, next?.text ?? '', negate, family);
      if (parsed) statements.push(...parsed);
      else statements.push(unknown(name, join(words.slice(start(i), i + 1 + takes))));
      i += 1 + takes;
    } else if (section) {
      i = option(section, words, i, negate);
      if (section.name === 'comment') comment = section.options.at(-1)?.words[0] ?? comment;
    } else {
      // words before any extension that are not iptables' own
      statements.push(unknown(name, join(words.slice(start(i), i + 1))));
      i++;
    }
    negate = false;
  }
  close(words.length);
  return { statements, comment };
}

/** Takes one option with its words; returns where to go on. */
function option(section: Section, words: readonly Word[], at: number, negate: boolean): number {
  const name = words[at]!.text;
  const options = section.extension?.options;
  const takes = options === undefined || options === 'any' ? null : Object.hasOwn(options, name) ? options[name]! : undefined;
  if (takes === undefined) section.misread = true;
  if (takes === null || takes === undefined) return at + 1;
  if (at + takes >= words.length) section.misread = true;
  section.options.push({ name, negate, words: words.slice(at + 1, at + 1 + takes).map((word) => word.text) });
  return at + 1 + takes;
}

function meaning(section: Section, text: string, family: 4 | 6): readonly Statement[] {
  const parsed = section.extension && !section.misread ? section.extension.parse(section.options, { family, text }) : null;
  if (parsed) return parsed;
  return [section.target ? unknownEffect(section.name, text) : unknown(section.name, text)];
}
