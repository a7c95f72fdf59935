/** Rules of the shape that Docker 20.10 writes, as many as wanted, as iptables-save and nft print them. */

export interface Published {
  readonly address: string;
  readonly bridge: string;
}

interface Rule {
  readonly chain: string;
  readonly words: string;
  /** Matches and verdict as `nft -j` shows those of iptables-nft. */
  readonly matches: readonly unknown[];
  readonly verdict: unknown;
}

const match = (left: unknown, right: unknown, op: '==' | '!=' = '==') => ({ match: { op, left, right } });
const meta = (key: string) => ({ meta: { key } });
const field = (protocol: string, name: string) => ({ payload: { protocol, field: name } });
const jump = (target: string) => ({ jump: { target } });

/** An address that is kept out, as a person or a program writes into DOCKER-USER. */
function blocked(i: number): Rule {
  const source = `198.18.${(i >> 8) & 255}.${i & 255}`;
  const matches = [match(meta('iifname'), 'eth0'), match(field('ip', 'saddr'), source)];
  return { chain: 'DOCKER-USER', words: `-s ${source}/32 -i eth0 -j DROP`, matches, verdict: { drop: null } };
}

/** A published port, as Docker lets it in. */
function letIn({ address, bridge }: Published, port: number): Rule {
  return {
    chain: 'DOCKER',
    words: `-d ${address}/32 ! -i ${bridge} -o ${bridge} -p tcp -m tcp --dport ${port} -j ACCEPT`,
    matches: [match(meta('iifname'), bridge, '!='), match(meta('oifname'), bridge), match(field('ip', 'daddr'), address), match(field('tcp', 'dport'), port)],
    verdict: { accept: null },
  };
}

function onBridge(bridge: string): Rule[] {
  const to = match(meta('oifname'), bridge);
  const from = match(meta('iifname'), bridge);
  const elsewhere = match(meta('oifname'), bridge, '!=');
  const accept = { accept: null };
  const [one, two] = ['DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2'] as const;
  const established = { xt: { type: 'match', name: 'conntrack' } };
  return [
    { chain: 'FORWARD', words: `-o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`, matches: [to, established], verdict: accept },
    { chain: 'FORWARD', words: `-o ${bridge} -j DOCKER`, matches: [to], verdict: jump('DOCKER') },
    { chain: 'FORWARD', words: `-i ${bridge} ! -o ${bridge} -j ACCEPT`, matches: [from, elsewhere], verdict: accept },
    { chain: 'FORWARD', words: `-i ${bridge} -o ${bridge} -j ACCEPT`, matches: [from, to], verdict: accept },
    { chain: one, words: `-i ${bridge} ! -o ${bridge} -j ${two}`, matches: [from, elsewhere], verdict: jump(two) },
    { chain: two, words: `-o ${bridge} -j DROP`, matches: [to], verdict: { drop: null } },
  ];
}

const BASE = ['INPUT', 'FORWARD', 'OUTPUT'];
const CHAINS = [...BASE, 'DOCKER', 'DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2', 'DOCKER-USER'];
const policyOf = (chain: string) => (chain === 'FORWARD' ? 'DROP' : 'ACCEPT');

function save(rules: readonly Rule[]): string {
  const chains = CHAINS.map((name) => `:${name} ${BASE.includes(name) ? policyOf(name) : '-'} [0:0]`);
  return ['*filter', ...chains, ...rules.map(({ chain, words }) => `[0:0] -A ${chain} ${words}`), 'COMMIT', ''].join('\n');
}

function nft(rules: readonly Rule[]): string {
  const where = { family: 'ip', table: 'filter' };
  const chains = CHAINS.map((name, i) => {
    const base = BASE.includes(name) ? { type: 'filter', hook: name.toLowerCase(), prio: 0, policy: policyOf(name).toLowerCase() } : {};
    return { chain: { ...where, name, handle: i, ...base } };
  });
  const listed = rules.map(({ chain, matches, verdict }, i) => {
    return { rule: { ...where, chain, handle: 100 + i, expr: [...matches, { counter: { packets: 0, bytes: 0 } }, verdict] } };
  });
  const head = [{ metainfo: { version: '1.0.6', json_schema_version: 1 } }, { table: { family: 'ip', name: 'filter', handle: 1 } }];
  return JSON.stringify({ nftables: [...head, ...chains, ...listed] });
}

/** `count` rules of the filter table: Docker's own for the bridges, then blocked addresses and published ports by turns. */
export function filterTable(count: number, bridges: readonly string[], published: readonly Published[]): { readonly save: string; readonly nft: string } {
  const toChain = (target: string): Rule => ({ chain: 'FORWARD', words: `-j ${target}`, matches: [], verdict: jump(target) });
  const rules = [toChain('DOCKER-USER'), toChain('DOCKER-ISOLATION-STAGE-1'), ...bridges.flatMap(onBridge)];
  for (let i = 0; rules.length < count; i++) rules.push(i % 2 === 0 ? blocked(i) : letIn(published[i % published.length]!, 10_000 + i));
  return { save: save(rules), nft: nft(rules) };
}
