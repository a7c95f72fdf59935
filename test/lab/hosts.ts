/** Builds a switch with Docker hosts on it, each a machine of its own made of namespaces; takes it all away again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { HostConfig } from '../../src/model/host-config.ts';
import { type EngineVersion, findEngines, labFolder } from './engines.ts';
import { IMAGE, packImage } from './image.ts';
import { enter, type Holder, hold, inside, kill, type Place, placeOf, placeWithin, untilGone } from './namespaces.ts';

export interface HostPlan {
  readonly name: string;
  readonly engine: EngineVersion;
  readonly iptables: 'nft' | 'legacy';
  readonly daemonFlags?: readonly string[];
}

export interface LabHost extends HostPlan {
  readonly place: Place;
  /** On the switch: 10.77.0.x. */
  readonly address: string;
  readonly config: HostConfig;
  docker(...argv: string[]): Promise<string>;
  run(argv: readonly string[], input?: string): Promise<string>;

  /** Of a running container. */
  placeOf(container: string): Promise<Place>;
}

export interface Lab {
  readonly folder: string;
  readonly hosts: readonly LabHost[];
  host(name: string): LabHost;
  /** A LAN client, `laptop`: on the switch, without Docker. Listens on tcp 7000 and udp 7001. */
  readonly outside: { readonly place: Place; readonly address: string; readonly config: HostConfig; run(argv: readonly string[]): Promise<string> };
  destroy(): Promise<void>;
}

const PREFIX = 'nwlab-';
const ROUTER = '10.77.0.254';
const OUTSIDE = '10.77.0.100';

/** Starts the program that clears up after the lab, whatever becomes of this process. */
function janitor(folder: string): ChildProcess {
  const child = spawn(join(labFolder, 'teardown.sh'), [folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}

/** Labs whose janitor was killed too. */
async function removeStaleLabs(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const pid = await readFile(join(folder, 'janitor.pid'), 'utf8').catch(() => '');
    const command = pid && (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
    if (!command?.includes(folder)) await execa(join(labFolder, 'teardown.sh'), [folder], { input: '' });
  }
}

function machineSetup(name: string, folder: string): string {
  return `
hostname '${name}'
ip link set lo up
mount -t proc proc /proc
mkdir -p '${folder}/cgroup'
mount --rbind /sys/fs/cgroup '${folder}/cgroup'
mount -t sysfs sysfs /sys
mount --rbind '${folder}/cgroup' /sys/fs/cgroup
umount -R '${folder}/cgroup'
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/docker /etc/docker
mount -t tmpfs tmpfs /etc/docker
mount -t tmpfs tmpfs '${folder}/data'
mount --bind '${folder}/resolv.conf' /etc/resolv.conf
# An answer speaks of the first packet; the next probe must not find the limit used up.
echo 0 > /proc/sys/net/ipv4/icmp_ratelimit
`;
}

/** Makes the folder, and a machine that keeps its state there. */
async function holdMachine(name: string, folder: string): Promise<Holder> {
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(join(folder, 'resolv.conf'), `nameserver ${ROUTER}\n`);
  return hold(machineSetup(name, folder), 'machine');
}

/** Folder with the iptables programs of one backend, to be first in PATH: dockerd calls them by their plain names. */
async function iptablesFolder(folder: string, backend: 'nft' | 'legacy'): Promise<string> {
  const programs = join(folder, 'bin');
  await mkdir(programs);
  const target = (await execa('sh', ['-c', `command -v xtables-${backend}-multi`])).stdout;
  const names = ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore'];
  await Promise.all(names.map((name) => symlink(target, join(programs, name))));
  return programs;
}

async function waitFor(what: string, ready: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await ready()) return;
    await sleep(50);
  }
  throw new Error(`lab: ${what} did not come up in 15 s`);
}

/** A machine on the switch with its engine running. Adds the processes that hold it to `holders`. */
async function startHost(
  lab: string,
  switchPid: number,
  plan: HostPlan,
  engineFolder: string,
  address: string,
  image: string,
  holders: number[],
): Promise<LabHost> {
  const folder = join(lab, plan.name);
  const holder = await holdMachine(plan.name, folder);
  holders.push(holder.process.pid!, holder.pid);
  await plug(switchPid, holder.pid, plan.name, address);
  const programs = await iptablesFolder(folder, plan.iptables);
  const path = [programs, engineFolder, process.env.PATH ?? ''].join(':');
  const machine = enter.machine(placeOf(holder.pid));
  const socket = join(folder, 'docker.sock');
  const flags = ['--data-root', join(folder, 'data'), '-H', `unix://${socket}`, '--cgroup-parent', `/${basename(lab)}-${plan.name}`];
  const log = await open(join(folder, 'dockerd.log'), 'w');
  spawn('nsenter', [...machine, 'dockerd', ...flags, ...(plan.daemonFlags ?? [])], {
    env: { ...process.env, PATH: path },
    stdio: ['ignore', log.fd, log.fd],
  }).unref();
  await log.close();
  const env = { DOCKER_HOST: `unix://${socket}`, PATH: path };
  const docker = async (...argv: string[]): Promise<string> => (await execa('docker', argv, { env, timeout: 30_000 })).stdout;
  await waitFor(`engine ${plan.engine} (${folder}/dockerd.log)`, async () => !(await execa('docker', ['version'], { env, reject: false })).failed);
  await docker('import', image, IMAGE);
  return {
    ...plan,
    place: placeOf(holder.pid),
    address,
    config: { name: plan.name, docker: `unix://${socket}`, namespaceOf: holder.pid, netnsFolders: ['/run/netns', '/run/docker/netns'] },
    docker,
    run: (argv, input) => inside(machine, argv, { env: { PATH: path }, ...(input === undefined ? {} : { input }) }),

    placeOf: async (container) => placeWithin(holder.pid, Number(await docker('inspect', '-f', '{{.State.Pid}}', container))),
  };
}

/** Connects a namespace to the switch as eth0, with the router as its default. */
async function plug(switchPid: number, pid: number, name: string, address: string): Promise<void> {
  const port = `p-${name}`;
  await inside(enter.network(placeOf(switchPid)), ['ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', `${pid}`]);
  await inside(enter.network(placeOf(switchPid)), ['ip', 'link', 'set', port, 'master', 'br0', 'up']);
  const batch = `link set lo up\naddr add ${address}/24 dev eth0\nlink set eth0 up\nroute add default via ${ROUTER}\n`;
  await inside(enter.network(placeOf(pid)), ['ip', '-batch', '-'], { input: batch });
}

/** Starts serve.py in the namespaces; resolves with its process id when it listens. */
export async function serve(into: readonly string[], sockets: readonly string[]): Promise<number> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'nsenter', ...into, '/usr/bin/python3', join(labFolder, 'serve.py'), ...sockets], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error(`serve.py ${sockets.join(' ')} died`)));
  });
  child.removeAllListeners('exit');
  child.stdout.destroy();
  child.unref();
  return child.pid!;
}

export async function createLab(plan: { readonly hosts: readonly HostPlan[] }): Promise<Lab> {
  await removeStaleLabs();
  const engines = await findEngines();
  for (const { engine } of plan.hosts) {
    const found = engines[engine];
    if (!found.available) throw new Error(`lab: ${found.reason}`);
  }
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  const cleaner = janitor(folder);
  await writeFile(join(folder, 'janitor.pid'), `${cleaner.pid}`);
  const holders: number[] = [];
  const destroy = async (): Promise<void> => {
    kill(holders);
    cleaner.ref();
    const gone = cleaner.exitCode === null ? once(cleaner, 'exit') : null;
    cleaner.stdin?.end();
    await gone;
    await untilGone(holders);
  };
  try {
    const lan = await hold('ip link add br0 type bridge; ip link set lo up; ip link set br0 up; ip addr add 10.77.0.254/24 dev br0', 'network');
    holders.push(lan.pid);
    const names = await serve(enter.network(placeOf(lan.pid)), [`dns:${ROUTER}:53`]);
    holders.push(names);
    const client = await holdMachine('laptop', join(folder, 'laptop'));
    holders.push(client.process.pid!, client.pid);
    await plug(lan.pid, client.pid, 'outside', OUTSIDE);
    await serve(enter.machine(placeOf(client.pid)), ['tcp:7000', 'udp:7001']);
    const image = await packImage(folder);
    const started = await Promise.allSettled(
      plan.hosts.map((host, i) => {
        const engine = engines[host.engine];
        return startHost(folder, lan.pid, host, engine.available ? engine.folder : '', `10.77.0.${11 + i}`, image, holders);
      }),
    );
    const hosts = started.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
    const host = (name: string): LabHost => {
      const found = hosts.find((h) => h.name === name);
      if (!found) throw new Error(`lab: no host ${name}`);
      return found;
    };
    return {
      folder,
      hosts,
      host,
      outside: {
        place: placeOf(client.pid),
        address: OUTSIDE,
        config: { name: 'laptop', docker: 'none', namespaceOf: client.pid, netnsFolders: ['/run/netns'] },
        run: (argv) => inside(enter.network(placeOf(client.pid)), argv),
      },
      destroy,
    };
  } catch (error) {
    await destroy();
    throw error;
  }
}
