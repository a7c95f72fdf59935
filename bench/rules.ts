/** A packet looked up among the rules of one chain, beside the same in C. */
import type { EvalContext } from '../src/firewall/context.ts';
import { parseIptablesSave } from '../src/firewall/iptables/parse.ts';
import { indexRules, nextRule } from '../src/firewall/rule-index/chain-index.ts';
import { byIndex, inTurn, type NextRule, packetWords } from '../src/firewall/rule-index/next.ts';
import { fits, PACKET_WORDS, RULE_WORDS } from '../src/firewall/rule-index/words.ts';
import { runChain } from '../src/firewall/run-chain.ts';
import type { Chain, Table } from '../src/model/firewall.ts';
import { context, packet } from '../test/firewall/world.ts';
import { sideBySide, type Timing } from './measure.ts';
import { floor } from './rules-c.ts';
import type { Row } from './section.ts';
import { filterTable } from './synthetic-rules.ts';

const PACKETS = 256;
/** What is to be reached: times faster than every rule in turn in C, and at most so many times the same index in C. */
const FASTER: Readonly<Record<number, number>> = { 10000: 20, 50000: 80 };
const OF_C = 2;
const BRIDGES = ['br-a', 'br-b', 'br-c'];

/** The rules of DOCKER-USER and DOCKER in one chain of a table. */
function dockerShaped(count: number): { readonly table: Table; readonly chain: Chain } {
  const published = Array.from({ length: 30 }, (_, i) => ({ address: `172.18.0.${2 + i}`, bridge: BRIDGES[i % 3]! }));
  const rules = filterTable(count + 30, BRIDGES, published)
    .save.split('\n')
    .flatMap((line) => /^\[0:0\] -A DOCKER(?:-USER)? (.*)/.exec(line)?.[1] ?? [])
    .slice(0, count);
  const text = ['*filter', ':FORWARD ACCEPT [0:0]', ...rules.map((rule) => `-A FORWARD ${rule}`), 'COMMIT'].join('\n');
  const [table] = parseIptablesSave(text, { backend: 'iptables-nft', family: 4, source: 'bench' }).tables;
  return { table: table!, chain: table!.chains.get('FORWARD')! };
}

/** By turns one for a published port, wherever its rule stands, and one that no rule knows. */
function traffic(count: number): readonly EvalContext[] {
  return Array.from({ length: PACKETS }, (_, i) => {
    const at = 1 + 2 * Math.floor((((i * 7919) % PACKETS) / PACKETS) * (count / 2));
    const known = i % 2 === 0;
    const dst = `172.18.0.${2 + (at % 30)}`;
    return context({ iif: 'eth0', oif: BRIDGES[(at % 30) % 3]!, packet: packet({ src: `203.0.113.${i & 255}`, dst, dport: known ? 10_000 + at : 9 }) });
  });
}

/** Nanoseconds a packet. */
const each = ({ best }: Timing, packets: number): number => (best * 1e6) / packets;

async function at(count: number): Promise<Row[]> {
  const { table, chain } = dockerShaped(count);
  const contexts = traffic(count);
  const index = indexRules(chain.rules);
  const words = contexts.map((ctx) => packetWords(index, ctx).slice());
  const scope = { table, ipsets: new Map() };
  const walk = (next: NextRule, some: readonly EvalContext[]) => () => {
    for (const ctx of some) runChain(scope, chain, ctx, next);
  };
  const sum = (find: (packet: Int32Array) => number): number => {
    let total = 0;
    for (const packet of words) total += find(packet);
    return total;
  };
  const inOrder = (packet: Int32Array): number => {
    for (let i = 0; i < chain.rules.length; i++) if (fits(index.rules, i * RULE_WORDS, packet)) return i;
    return -1;
  };
  const lookups = (): number => {
    let total = 0;
    for (const packet of words) total += nextRule(index, 0, packet);
    return total;
  };
  const repeated = (times: number, work: () => unknown) => () => {
    for (let i = 0; i < times; i++) work();
  };
  // asking takes so long that a few packets do
  const few = contexts.slice(0, 8);
  const slow = await sideBySide(
    { asked: walk(inTurn, few), packed: () => sum(inOrder), compile: () => indexRules(chain.rules) },
    { rounds: 9, budgetMs: 4000 },
  );
  const fast = await sideBySide({ index: repeated(50, lookups), walk: repeated(20, walk(byIndex, contexts)) }, { rounds: 40, budgetMs: 4000 });
  const packets = new Int32Array(PACKETS * PACKET_WORDS);
  for (const [i, packet] of words.entries()) packets.set(packet, i * PACKET_WORDS);
  const c = await floor(index, packets);
  const found = lookups();
  if (found !== sum(inOrder)) throw new Error('the index does not find what the rules in turn do');
  if (c && (c.sums[0] !== found || c.sums[1] !== found)) throw new Error('C does not find what netwhy does');

  const indexed = each(fast.index, 50 * PACKETS);
  const ms = (ns: number): number => ns / 1e6;
  const linear = c ? { what: 'C, every rule in turn', value: ms(c.linear) } : { what: 'packed, every rule in turn', value: ms(each(slow.packed, PACKETS)) };
  const name = (what: string): string => `${count.toLocaleString('en')} rules: ${what}`;
  const faster = FASTER[count]!;
  const rows: Row[] = [
    { what: name('each asked in turn'), unit: 'ms', value: ms(each(slow.asked, few.length)), beside: linear },
    { what: name('packed, in turn'), unit: 'ms', value: ms(each(slow.packed, PACKETS)), beside: linear },
    {
      what: name('index'),
      unit: 'ms',
      value: ms(indexed),
      beside: linear,
      ...(c
        ? { bar: ms(c.linear / faster), note: `${(c.linear / indexed).toFixed(0)}x faster than C in turn, ${faster}x wanted` }
        : { note: 'no gcc here: beside C nothing is known' }),
    },
    { what: name('whole walk by the index'), unit: 'ms', value: ms(each(fast.walk, 20 * PACKETS)), beside: linear },
    { what: name('making the index, once a model'), unit: 'ms', value: slow.compile.best },
  ];
  if (c)
    rows.splice(3, 0, {
      what: name('index'),
      unit: 'ms',
      value: ms(indexed),
      beside: { what: 'C, the same index', value: ms(c.index) },
      bar: ms(c.index * OF_C),
    });
  return rows;
}

/** Times a packet; the best of all rounds, in C as well. */
export async function rules(): Promise<Row[]> {
  return [...(await at(10_000)), ...(await at(50_000))];
}
