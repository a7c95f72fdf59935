/** The rule sets of Docker's own tests: on a small host around them the answers are what the name of each promises. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { why } from '../../src/engine/index.ts';
import type { Model } from '../../src/model/model.ts';
import { type GoldenPlan, goldenModel, PLANS } from './golden-host.ts';

const GOLDENS = '../shared/fixtures/moby';

/** `hairpin=true,internal=false,icc=true,masq=true,snat=false,gwm=nat,bindlh=false` */
type Said = Readonly<Record<string, string>>;

interface Claim {
  readonly fact: string;
  readonly from: string;
  readonly to: keyof (typeof PLANS)[4];
  readonly port: number;
  /** Null: the name promises nothing. */
  readonly open: (said: Said, family: 4 | 6) => boolean | null;
}

const internal = (said: Said) => said.internal === 'true';
const CLAIMS: readonly Claim[] = [
  { fact: 'icc=false drops between containers of the bridge', from: 'other', to: 'web', port: 81, open: (s) => s.icc === 'true' },
  { fact: 'icc=false drops published ports too', from: 'other', to: 'web', port: 80, open: (s) => s.icc === 'true' },
  {
    fact: 'an internal network has no way out, any other has',
    from: 'web',
    to: 'lan',
    port: 80,
    // in nat mode what comes to a container's own address is dropped: without translation so are the answers
    open: (s) => (internal(s) ? false : s.masq === 'false' && s.gwm === 'nat' ? null : true),
  },
  {
    fact: 'a published port is open on the host, on its loopback address alone where it is bound to that',
    from: 'netns:lan',
    to: 'host',
    port: 8080,
    open: (s) => (internal(s) ? false : s.gwm === 'routed' ? null : s.bindlh === 'false'),
  },
  { fact: 'a port that is not published is closed on the host', from: 'netns:lan', to: 'host', port: 8081, open: () => false },
  {
    fact: 'the address of a container is open to others: in nat mode not, routed on published ports, nat-unprotected on all',
    from: 'netns:lan',
    to: 'web',
    port: 80,
    open: (s) => (internal(s) ? false : s.gwm === 'nat-unprotected' || s.gwm === 'routed'),
  },
  {
    fact: 'ports that are not published are open to others where nat-unprotected alone',
    from: 'netns:lan',
    to: 'web',
    port: 81,
    open: (s) => s.gwm === 'nat-unprotected',
  },
  {
    fact: 'without the proxy the host reaches a port published on its loopback address by translation, IPv4 only',
    from: 'host:h',
    to: 'loopback',
    port: 8080,
    open: (s, family) => (s.hairpin === 'true' && !internal(s) && family === 4 && s.gwm !== 'routed' ? true : null),
  },
  {
    fact: 'without the proxy a container reaches a port that its neighbour published',
    from: 'other',
    to: 'host',
    port: 8080,
    open: (s) => (s.hairpin === 'true' && !internal(s) && s.bindlh === 'false' && s.gwm !== 'routed' && s.icc === 'true' ? true : null),
  },
];

function planOf(folder: string, file: string): GoldenPlan {
  const family = /(ip6|ip6tables)\.\w+$/.test(file) ? 6 : 4;
  const source = file.endsWith('.json') ? 'nft' : family === 6 ? 'ip6tables-nft' : 'iptables-nft';
  return { family, source, rules: readFileSync(join(GOLDENS, folder, file), 'utf8') };
}

function outcome(model: Model, family: 4 | 6, { from, to, port }: Claim): string {
  return why(model, { from, to: PLANS[family][to], protocol: 'tcp', port }).verdict;
}

const said = (file: string): Said =>
  Object.fromEntries(
    file
      .replace(/__.*/, '')
      .replace('TestIptabler_', '')
      .split(',')
      .map((part) => part.split('=') as [string, string]),
  );

(existsSync(GOLDENS) ? describe : describe.skip)('the rule sets of an engine keep what they promise', () => {
  test.each([
    ['docker-v29.7.2', /tables\.golden$/, 220],
    ['v28.5.2', /tables\.golden$/, 230],
    ['docker-v29.7.2-nftjson', /\.json$/, 220],
  ] as const)('%s', (folder, suffix, atLeast) => {
    const files = readdirSync(join(GOLDENS, folder)).filter((file) => suffix.test(file) && file.includes('hairpin=') && file.includes('icc='));
    expect(files.length).toBeGreaterThanOrEqual(atLeast - 15);
    const broken: string[] = [];
    const checked = new Map<string, number>();
    for (const file of files) {
      const plan = planOf(folder, file);
      const model = goldenModel(plan);
      expect(model.gaps).toEqual([]);
      for (const claim of CLAIMS) {
        const open = claim.open(said(file), plan.family);
        if (open === null) continue;
        checked.set(claim.fact, (checked.get(claim.fact) ?? 0) + 1);
        const verdict = outcome(model, plan.family, claim);
        if (verdict !== (open ? 'REACHABLE' : 'UNREACHABLE')) broken.push(`${claim.fact}: ${verdict}: ${file}`);
      }
    }
    expect(broken).toEqual([]);
    expect([...checked.keys()].sort()).toEqual(CLAIMS.map(({ fact }) => fact).sort());
  });
});
