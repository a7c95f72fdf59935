/** The rule sets of Docker's own tests, loaded into the kernel and read back as any namespace is: the same rules. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { netnsFacts } from '../../src/collectors/netns-facts.ts';
import { readNamespaces } from '../../src/collectors/transport/helper.ts';
import type { Fact } from '../../src/model/facts.ts';
import type { Table } from '../../src/model/firewall.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { fact, hostFacts } from '../support/estate.ts';

const GOLDENS = '../shared/fixtures/moby';
const AT_A_TIME = 40;
const TIMEOUT = 10_000;
const group = process.getuid?.() === 0 && existsSync(GOLDENS) ? describe : describe.skip;

interface Golden {
  readonly file: string;
  readonly restore: readonly string[];
  readonly text: string;
  /** What the project reads out of the golden itself. */
  readonly facts: readonly Fact[];
}

function golden(folder: string, file: string): Golden {
  const text = readFileSync(join(GOLDENS, folder, file), 'utf8');
  const v6 = /__ip6/.test(file);
  if (/tables\.golden$/.test(file))
    return { file, restore: [v6 ? 'ip6tables-nft-restore' : 'iptables-nft-restore'], text, facts: [fact(v6 ? 'ip6tables-nft' : 'iptables-nft', text, '1')] };
  // nft 1.0.6 knows the name of this priority at other hooks only
  const loadable = text.replaceAll('hook output priority dstnat', 'hook output priority -100');
  const json = readFileSync(join(GOLDENS, `${folder}-nftjson`, file.replace(/\.golden$/, '.json')), 'utf8');
  return { file, restore: ['nft', '-f', '-'], text: loadable, facts: [fact('nft', json, '1')] };
}

function goldens(folder: string): readonly Golden[] {
  const seen = new Set<string>();
  return readdirSync(join(GOLDENS, folder))
    .filter((file) => file.endsWith('.golden'))
    .map((file) => golden(folder, file))
    .filter(({ text, restore }) => {
      const hash = createHash('sha256').update(`${restore} ${text}`).digest('hex');
      return !seen.has(hash) && seen.add(hash);
    });
}

/** Rules and policies without what counts, numbers or places them. */
function meaning(facts: readonly Fact[]) {
  const [netns] = [...buildModel([hostFacts({ name: 'h', namespaces: [{ inode: '1', kind: 'host' }], instead: facts })]).namespaces.values()];
  expect(netns!.firewall.gaps).toEqual([]);
  const policy = ({ policy, hook, priority, type }: NonNullable<ReturnType<Table['chains']['get']>>['base'] & object) => ({ policy, hook, priority, type });
  return netns!.firewall.tables
    .map((table) => ({
      table: `${table.backend} ${table.family} ${table.name}`,
      sets: [...table.sets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      chains: [...table.chains.values()]
        .map(({ name, base, rules }) => ({ name, base: base && policy(base), rules: rules.map(({ text, statements }) => ({ text: plain(text), statements })) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    }))
    .sort((a, b) => (a.table < b.table ? -1 : 1));
}

const plain = (text: string): string => text.replace(/packets \d+ bytes \d+/g, '');

/** Every rule set in a namespace of its own, and the facts of each. */
async function loaded(list: readonly Golden[], prefix: string): Promise<readonly (readonly Fact[])[]> {
  const names = list.map((_, i) => `${prefix}-${i}`);
  try {
    for (const [i, name] of names.entries()) {
      const { restore, text } = list[i]!;
      await execa('ip', ['netns', 'add', name]);
      await execa('ip', ['netns', 'exec', name, ...restore], { input: text });
    }
    const paths = names.map((name) => `/run/netns/${name}`);
    const run = await readNamespaces(
      paths.map((path) => ({ path, wanted: 'all' })),
      { timeoutMs: TIMEOUT },
    );
    expect(run.died).toBe(null);
    return paths.map((path) =>
      (netnsFacts('1', run.replies.get(path), { timeoutMs: TIMEOUT, died: null }) ?? []).filter(({ source }) => /nft|legacy/.test(source)),
    );
  } finally {
    for (const name of names) await execa('ip', ['netns', 'delete', name], { reject: false });
  }
}

group('a rule set that the kernel was given is read back as it was written', () => {
  test.each([
    ['docker-v29.7.2', 340],
    ['v28.5.2', 189],
  ] as const)(
    '%s',
    async (folder, atLeast) => {
      const list = goldens(folder);
      expect(list.length).toBeGreaterThanOrEqual(atLeast);
      for (let i = 0; i < list.length; i += AT_A_TIME) {
        const some = list.slice(i, i + AT_A_TIME);
        const read = await loaded(some, `nwgold${process.pid}`);
        for (const [at, { file, facts }] of some.entries()) {
          expect(read[at]!.filter(({ status }) => status === 'failed')).toEqual([]);
          expect({ file, rules: meaning(read[at]!) }).toEqual({ file, rules: meaning(facts) });
        }
      }
    },
    300_000,
  );
});
