/** Measures how often netwhy says what the kernel does, and writes docs/accuracy.md: `npm run accuracy`, or `npm run accuracy -- 1..1000`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { judge as judgeLab, KNOWN_GAPS } from '../test/lab/judge.ts';
import { labPossible, TOOLS } from '../test/lab/possible.ts';
import { readRecordings } from '../test/lab/recordings.ts';
import { parseSeeds } from '../test/property/cases.ts';
import { generate } from '../test/property/generate.ts';
import { type Played, play } from '../test/property/play.ts';
import { inParallel } from '../test/property/pool.ts';
import { type Score, Tally } from '../test/property/tally.ts';
import { corpusTally } from '../test/support/corpus-tally.ts';

const SEEDS = process.argv[2] ?? '1..200';
const target = join(import.meta.dirname, '../docs/accuracy.md');

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`);
const count = (n: number): string => n.toLocaleString('en-US');
const version = (program: string, ...argv: string[]): string => execFileSync(program, argv, { encoding: 'utf8' }).split('\n')[0]!.trim();

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const scoreCells = (s: Score): (string | number)[] => [count(s.probes), percent(s.verdict, s.probes), percent(s.symptom, s.probes), percent(s.open, s.probes)];

function matrixOf(tally: Tally): string {
  const columns = [...new Set([...tally.matrix.values()].flatMap((row) => [...row.keys()]))].sort();
  const rows = [...tally.matrix]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([row, counts]) => [
      row,
      ...columns.map((column) => (counts.has(column) ? `${row === column ? '' : '**'}${counts.get(column)}${row === column ? '' : '**'}` : '')),
    ]);
  return table(['kernel ↓ netwhy →', ...columns], rows);
}

async function recordings(): Promise<{ readonly asked: number; readonly differ: number; readonly estates: number }> {
  let asked = 0;
  let differ = 0;
  let estates = 0;
  for await (const { facts, truths } of readRecordings()) {
    estates++;
    for (const { failure } of judgeLab(facts, truths)) {
      asked++;
      if (failure !== null) differ++;
    }
  }
  return { asked, differ, estates };
}

function differences(failures: readonly Played[]): string {
  const lines = failures.flatMap((played) =>
    played.plays
      .filter(({ said }) => said.length > 0)
      .map(({ truth, said }) => `- seed ${played.world.seed}, \`${truth.ask}\`: ${said.join('; ').replaceAll('|', '\\|')}`),
  );
  return lines.length === 0 ? 'None.' : lines.join('\n');
}

if (!labPossible([...TOOLS, 'ipset'])) throw new Error('npm run accuracy sends real packets: it needs root and the tools named above');

const tally = new Tally();
const failures: Played[] = [];
const seeds = parseSeeds(SEEDS);
const started = Date.now();
let done = 0;
await inParallel(seeds, 4, async (seed) => {
  const played = await play(generate(seed));
  tally.add(played);
  if (played.plays.some(({ said }) => said.length > 0)) failures.push(played);
  if (++done % 20 === 0) console.error(`${done} of ${seeds.length} worlds, ${failures.length} with a difference`);
});
const minutes = ((Date.now() - started) / 60_000).toFixed(0);
const lab = await recordings();
const corpus = corpusTally();
const { total, drops } = tally;
failures.sort((a, b) => a.world.seed - b.world.seed);

const tools = [
  ['Linux', release()],
  ['iptables', version('iptables', '--version').replace('iptables ', '')],
  ['nftables', version('nft', '--version').replace('nftables ', '')],
  ['iproute2', version('ip', '-V').replace('ip utility, ', '')],
  ['ipset', version('ipset', '--version').replace('ipset ', '')],
  ['Node.js', process.version],
  ['netwhy', (JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string }).version],
];

const text = `# How often netwhy is right

Of ${count(total.probes)} real flows in ${count(seeds.length)} random worlds, netwhy's verdict was what the kernel did in ${percent(total.verdict, total.probes)}, and so was the exact error that the program saw in ${percent(total.symptom, total.probes)}; ${percent(total.open, total.probes)} were left open.

    npm run accuracy${SEEDS === '1..200' ? '' : ` -- ${SEEDS}`}

measures it again (as root, ${minutes} minutes on ${cpus().length} processors) and writes this page. The same seeds give the same worlds everywhere.
Defects found in some of these worlds were mended before this run, so they are not unseen; \`npm run accuracy -- 5001..5200\` asks others.

## How it is measured

A seed makes a world of 3 to 8 network namespaces: hosts, routers and switches of veth pairs and bridges, IPv4 and mostly IPv6; routes of every type, policy rules,
kernel settings, static and proxied neighbours, links and bridge ports that are off; rules by iptables and ip6tables (on nf_tables and legacy), native nftables, ipsets and
NAT; sockets on wildcards, addresses and devices. netwhy's own collectors read it. Then real TCP, UDP and ICMP echo packets are sent by real sockets, each alone and with
neighbours and connections forgotten before it, and the answer that netwhy gave from the facts is compared with what the sending program saw. Where a rule or a
chain's policy dropped the packet, the kernel's own trace (nf_tables trace, TRACE of x_tables) says in which namespace, on which way and which one.

## Agreement

${table(['', 'flows', 'verdict', 'and error', 'left open'], [['all', ...scoreCells(total)]])}

${table(['dropped by a rule or policy', 'same namespace and direction', 'and same rule'], [[count(drops.all), percent(drops.place, drops.all), percent(drops.rule, drops.all)]])}

What the program saw against what netwhy said it would see; disagreements are bold.

${matrixOf(tally)}

By protocol, family and the rules in the namespaces on the way:

${table(
  ['protocol', 'family', 'rules on the way', 'flows', 'verdict', 'and error', 'left open'],
  [...tally.cells].sort(([a], [b]) => a.localeCompare(b)).map(([name, s]) => [...name.split('|'), ...scoreCells(s)]),
)}

## Every disagreement of this run

${differences(failures)}

\`NETWHY_SEEDS=N npm run test:property\` builds the world of seed N again, and makes a disagreement small.

## Recorded estates

${table(
  ['recordings', 'flows', 'agreement', 'left open'],
  [
    [
      `${lab.estates} Docker hosts in altered states (engines 20.10 to 28; verdict, error, namespace and rule)`,
      count(lab.asked),
      percent(lab.asked - lab.differ, lab.asked),
      '',
    ],
    ...(corpus
      ? [
          [
            `${corpus.scenarios} scenarios of another generator (class of outcome)`,
            count(corpus.all),
            percent(corpus.agreed, corpus.all),
            percent(corpus.open, corpus.all),
          ],
        ]
      : []),
  ],
)}
${corpus ? '\nIn the scenarios of the other generator probes were sent together: in about one of seventy-five the traffic of the others taught a neighbour that would not have answered, which the facts cannot show.\n' : ''}
## Known gaps

${KNOWN_GAPS.length === 0 ? 'The ledger (test/known-gaps.yaml) is empty.' : KNOWN_GAPS.map((gap) => `- ${gap.scenario}, \`${gap.ask}\`: ${gap.why}`).join('\n')}

Not in these worlds: rates, times and chances (netwhy answers AMBIGUOUS), programs that see packets (NFQUEUE, eBPF, XDP), IPsec, packets over 1500 octets, and VLAN
filtering where the kernel has none; nor chains of the bridge, netdev and arp families, macvlan, VXLAN and VLAN interfaces, which only the recorded estates hold. What goes
over lo does not pass netdev egress chains in netwhy.

## Versions

${table(['', 'version'], tools)}

Seeds ${SEEDS}.
`;
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, text);
console.log(text.split('\n')[2]);
