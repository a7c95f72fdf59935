/** Makes a world of namespaces out of its description, inside a machine that takes all of it along when it dies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import type { HostConfig } from '../../src/model/host-config.ts';
import { enter, type Holder, hold, kill, type Place, placeOf, untilGone } from '../lab/namespaces.ts';
import type { Item, World } from './world.ts';

/** The probes before must not change what happens to a later one, hence no redirects and no limit on errors; neighbour discovery is hurried. */
const QUIET = `
for c in /proc/sys/net/ipv4/conf/all /proc/sys/net/ipv4/conf/default; do
  for k in send_redirects accept_redirects secure_redirects rp_filter; do echo 0 > $c/$k; done
done
for c in /proc/sys/net/ipv6/conf/all /proc/sys/net/ipv6/conf/default; do
  for k in accept_dad dad_transmits accept_ra router_solicitations accept_redirects; do echo 0 > $c/$k; done
done
echo 0 > /proc/sys/net/ipv4/icmp_ratemask
echo 0 > /proc/sys/net/ipv6/icmp/ratelimit
for f in icmp_msgs_per_sec icmp_msgs_burst; do [ ! -w /proc/sys/net/ipv4/$f ] || echo 1000000 > /proc/sys/net/ipv4/$f; done
echo 0 > /proc/sys/net/ipv4/tcp_synack_retries
echo 40000 60999 > /proc/sys/net/ipv4/ip_local_port_range
for f in iptables ip6tables arptables; do [ ! -w /proc/sys/net/bridge/bridge-nf-call-$f ] || echo 0 > /proc/sys/net/bridge/bridge-nf-call-$f; done
ip link set lo up
`;
/** An interface's own discovery: gives up after about 120 ms instead of 3 s, and a proxy answers at once. */
const HURRY = `
for d in /proc/sys/net/ipv4/neigh/* /proc/sys/net/ipv6/neigh/*; do
  case $d in */default) continue;; esac
  echo 40 > $d/retrans_time_ms; echo 0 > $d/proxy_delay
done
`;

const machineSetup = (nodes: readonly string[]): string => `
hostname world
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/places
ip link set lo up
${nodes.map((n) => `ip netns add ${n}; mkdir -p /run/places/${n}/ns; ln -s ../../../netns/${n} /run/places/${n}/ns/net`).join('\n')}
`;

export interface Built {
  readonly config: HostConfig;
  placeOf(node: string): Place;
  /** What the kernel refused, for a person. */
  readonly refused: readonly string[];
  destroy(): Promise<void>;
}

type Of<K extends Item['kind']> = Extract<Item, { kind: K }>;

export async function build(world: World): Promise<Built> {
  const machine = await hold(machineSetup(world.nodes), 'machine');
  const destroy = async (): Promise<void> => {
    kill([machine.pid, machine.process.pid!]);
    await untilGone([machine.pid, machine.process.pid!]);
  };
  try {
    const refused = await furnish(world, machine);
    const config: HostConfig = { name: 'world', docker: 'none', namespaceOf: machine.pid, netnsFolders: ['/run/netns'] };
    return { config, placeOf: (node) => place(machine, node), refused, destroy };
  } catch (error) {
    await destroy();
    throw error;
  }
}

const place = (machine: Holder, node: string): Place => `${placeOf(machine.pid)}/root/run/places/${node}`;

async function furnish(world: World, machine: Holder): Promise<readonly string[]> {
  const refused: string[] = [];
  const run = async (into: readonly string[], argv: readonly string[], input: string): Promise<string> => {
    const done = await execa('nsenter', [...into, ...argv], { input, reject: false, timeout: 20_000 });
    return done.exitCode === 0 ? '' : done.stderr || done.shortMessage || 'failed';
  };
  const own = <K extends Item['kind']>(node: string, kind: K): Of<K>[] => world.items.filter((item): item is Of<K> => item.kind === kind && item.on === node);
  const each = (what: (node: string, into: readonly string[]) => Promise<void>): Promise<unknown> =>
    Promise.all(world.nodes.map((node) => what(node, enter.network(place(machine, node)))));
  /** All lines at once; when one is refused, one by one. */
  const lines = async (into: readonly string[], argv: readonly string[], all: readonly string[], wrap: (lines: readonly string[]) => string): Promise<void> => {
    if (all.length === 0 || !(await run(into, argv, wrap(all)))) return;
    for (const line of all) {
      const problem = await run(into, argv, wrap([line]));
      if (problem) refused.push(`${line}: ${problem.split('\n')[0]}`);
    }
  };
  const plain = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

  await each(async (_, into) => void (await run(into, ['sh'], QUIET)));
  // Different indexes at the two ends: else the kernel puts off the news of the carrier (linkwatch_urgent_event).
  const wires = world.items
    .filter((item) => item.kind === 'wire')
    .map((w, i) => `link add ${w.dev} index ${100 + 2 * i} netns ${w.on} type veth peer name ${w.peerDev} index ${101 + 2 * i} netns ${w.peer}`);
  await lines(enter.machine(placeOf(machine.pid)), ['ip', '-batch', '-'], wires, plain);
  await each(async (node, into) => {
    const force = async (argv: readonly string[], all: readonly string[]): Promise<void> => {
      const said = all.length > 0 ? await run(into, [...argv, '-force', '-batch', '-'], plain(all)) : '';
      refused.push(...said.split('\n').filter((line) => line && !line.startsWith('Command failed')));
    };
    const ip = own(node, 'ip').map(({ line }) => line);
    await force(
      ['ip'],
      ip.filter((line) => !line.startsWith('-6 ')),
    );
    await force(
      ['ip', '-6'],
      ip.flatMap((line) => (line.startsWith('-6 ') ? [line.slice(3)] : [])),
    );
    await force(
      ['bridge'],
      own(node, 'bridge').map(({ line }) => line),
    );
    await run(
      into,
      ['sh'],
      HURRY +
        own(node, 'sysctl')
          .map(({ key, value }) => `echo ${value} > /proc/sys/net/${key}`)
          .join('\n'),
    );
    await lines(
      into,
      ['ipset', 'restore'],
      own(node, 'ipset').map(({ line }) => line),
      plain,
    );
    for (const program of ['iptables-nft', 'iptables-legacy', 'ip6tables-nft', 'ip6tables-legacy'] as const) {
      const rules = own(node, 'iptables').filter((item) => item.program === program);
      for (const table of new Set(rules.map((rule) => rule.table))) {
        const mine = rules.filter((rule) => rule.table === table).map(({ line }) => line);
        await lines(into, [`${program}-restore`, '--noflush'], mine, (some) => `*${table}\n${plain(some)}COMMIT\n`);
      }
    }
    await lines(
      into,
      ['nft', '-f', '-'],
      own(node, 'nft').map(({ line }) => line),
      plain,
    );
  });
  await serve(world, machine);
  return refused;
}

async function serve(world: World, machine: Holder): Promise<void> {
  const sockets = world.items.filter((item) => item.kind === 'listen').map(({ on, socket }) => ({ place: `/run/places/${on}`, ...socket }));
  const script = join(import.meta.dirname, 'serve.py');
  const child = spawn('nsenter', [...enter.machine(placeOf(machine.pid)), '/usr/bin/python3', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(sockets));
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('the servers of the world died');
    }),
  ]);
  child.stdout.destroy();
  child.removeAllListeners();
  child.unref();
}
