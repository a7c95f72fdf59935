/** What must hold whatever the estate: laws that need no kernel to be judged. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { why } from '../../src/engine/index.ts';
import { UserError } from '../../src/model/errors.ts';
import type { EstateFacts, Fact, HostFacts } from '../../src/model/facts.ts';
import type { Question } from '../../src/model/question.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { readRecordings } from '../lab/recordings.ts';
import type { OracleProbe } from '../oracle/classify.ts';
import { corpusFacts, corpusScenarios } from '../support/corpus.ts';
import { Dice } from './dice.ts';

interface Estate {
  readonly name: string;
  readonly facts: EstateFacts;
  readonly questions: readonly Question[];
}

/** What is said of each question, without its text. */
interface Said {
  readonly verdict: string;
  readonly symptom: string;
  readonly disposition: string;
  readonly cause: string | null;
}

const HIDDEN_OF_EACH = 6;

function ask(facts: EstateFacts, questions: readonly Question[]): readonly Said[] {
  const model = buildModel(facts);
  return questions.map((question) => {
    try {
      const { verdict, symptom, disposition, cause } = why(model, question);
      return { verdict, symptom, disposition, cause: cause?.code ?? null };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { verdict: error.code, symptom: '', disposition: '', cause: null };
    }
  });
}

const edited = (facts: EstateFacts, edit: (fact: Fact, host: HostFacts) => Fact): EstateFacts =>
  facts.map((host) => ({ ...host, facts: host.facts.map((fact) => edit(fact, host)) }));

function corpusEstates(every: number): readonly Estate[] {
  return corpusScenarios()
    .filter((_, i) => i % every === 0)
    .map((folder) => {
      const probes = JSON.parse(readFileSync(join(folder, 'probes.json'), 'utf8')) as OracleProbe[];
      const questions = probes.map(
        ({ src, dst, proto, dport, bind }, i): Question => ({
          from: `netns:${src}`,
          to: dst,
          protocol: proto,
          port: dport,
          sourcePort: 20_000 + i,
          ...(bind ? { sourceAddress: bind } : {}),
        }),
      );
      return { name: folder, facts: corpusFacts(folder), questions: questions.filter((_, i) => i % 9 === 0) };
    });
}

let estates: (Estate & { readonly said: readonly Said[] })[];

beforeAll(async () => {
  estates = [];
  let at = 0;
  for await (const { name, facts, truths } of readRecordings()) {
    if (at++ % 3 > 0) continue;
    const questions = truths.filter((_, i) => i % Math.ceil(truths.length / 4) === 0).map(({ question }) => question);
    estates.push({ name, facts, questions, said: ask(facts, questions) });
  }
  for (const estate of corpusEstates(30)) estates.push({ ...estate, said: ask(estate.facts, estate.questions) });
}, 120_000);

/** Estates whose answers differ after the change, as text; `same` compares two answers to one question. */
function broken(change: (estate: Estate) => EstateFacts, same: (before: Said, after: Said) => boolean): string {
  return estates
    .flatMap((estate) => {
      const after = ask(change(estate), estate.questions);
      return estate.said.flatMap((said, i) =>
        same(said, after[i]!) ? [] : [`${estate.name} ${JSON.stringify(estate.questions[i])}\n  ${JSON.stringify(said)}\n  ${JSON.stringify(after[i])}`],
      );
    })
    .join('\n');
}

const equal = (a: Said, b: Said): boolean => JSON.stringify(a) === JSON.stringify(b);
const sameVerdict = (a: Said, b: Said): boolean => a.verdict === b.verdict && a.symptom === b.symptom && a.disposition === b.disposition;

function renamed(facts: EstateFacts, names: ReadonlySet<string>, edge: string, to: (name: string) => string): EstateFacts {
  if (names.size === 0) return facts;
  const escaped = [...names].sort((a, b) => b.length - a.length).map((name) => name.replace(/[^\w-]/g, '\\$&'));
  const all = new RegExp(`(?<![${edge}])(${escaped.join('|')})(?![${edge}])`, 'g');
  return edited(facts, (fact) => (fact.source.startsWith('docker.') ? fact : { ...fact, data: fact.data.replace(all, (_, name: string) => to(name)) }));
}

describe('laws', () => {
  test('a hidden fact may leave an answer open and never turns it round', () => {
    const turned: string[] = [];
    for (const [at, { name, facts, questions, said }] of estates.entries()) {
      const dice = new Dice(at + 1);
      const places = facts.flatMap((host) => host.facts.flatMap((fact) => (fact.status === 'ok' && fact.data !== '' ? [fact] : [])));
      for (const hidden of dice.some(places, HIDDEN_OF_EACH)) {
        const after = ask(
          edited(facts, (fact) => (fact === hidden ? { ...fact, status: 'failed', reason: 'hidden', data: '' } : fact)),
          questions,
        );
        for (const [i, { verdict }] of said.entries()) {
          const now = after[i]!.verdict;
          if ([verdict, now].sort().join() === 'REACHABLE,UNREACHABLE') {
            turned.push(`${name} without ${hidden.source} of ${hidden.netns}: ${verdict} becomes ${now}: ${JSON.stringify(questions[i])}`);
          }
        }
      }
    }
    expect(turned).toEqual([]);
  }, 240_000);

  test('the order of facts changes nothing', () => {
    const shuffled = ({ facts, name }: Estate): EstateFacts => {
      const dice = new Dice(name.length);
      return dice.some(facts, facts.length).map((host) => ({ ...host, facts: dice.some(host.facts, host.facts.length) }));
    };
    expect(broken(shuffled, equal)).toBe('');
  }, 120_000);

  test('an added ACCEPT that no packet reaches changes nothing', () => {
    const accept = (fact: Fact): Fact => {
      if (!/^ip6?tables-/.test(fact.source)) return fact;
      const nobody = fact.source.startsWith('ip6') ? '-s 2001:db8:dead::1/128' : '-s 198.51.100.99/32';
      // -A lines after the last of a chain are its last rules
      return {
        ...fact,
        data: fact.data.replace(/^\*filter\n[\s\S]*?^COMMIT/gm, (table) =>
          table.replace(
            /^COMMIT/m,
            `${['INPUT', 'FORWARD', 'OUTPUT']
              .filter((chain) => table.includes(`\n:${chain} `))
              .map((chain) => `[0:0] -A ${chain} ${nobody} -j ACCEPT\n`)
              .join('')}COMMIT`,
          ),
        ),
      };
    };
    expect(broken(({ facts }) => edited(facts, accept), equal)).toBe('');
  }, 120_000);

  test('other names of interfaces change nothing but text', () => {
    const rename = ({ facts }: Estate): EstateFacts => {
      const names = facts.flatMap((host) =>
        host.facts.filter(({ source, status }) => source === 'ip.addr' && status === 'ok').flatMap(({ data }) => JSON.parse(data) as { ifname: string }[]),
      );
      const own = names.map(({ ifname }) => ifname).filter((name) => /^(eth\d|veth\w+|lan\d|ov\d|vx\d)$/.test(name));
      const wild = ['eth+', 'veth+', 'eth*', 'veth*'];
      return renamed(facts, new Set([...own, ...wild]), '\\w-', (name) => `z${name}`);
    };
    expect(broken(rename, equal)).toBe('');
  }, 120_000);

  test('other names of chains change nothing but text', () => {
    const rename = ({ facts }: Estate): EstateFacts => {
      const lists = facts.flatMap((host) => host.facts.filter(({ source }) => /^ip6?tables-/.test(source)));
      const own = new Set(lists.flatMap(({ data }) => [...data.matchAll(/^:(\S+) - /gm)].map(([, name]) => name!)));
      return renamed(facts, own, '\\w-', (name) => `Z${name}`);
    };
    expect(broken(rename, sameVerdict)).toBe('');
  }, 120_000);
});
