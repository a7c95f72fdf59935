/** Collection beside the sum of the calls that it cannot do without, and the whole command. */
import { existsSync, statSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { execa } from 'execa';
import { dockerFacts } from '../src/collectors/docker/collect.ts';
import { HostWatches } from '../src/collectors/host-watches.ts';
import { collectEstate } from '../src/collectors/index.ts';
import type { EstateFacts } from '../src/model/facts.ts';
import { type Cpu, children, cpuMs, since } from './cpu.ts';
import type { RealHost } from './host.ts';
import { median, sideBySide } from './measure.ts';
import { asked, QUESTIONS, type Row } from './section.ts';

const ROOT = join(import.meta.dirname, '..');
/** Milliseconds for one question on a host of 30 containers, collection included. */
const BAR = 2000;
const AT_A_TIME = 8;

/** List, and inspect each. */
async function askDocker(socket: string): Promise<void> {
  const docker = new Docker({ socketPath: socket });
  const queue = (await docker.listContainers({ all: true })).values();
  const worker = async (): Promise<void> => {
    for (const { Id } of queue) await docker.getContainer(Id).inspect();
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** What the list says of a container that is younger than a minute changes every second, and so it would be inspected again. */
async function untilOld(socket: string): Promise<void> {
  const docker = new Docker({ socketPath: socket });
  const young = async () => (await docker.listContainers()).some(({ Status }) => Status.includes('second'));
  for (let i = 0; i < 80 && (await young()); i++) await new Promise((resolve) => setTimeout(resolve, 1000));
}

async function within(path: string, commands: readonly (readonly string[])[]): Promise<void> {
  for (const command of commands) await execa('nsenter', [`--net=${path}`, '--', ...command]);
}

const RULES = [['iptables-nft-save'], ['ip6tables-nft-save'], ['nft', '-j', 'list', 'ruleset']];
const NAMESPACE = [
  ['ip', '-j', '-d', 'addr'],
  ['ss', '-H', '-l', '-n', '-t', '-u', '-e'],
];

function namespacePaths([host]: EstateFacts): string[] {
  const listed = JSON.parse(host?.facts.find(({ source }) => source === 'host.namespaces')?.data ?? '[]') as { paths: string[] }[];
  return listed.map(({ paths }) => paths[0]!);
}

/** What `node bin/netwhy` runs; built when it is missing. True when it is older than its sources. */
async function builtBefore(): Promise<boolean> {
  const entry = join(ROOT, 'dist/src/cli/main.js');
  if (!existsSync(entry)) await execa('npm', ['run', 'build'], { cwd: ROOT });
  const sources = await readdir(join(ROOT, 'src'), { recursive: true, withFileTypes: true });
  const built = statSync(entry).mtimeMs;
  return sources.some((file) => file.isFile() && statSync(join(file.parentPath, file.name)).mtimeMs > built);
}

/** Facts of the host, for the sections that follow, and the figures. */
export async function collect({ lab, host, containers }: RealHost): Promise<Row[]> {
  const config = join(lab.folder, 'netwhy.yaml');
  await writeFile(config, JSON.stringify({ hosts: [host.config] }));
  const stale = await builtBefore();
  const paths = namespacePaths(await collectEstate([host.config]));
  const command = (i: number) => async (): Promise<void> => {
    const { from, to, port } = QUESTIONS[i]!;
    const argv = ['bin/netwhy', 'why', from, `${to}:${port}`, '--config', config];
    const done = await execa(process.execPath, argv, { cwd: ROOT, reject: false });
    if (done.exitCode !== i) throw new Error(`netwhy ${argv.join(' ')} ended with ${done.exitCode}: ${done.stdout}\n${done.stderr}`);
  };
  const socket = host.config.docker.slice('unix://'.length);
  await untilOld(socket);
  const apart = children(process.pid); // the engine and its containers
  const watches = new HostWatches();
  await collectEstate([host.config], { watches });
  const cpu: Record<'collect' | 'again', Cpu[]> = { collect: [], again: [] };
  const engine = { endpoint: host.config.docker, root: '/', timeoutMs: 5000 };
  const took = await sideBySide(
    {
      collect: async () => {
        const before = cpuMs(apart);
        await collectEstate([host.config]);
        cpu.collect.push(since(before, apart));
      },
      again: async () => {
        const before = cpuMs(apart);
        await collectEstate([host.config], { watches });
        cpu.again.push(since(before, apart));
      },
      engine: () => dockerFacts(engine),
      engineAgain: async () => dockerFacts({ ...engine, known: (await watches.of(host.config, 5000)).engine.inspections }),
      docker: () => askDocker(socket),
      rules: () => within(`${host.place}/ns/net`, RULES),
      namespaces: async () => {
        for (const path of paths) await within(path, NAMESPACE);
      },
      reachable: command(0),
      unreachable: command(1),
    },
    { rounds: 5, budgetMs: 25_000 },
  );
  watches.close();
  const half = (which: 'collect' | 'again', whose: keyof Cpu): number => median(cpu[which].slice(1).map((one) => one[whose]));
  const parts = [
    { what: `Docker: list and ${containers} inspects`, value: took.docker.median },
    { what: 'one dump of each rule set of the host', value: took.rules.median },
    { what: `ip and ss by nsenter in ${paths.length} namespaces`, value: took.namespaces.median },
  ];
  const sum = { what: 'the calls it cannot do without', value: parts.reduce((total, { value }) => total + value, 0) };
  const whole = (i: number, value: number): Row => ({
    what: `netwhy why ${asked(QUESTIONS[i]!)}`,
    unit: 'ms',
    value,
    beside: { what: 'collectEstate', value: took.collect.median },
    bar: BAR,
    note: `whole process, ${i === 0 ? 'reachable' : 'unreachable'}${stale ? '; dist is older than src: npm run build' : ''}`,
  });
  return [
    { what: 'collectEstate', unit: 'ms', value: took.collect.median, beside: sum, note: `${took.collect.rounds} rounds` },
    { what: 'the same in a service, nothing changed', unit: 'ms', value: took.again.median, beside: { what: 'collectEstate', value: took.collect.median } },
    {
      what: '  of which the engine',
      unit: 'ms',
      value: took.engineAgain.median,
      beside: { what: 'the engine asked for everything', value: took.engine.median },
    },
    {
      what: '  processor time of programs in namespaces',
      unit: 'ms',
      value: half('again', 'programs'),
      beside: { what: 'when all is read', value: half('collect', 'programs') },
      note: 'sockets and settings, of which nothing tells',
    },
    {
      what: '  processor time of netwhy itself',
      unit: 'ms',
      value: half('again', 'own'),
      beside: { what: 'when all is read', value: half('collect', 'own') },
      note: 'processes and their sockets, files in /etc, the engine',
    },
    ...parts.map(({ what, value }): Row => ({ what: `  ${what}`, unit: 'ms', value })),
    whole(0, took.reachable.median),
    whole(1, took.unreachable.median),
  ];
}
