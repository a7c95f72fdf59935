/** Every listing of real engines and hosts that stands beside the project: read whole, nothing unknown. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseIptablesSave } from '../../src/firewall/iptables/parse.ts';
import { parseNftJson } from '../../src/firewall/nft/parse.ts';
import type { Statement, Table } from '../../src/model/firewall.ts';

const FIXTURES = resolve('../shared/fixtures');
const here = existsSync(FIXTURES) ? describe : describe.skip;

function files(folder: string, suffix: RegExp): string[] {
  if (!existsSync(join(FIXTURES, folder))) return [];
  return readdirSync(join(FIXTURES, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => suffix.test(name))
    .map((name) => join(FIXTURES, folder, name))
    .sort();
}

function statements(tables: readonly Table[]): readonly [string, Statement][] {
  return tables.flatMap((table) =>
    [...table.chains.values()].flatMap((chain) => chain.rules.flatMap((rule) => rule.statements.map((s) => [rule.text, s] as [string, Statement]))),
  );
}

/** Unknown statements, expressions and sets, with the rule they stand in. */
function unknowns(tables: readonly Table[]): readonly string[] {
  const text = (value: unknown) => JSON.stringify(value, (_k, v) => (typeof v === 'bigint' ? `${v}` : v));
  const inRules = statements(tables).filter(([, s]) => text(s).includes('"kind":"unknown"'));
  return [...inRules.map(([rule]) => rule), ...tables.flatMap((t) => [...t.sets.values()].filter((s) => s.unknown !== undefined).map((s) => s.name))];
}

function save(file: string) {
  const name = basename(file);
  return parseIptablesSave(readFileSync(file, 'utf8'), {
    backend: name.includes('legacy') ? 'iptables-legacy' : 'iptables-nft',
    family: name.includes('ip6tables') ? 6 : 4,
    source: 'test',
  });
}

here('iptables-save', () => {
  test.each([
    ['moby/docker-v29.7.2', /ip6?tables\.golden$/, 170],
    ['moby/v28.5.2', /ip6?tables\.golden$/, 230],
    ['engines', /ip6?tables.*save\.txt$/, 12],
    ['hosts-20.10', /ip6?tables-save\.txt$/, 14],
  ] as const)('%s', (folder, suffix, atLeast) => {
    const found = files(folder, suffix);
    expect(found.length).toBeGreaterThanOrEqual(atLeast);
    let rules = 0;
    for (const file of found) {
      const { tables, problems } = save(file);
      expect({ file, problems, unknown: unknowns(tables) }).toEqual({ file, problems: [], unknown: [] });
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /^(\[\d+:\d+\] )?-A /.test(line)).length;
      const parsed = tables.reduce((sum, table) => sum + [...table.chains.values()].reduce((n, chain) => n + chain.rules.length, 0), 0);
      expect({ file, rules: parsed }).toEqual({ file, rules: lines });
      rules += parsed;
    }
    expect(rules).toBeGreaterThan(0);
  });
});

/** The tables that iptables-save of the same folder prints. */
function savedBeside(file: string): ReadonlySet<string> {
  const names = readdirSync(dirname(file)).filter((name) => /^ip6?tables(-nft)?-save\.txt$/.test(name));
  return new Set(names.flatMap((name) => save(join(dirname(file), name)).tables.map((table) => `${table.family} ${table.name}`)));
}

/** The text of a rule with the numbers of its counter left out. */
const plain = (line: string) =>
  line
    .replace(/counter packets \d+ bytes \d+/, 'counter')
    .replace(/ +/g, ' ')
    .trim();

here('nft', () => {
  test.each([
    ['moby/docker-v29.7.2-nftjson', /\.json$/, 220],
    ['engines', /nft-ruleset\.json$/, 5],
    ['hosts-20.10', /nft\.json$/, 7],
  ] as const)('%s', (folder, suffix, atLeast) => {
    const found = files(folder, suffix);
    expect(found.length).toBeGreaterThanOrEqual(atLeast);
    for (const file of found) {
      const owned = savedBeside(file);
      const { tables, problems } = parseNftJson(readFileSync(file, 'utf8'), { source: 'nft', skip: (family, name) => owned.has(`${family} ${name}`) });
      expect({ file, problems, unknown: unknowns(tables) }).toEqual({ file, problems: [], unknown: [] });
    }
  });

  test('rules are told in the words that nft list printed', () => {
    let compared = 0;
    for (const file of files('moby/docker-v29.7.2-nftjson', /\.json$/)) {
      const golden = join(FIXTURES, 'moby/docker-v29.7.2', basename(file).replace(/\.json$/, '.golden'));
      if (!existsSync(golden)) continue;
      const { tables } = parseNftJson(readFileSync(file, 'utf8'), { source: 'nft' });
      const ours = tables.flatMap((table) => [...table.chains.values()].flatMap((chain) => chain.rules.map((rule) => rule.text)));
      const theirs = readFileSync(golden, 'utf8')
        .split('\n')
        .filter((line) => /^\t\t(?!type |elements |flags |\t)/.test(line))
        .map(plain);
      expect({ file, rules: [...ours].sort() }).toEqual({ file, rules: theirs.sort() });
      compared += theirs.length;
    }
    expect(compared).toBeGreaterThan(1000);
  });
});
