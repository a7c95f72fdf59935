import { describe, expect, test } from '@jest/globals';
import type { Unknown } from '../../src/firewall/context.ts';
import { parseIptablesSave } from '../../src/firewall/iptables/parse.ts';
import { runChain } from '../../src/firewall/run-chain.ts';
import { context, packet } from './world.ts';

interface Case {
  readonly fact: string;
  /** `FORWARD` has policy DROP in all of them. */
  readonly chains: Readonly<Record<string, readonly string[]>>;
  readonly choose?: (unknown: Unknown) => boolean;
  /** Outcome, `by` chain and rule position, or `policy`. */
  readonly ends: string;
  readonly matched?: readonly string[];
}

function walk(chains: Case['chains'], choose?: Case['choose']) {
  const names = Object.keys(chains);
  const text = [
    '*filter',
    ...names.map((name) => (name === 'FORWARD' ? ':FORWARD DROP [0:0]' : `:${name} - [0:0]`)),
    ...names.flatMap((name) => chains[name]!.map((rule) => `-A ${name} ${rule}`)),
    'COMMIT',
  ].join('\n');
  const { tables, problems } = parseIptablesSave(text, { backend: 'iptables-nft', family: 4, source: 'test' });
  expect(problems).toEqual([]);
  const table = tables[0]!;
  const ctx = context({ packet: packet(), ...(choose ? { choose } : {}) });
  return { ...runChain({ table, ipsets: new Map() }, table.chains.get('FORWARD')!, ctx), ctx };
}

const CASES: readonly Case[] = [
  { fact: 'an empty chain ends in its policy', chains: { FORWARD: [] }, ends: 'drop by FORWARD policy' },
  { fact: 'the first rule that matches decides', chains: { FORWARD: ['-p udp -j DROP', '-p tcp -j ACCEPT', '-j DROP'] }, ends: 'accept by FORWARD 2' },
  {
    fact: 'a jump comes back to the rule behind it',
    chains: { FORWARD: ['-j A', '-j ACCEPT'], A: ['-p udp -j DROP'] },
    ends: 'accept by FORWARD 2',
    matched: ['jump A', 'accept'],
  },
  {
    fact: 'RETURN comes back to the rule behind the jump',
    chains: { FORWARD: ['-j A', '-j ACCEPT'], A: ['-j RETURN', '-j DROP'] },
    ends: 'accept by FORWARD 2',
    matched: ['jump A', 'return', 'accept'],
  },
  { fact: 'RETURN in the base chain is its policy', chains: { FORWARD: ['-j RETURN', '-j ACCEPT'] }, ends: 'drop by FORWARD policy' },
  {
    fact: 'a goto from the base chain ends in its policy',
    chains: { FORWARD: ['-g A', '-j ACCEPT'], A: ['-p udp -j ACCEPT'] },
    ends: 'drop by FORWARD policy',
  },
  {
    fact: 'a goto from a called chain comes back to the caller of that chain',
    chains: { FORWARD: ['-j A', '-j ACCEPT'], A: ['-g B', '-j DROP'], B: ['-p udp -j DROP'] },
    ends: 'accept by FORWARD 2',
  },
  {
    fact: 'RETURN in the target of a goto comes back to the caller of the calling chain',
    chains: { FORWARD: ['-j A', '-j ACCEPT'], A: ['-g B', '-j DROP'], B: ['-j RETURN'] },
    ends: 'accept by FORWARD 2',
  },
  {
    fact: 'a jump from the target of a goto comes back to it',
    chains: { FORWARD: ['-g A'], A: ['-j B', '-j ACCEPT'], B: ['-j RETURN'] },
    ends: 'accept by A 2',
  },
  { fact: 'a verdict three chains deep is final', chains: { FORWARD: ['-j A'], A: ['-j B'], B: ['-j C'], C: ['-j ACCEPT'] }, ends: 'accept by C 1' },
  { fact: 'the same chain may be called twice', chains: { FORWARD: ['-j A', '-j A', '-j ACCEPT'], A: ['-p udp -j DROP'] }, ends: 'accept by FORWARD 3' },
  {
    fact: 'a rule without a target counts and goes on',
    chains: { FORWARD: ['-p tcp', '-j ACCEPT'] },
    ends: 'accept by FORWARD 2',
    matched: ['count', 'accept'],
  },
  { fact: 'LOG goes on', chains: { FORWARD: ['-j LOG', '-j ACCEPT'] }, ends: 'accept by FORWARD 2', matched: ['LOG', 'accept'] },
  { fact: 'REJECT ends', chains: { FORWARD: ['-j REJECT --reject-with icmp-admin-prohibited', '-j ACCEPT'] }, ends: 'reject by FORWARD 1' },
  { fact: 'NFQUEUE ends', chains: { FORWARD: ['-j NFQUEUE --queue-num 0 --queue-bypass', '-j ACCEPT'] }, ends: 'queue by FORWARD 1' },
  {
    fact: 'a mark set by one rule is seen by the next',
    chains: { FORWARD: ['-j MARK --set-xmark 0x1/0x1', '-m mark --mark 0x1 -j ACCEPT'] },
    ends: 'accept by FORWARD 2',
  },
  {
    fact: 'a rule that is not sure to match is asked about',
    chains: { FORWARD: ['-m limit --limit 1/sec -j ACCEPT'] },
    choose: () => true,
    ends: 'accept by FORWARD 1',
  },
  { fact: 'the other answer goes on', chains: { FORWARD: ['-m limit --limit 1/sec -j ACCEPT'] }, choose: () => false, ends: 'drop by FORWARD policy' },
  {
    fact: 'nothing is asked where a later match fails for certain',
    chains: { FORWARD: ['-m limit --limit 1/sec -m tcp -p udp -j ACCEPT'] },
    ends: 'drop by FORWARD policy',
  },
  { fact: 'nothing is asked where nothing depends on it', chains: { FORWARD: ['-m limit --limit 1/sec'] }, ends: 'drop by FORWARD policy' },
  { fact: 'an unknown target may drop', chains: { FORWARD: ['-j WHATEVER --x', '-j ACCEPT'] }, choose: () => true, ends: 'drop by FORWARD 1' },
  {
    fact: 'an unknown target may accept',
    chains: { FORWARD: ['-j WHATEVER --x', '-j DROP'] },
    choose: ({ key }) => key.endsWith('|ends'),
    ends: 'accept by FORWARD 1',
  },
  { fact: 'an unknown target may go on', chains: { FORWARD: ['-j WHATEVER --x', '-j ACCEPT'] }, choose: () => false, ends: 'accept by FORWARD 2' },
  {
    fact: 'a loop is not known to end, and ends',
    chains: { FORWARD: ['-j A', '-j ACCEPT'], A: ['-j B'], B: ['-j A'] },
    choose: () => false,
    ends: 'accept by FORWARD 2',
  },
  { fact: 'a loop of gotos ends too', chains: { FORWARD: ['-g A'], A: ['-g B'], B: ['-g A'] }, choose: () => false, ends: 'drop by FORWARD policy' },
  { fact: 'a chain that is gone is not known', chains: { FORWARD: ['-g GONE', '-j ACCEPT'] }, choose: () => false, ends: 'accept by FORWARD 2' },
];

test.each(CASES.map((c) => [c.fact, c] as const))('%s', (_fact, { chains, choose, ends, matched }) => {
  const { outcome, ...run } = walk(chains, choose);
  const rule = outcome.rule ? `${outcome.rule.position}` : 'policy';
  expect(`${outcome.kind} by ${outcome.chain.name} ${rule}`).toBe(ends);
  if (matched) expect(run.matched.map((m) => m.effect)).toEqual(matched);
});

describe('questions', () => {
  const ask = (chains: Case['chains']) => {
    const asked: Unknown[] = [];
    walk(chains, (unknown) => {
      asked.push(unknown);
      return false;
    });
    return asked;
  };
  test('name namespace, table, chain, rule and statement, the same every time', () => {
    const chains = { FORWARD: ['-p tcp -m limit --limit 1/sec -j ACCEPT'] };
    const [first] = ask(chains);
    expect(first).toMatchObject({ why: 'chance', text: 'filter FORWARD rule 1: limit (-m limit --limit 1/sec)' });
    expect(first!.key).toContain('h1/1|iptables-nft|ip|filter|FORWARD|1|1|forward');
    expect(ask(chains)).toEqual([first]);
  });
  test('of two unknown matches have two keys', () => {
    const asked: string[] = [];
    walk({ FORWARD: ['-m limit --limit 1/sec -m u32 --u32 "0=1" -j ACCEPT'] }, ({ key }) => {
      asked.push(key);
      return true;
    });
    expect(new Set(asked).size).toBe(2);
  });
  test('of an unknown extension keep its words', () => {
    expect(ask({ FORWARD: ['-m quantum --spin "up \\"x" -j ACCEPT'] })[0]!.text).toContain('quantum (-m quantum --spin "up \\"x")');
  });
});

describe('NOTRACK', () => {
  test('leaves a tracked packet alone', () => {
    expect(walk({ FORWARD: ['-j CT --notrack', '-m conntrack --ctstate NEW -j ACCEPT'] }).outcome.kind).toBe('accept');
  });
  test('takes effect before conntrack has looked', () => {
    const { tables } = parseIptablesSave(
      '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j CT --notrack\n-A PREROUTING -m conntrack --ctstate UNTRACKED -j DROP\nCOMMIT',
      { backend: 'iptables-legacy', family: 4, source: 'test' },
    );
    const ctx = context({ conntrack: null, hook: 'prerouting' });
    const { outcome } = runChain({ table: tables[0]!, ipsets: new Map() }, tables[0]!.chains.get('PREROUTING')!, ctx);
    expect([outcome.kind, ctx.notrack]).toEqual(['drop', true]);
  });
});
