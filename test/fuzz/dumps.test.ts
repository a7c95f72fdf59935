/** Damaged dumps of every dialect: what cannot be read is said with its place, and nothing is lost in silence. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { why } from '../../src/engine/index.ts';
import { parseIpsetSave } from '../../src/firewall/ipset/parse.ts';
import { parseIptablesSave } from '../../src/firewall/iptables/parse.ts';
import { parseNftJson } from '../../src/firewall/nft/parse.ts';
import { MATCHES, TARGETS } from '../../src/firewall/registry.ts';
import { UserError } from '../../src/model/errors.ts';
import type { EstateFacts, Fact, FactSource } from '../../src/model/facts.ts';
import type { Table } from '../../src/model/firewall.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { readRecorded } from '../lab/recordings.ts';
import type { Truth } from '../lab/truth.ts';
import { damage, FUZZ, inputs, within } from './mutate.ts';

afterAll(() => void process.stdout.write(`fuzz: ${inputs()} damaged inputs tried (NETWHY_FUZZ_RUNS=${FUZZ})\n`));

const RULES = [...MATCHES.values(), ...TARGETS.values()].flatMap((extension) => extension.examples.map((example) => `[3:180] -A FORWARD ${example.rule}`));
const IPTABLES = [
  '# Generated',
  '*raw',
  ':PREROUTING ACCEPT [0:0]',
  '-A PREROUTING -j CT --notrack',
  'COMMIT',
  '*filter',
  ':INPUT ACCEPT [0:0]',
  ':FORWARD DROP [12:720]',
  ':A - [0:0]',
]
  .concat(RULES, ['-A A -g A', '-A A -m comment --comment "a \\"b\\" c" -j RETURN', 'COMMIT', '# Completed', ''])
  .join('\n');
const IPSETS = [
  'create a hash:ip,port family inet hashsize 1024 maxelem 65536 timeout 5',
  'add a 192.0.2.1,tcp:80 timeout 3',
  'add a 192.0.2.0-192.0.2.9,udp:53-54 timeout 3',
  'create l list:set size 8',
  'add l a',
  'create n hash:net,iface family inet6',
  'add n fd00::/8,eth0 nomatch',
  'create m hash:mac',
  'add m 02:00:00:00:00:01',
  'create b bitmap:port range 0-1023',
  'add b 80',
  '',
].join('\n');

const rulesOf = (tables: readonly Table[]): number => tables.flatMap((t) => [...t.chains.values()]).reduce((n, chain) => n + chain.rules.length, 0);

describe('a parser says what it could not read', () => {
  const property = (check: (mutate: (text: string) => string) => void) =>
    fc.assert(
      fc.property(damage, (m) => within(() => check(m))),
      { numRuns: FUZZ * 4 },
    );

  test('of iptables-save: every line is a table, a chain, a rule or a problem with its number', () => {
    property((mutate) => {
      const text = mutate(IPTABLES);
      const { tables, problems } = parseIptablesSave(text, { backend: 'iptables-legacy', family: 4, source: 'test' });
      const lines = text.split('\n');
      const said = lines.filter((line) => /^\s*(\[\d+:\d+\]\s*)?-A /.test(line)).length;
      const chains = tables.reduce((n, table) => n + table.chains.size, 0);
      const whole = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#') && line !== 'COMMIT').length;
      expect(rulesOf(tables) + problems.length).toBeGreaterThanOrEqual(said);
      expect(rulesOf(tables) + chains + tables.length + problems.length).toBeGreaterThanOrEqual(whole);
      for (const { line } of problems) expect(line >= 1 && line <= lines.length).toBe(true);
    });
  });

  test('of ipset save: every line is a set, a member or a problem with its number', () => {
    property((mutate) => {
      const text = mutate(IPSETS);
      const { sets, problems } = parseIpsetSave(text);
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      const unknown = [...sets.values()].filter((set) => set.unknown !== undefined).length;
      const kept = [...sets.values()].reduce((n, set) => n + 1 + set.elements.length + (set.members?.length ?? 0), 0);
      if (unknown === 0) expect(kept + problems.length).toBeGreaterThanOrEqual(lines.length);
    });
  });
});

describe('a host with one damaged fact', () => {
  let facts: EstateFacts;
  let truths: readonly Truth[];
  beforeAll(async () => {
    const recorded = await readRecorded('DOCKER-USER-drops');
    facts = recorded.facts.filter(({ host }) => host === 'e20');
    truths = recorded.truths.filter(({ host, ask }) => host === 'e20' && ask.startsWith('@'));
    expect(truths.length).toBeGreaterThan(0);
  });

  const SOURCES = [
    'ip.addr',
    'ip.route',
    'ip.route6',
    'ip.rule',
    'ip.neigh',
    'bridge.link',
    'bridge.fdb',
    'sysctl',
    'ss',
    'iptables-nft',
    'ip6tables-nft',
    'nft',
    'ipset',
  ] as const;

  /** The facts with one of them damaged, and that one. */
  function damaged(
    source: FactSource,
    which: number,
    mutate: (text: string) => string,
  ): { readonly estate: EstateFacts; readonly fact: Fact; readonly text: string } | null {
    const all = facts.flatMap((host) => host.facts).filter((f) => f.source === source && f.status === 'ok' && f.data.trim() !== '');
    const fact = all[which % Math.max(1, all.length)];
    if (!fact) return null;
    const text = mutate(fact.data);
    return { estate: facts.map((host) => ({ ...host, facts: host.facts.map((f) => (f === fact ? { ...f, data: text } : f)) })), fact, text };
  }

  test.each(SOURCES)('%s: is answered from, or the gap says why not', (source) => {
    fc.assert(
      fc.property(damage, fc.nat(50), fc.nat(50), (mutate, which, asked) => {
        const made = damaged(source, which, mutate);
        if (!made || made.text === made.fact.data) return;
        within(() => {
          const model = buildModel(made.estate);
          for (const gap of model.gaps) expect(gap.reason.length).toBeGreaterThan(10);
          try {
            why(model, truths[asked % truths.length]!.question);
          } catch (error) {
            // a name that is gone from the facts is the asker's to hear
            if (!(error instanceof UserError)) throw error;
          }
        });
      }),
      { numRuns: Math.ceil(FUZZ / 12) },
    );
  });

  test.each(['ip.addr', 'ip.route', 'iptables-nft', 'nft', 'ss'] as const)('%s cut off turns no answer into its opposite', (source) => {
    const whole = truths.map(({ question }) => why(buildModel(facts), question).verdict);
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(50), fc.nat(50), (at, which, asked) => {
        const made = damaged(source, which, (text) => text.slice(0, at % text.trimEnd().length));
        // a listing of lines that ends with a line cannot be told from a whole one
        if (!made || made.text.trim() === '' || made.text.endsWith('\n') || made.fact.data[made.text.length] === '\n') return;
        const i = asked % truths.length;
        const verdict = within(() => {
          try {
            return why(buildModel(made.estate), truths[i]!.question).verdict;
          } catch (error) {
            if (error instanceof UserError) return 'UNDETERMINED';
            throw error;
          }
        });
        expect([whole[i], 'UNDETERMINED', 'AMBIGUOUS']).toContain(verdict);
      }),
      { numRuns: Math.ceil(FUZZ / 8) },
    );
  });

  test('a rule with a match that nobody knows turns no answer into its opposite', () => {
    const whole = truths.map(({ question }) => why(buildModel(facts), question).verdict);
    const met = new Set<string>();
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(50), (at, asked) => {
        const made = damaged('iptables-nft', 0, (text) => {
          const lines = text.split('\n');
          const rules = lines.flatMap((line, i) => (/-A (DOCKER-USER|FORWARD) .*-j /.test(line) ? [i] : []));
          const place = rules[at % rules.length]!;
          return lines.map((line, i) => (i === place ? line.replace(/ -j /, ' -m quantum --spin up -j ') : line)).join('\n');
        })!;
        const i = asked % truths.length;
        const { verdict } = within(() => why(buildModel(made.estate), truths[i]!.question));
        met.add(verdict);
        expect([whole[i], 'UNDETERMINED', 'AMBIGUOUS']).toContain(verdict);
      }),
      { numRuns: Math.ceil(FUZZ / 5) },
    );
    expect(met.size).toBeGreaterThan(1);
  });
});

describe('nft', () => {
  test('every rule of the listing is a rule or a problem with its pointer', async () => {
    const { facts } = await readRecorded('a-native-nftables-table-drops-what-Docker-accepts');
    const [fact] = facts.flatMap((host) => host.facts).filter((f) => f.source === 'nft' && f.data.includes('"rule"'));
    fc.assert(
      fc.property(damage, (mutate) =>
        within(() => {
          const text = mutate(fact!.data);
          const { tables, problems } = parseNftJson(text, { source: 'nft' });
          let listed = 0;
          try {
            // What begins with a table of its own behind the JSON is the listing of chains' devices, and holds no rules.
            listed = (JSON.parse(text.split(/\n\s*table /)[0] ?? '') as { nftables: unknown[] }).nftables.filter(
              (item) => typeof item === 'object' && item !== null && 'rule' in item,
            ).length;
          } catch {
            // nft prints nothing at all where there are no rules
            expect(problems.length > 0 || text.trim() === '').toBe(true);
          }
          if (Array.isArray(tables)) expect(rulesOf(tables) + problems.length).toBeGreaterThanOrEqual(listed);
          for (const { pointer } of problems) expect(pointer === '' || pointer.startsWith('/nftables/')).toBe(true);
        }),
      ),
      { numRuns: FUZZ },
    );
  });
});
