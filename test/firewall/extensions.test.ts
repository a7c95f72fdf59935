import { describe, expect, test } from '@jest/globals';
import { parseIpsetSave } from '../../src/firewall/ipset/parse.ts';
import { parseIptablesSave } from '../../src/firewall/iptables/parse.ts';
import { MATCHES, TARGETS } from '../../src/firewall/registry.ts';
import { runChain } from '../../src/firewall/run-chain.ts';
import { exampleContext } from './world.ts';

const EXTENSIONS = [...MATCHES.values(), ...TARGETS.values()];

const IPSETS = parseIpsetSave(`create hosts hash:ip family inet
add hosts 192.0.2.1
create services hash:ip,port family inet
add services 192.0.2.2,tcp:80
`).sets;

/** Runs one rule; `unknown` when the walk was asked anything. */
function run(example: (typeof EXTENSIONS)[number]['examples'][number]) {
  const { tables, problems } = parseIptablesSave(`*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD ${example.rule}\nCOMMIT\n`, {
    backend: 'iptables-nft',
    family: example.family ?? 4,
    source: 'test',
  });
  expect(problems).toEqual([]);
  const table = tables[0]!;
  const chain = table.chains.get('FORWARD')!;
  let asked = false;
  // a rule that only matches asks nothing: give it something to decide
  const statements = [
    ...chain.rules[0]!.statements,
    ...(example.rule.includes('-j ') && !example.rule.includes('comment') ? [] : [{ kind: 'verdict', verdict: { kind: 'drop' } } as const]),
  ];
  const rule = { ...chain.rules[0]!, statements };
  const ctx = exampleContext(example, () => {
    asked = true;
    return false;
  });
  const { matched } = runChain({ table, ipsets: IPSETS }, { ...chain, rules: [rule] }, ctx);
  return { matches: asked ? 'unknown' : matched.length > 0 ? 'yes' : 'no', effect: matched[0]?.effect };
}

describe.each(EXTENSIONS.map((extension) => [`${extension.kind} ${extension.name}`, extension] as const))('%s', (_name, extension) => {
  test('has examples and a manual', () => {
    expect(extension.examples.length).toBeGreaterThan(0);
    expect(extension.manual).toMatch(/^https:\/\//);
    for (const example of extension.examples) expect(example.rule).toContain(extension.kind === 'match' ? `-m ${extension.name}` : `-j ${extension.name}`);
  });
  test.each(extension.examples.map((example) => [example.rule, example.matches, example] as const))('%s: %s', (_rule, matches, example) => {
    const result = run(example);
    expect(result.matches).toBe(matches);
    if (example.effect !== undefined) expect(result.effect).toBe(example.effect);
  });
});
