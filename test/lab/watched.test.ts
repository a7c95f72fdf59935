/** What a process that stays knows of a real host after each change is what reading everything anew brings. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HostWatches } from '../../src/collectors/host-watches.ts';
import { collectEstate } from '../../src/collectors/index.ts';
import { namespaceInode } from '../../src/collectors/transport/processes.ts';
import { type Fact, factKey, type HostFacts } from '../../src/model/facts.ts';
import { createLab, type Lab, type LabHost, serve } from './hosts.ts';
import { IMAGE } from './image.ts';
import { enter, inside, type Place } from './namespaces.ts';
import { labPossible } from './possible.ts';

/** Counters, ages, and what the kernel does by itself meanwhile. */
function plain({ source, status, data }: Fact): string {
  const text = data
    .replace(/\[\d+:\d+\]/g, '')
    .replace(/"(packets|bytes)": ?\d+/g, '')
    .replace(/"\w+_timer": ?[\d.]+|"(?:expires|promiscuity)": ?\d+/g, '')
    .replace(/^net\.netfilter\.nf_conntrack_count.*$/m, '');
  if (source === 'ip.neigh') return `${status} ${text.replace(/"state":\[[^\]]*\]/g, '')}`;
  if (/^ip6?tables/.test(source)) return `${status} ${text.replace(/^#.*$/gm, '')}`;
  return `${status} ${text}`;
}

interface Deed {
  readonly name: string;
  readonly source: Fact['source'];
  /** In the fact afterwards, and not before. */
  readonly shows: RegExp;
  readonly argv: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');

const DEEDS: readonly Deed[] = [
  { name: 'an address', source: 'ip.addr', shows: /10\.99\.1\.1/, argv: ['ip', 'addr', 'add', '10.99.1.1/24', 'dev', 'one'] },
  { name: 'a route', source: 'ip.route', shows: /10\.98\.0\.0/, argv: ['ip', 'route', 'add', '10.98.0.0/16', 'via', '10.99.0.2'] },
  { name: 'an IPv6 route', source: 'ip.route6', shows: /2001:db8:77/, argv: ['ip', '-6', 'route', 'add', 'blackhole', '2001:db8:77::/48'] },
  { name: 'a policy rule', source: 'ip.rule', shows: /10\.97\.0\.1/, argv: ['ip', 'rule', 'add', 'from', '10.97.0.1', 'lookup', '77'] },
  {
    name: 'a neighbour',
    source: 'ip.neigh',
    shows: /02:00:00:00:77:01/,
    argv: words('ip neigh replace 10.99.0.77 lladdr 02:00:00:00:77:01 dev one nud permanent'),
  },
  { name: 'an MTU', source: 'ip.addr', shows: /"mtu":1377/, argv: ['ip', 'link', 'set', 'one', 'mtu', '1377'] },
  { name: 'a forwarding entry', source: 'bridge.fdb', shows: /02:00:00:00:77:02/, argv: words('bridge fdb add 02:00:00:00:77:02 dev two master static') },
  { name: 'an isolated port', source: 'bridge.link', shows: /"isolated":true/, argv: ['bridge', 'link', 'set', 'dev', 'two', 'isolated', 'on'] },
  { name: 'an nft rule', source: 'nft', shows: /10\.96\.0\.1/, argv: words('nft add rule inet watched here ip saddr 10.96.0.1 drop') },
  { name: 'an iptables rule', source: 'iptables-nft', shows: /10\.95\.0\.1/, argv: words('iptables-nft -A OUTPUT -d 10.95.0.1 -j DROP') },
  { name: 'a legacy iptables rule', source: 'iptables-legacy', shows: /10\.94\.0\.1/, argv: words('iptables-legacy -A OUTPUT -d 10.94.0.1 -j DROP') },
  { name: 'another legacy iptables rule', source: 'iptables-legacy', shows: /10\.94\.0\.2/, argv: words('iptables-legacy -A OUTPUT -d 10.94.0.2 -j DROP') },
  { name: 'a member of a set', source: 'ipset', shows: /10\.93\.0\.1/, argv: ['ipset', 'add', 'watched', '10.93.0.1'] },
  { name: 'a setting that nothing tells of', source: 'sysctl', shows: /ip_default_ttl = 77/, argv: ['sysctl', '-w', 'net.ipv4.ip_default_ttl=77'] },
  { name: 'a setting of an interface', source: 'sysctl', shows: /conf\.one\.rp_filter = 2/, argv: ['sysctl', '-w', 'net.ipv4.conf.one.rp_filter=2'] },
  { name: 'a link that goes down', source: 'ip.route', shows: /^(?!.*10\.99\.0\.0)/s, argv: ['ip', 'link', 'set', 'one', 'down'] },
];
const SETUP = [
  'ip link add one type veth peer name two',
  'ip link add name br-watched type bridge',
  'ip link set two master br-watched',
  'ip link set one up',
  'ip link set two up',
  'ip link set br-watched up',
  'ip addr add 10.99.0.1/24 dev one',
  'nft add table inet watched',
  'nft add chain inet watched here',
  'ipset create watched hash:ip',
];

const group = labPossible() ? describe : describe.skip;

group('a host that is watched', () => {
  let lab: Lab;
  let host: LabHost;
  let watches: HostWatches;
  const problems: string[] = [];
  let last: HostFacts;
  const kept = async () => {
    [last] = (await collectEstate([host.config], { watches })) as [HostFacts];
    return last;
  };
  const fresh = async () => (await collectEstate([host.config]))[0]!;
  const textOf = (facts: HostFacts, source: string, netns: string) => facts.facts.find((fact) => factKey(fact) === `${source} ${netns}`)?.data ?? '';
  /** Of the facts that are not the same, what is not. */
  const different = (a: HostFacts, b: HostFacts): string[] => {
    const [x, y] = [a, b].map(({ facts }) => new Map(facts.map((fact) => [factKey(fact), plain(fact)])));
    const wrong = [...new Set([...x!.keys(), ...y!.keys()])].filter((key) => x!.get(key) !== y!.get(key));
    return wrong.map((key) => `${key}: ${apart(x!.get(key), y!.get(key))}`);
  };
  /** Once more where the host itself changed between the two readings. */
  const expectSame = async (read?: HostFacts) => {
    let wrong = different(read ?? (await kept()), await fresh());
    for (let i = 0; i < 2 && wrong.length > 0; i++) wrong = different(await kept(), await fresh());
    expect(wrong).toEqual([]);
  };

  beforeAll(async () => {
    lab = await createLab({ hosts: [{ name: 'e20', engine: '20.10', iptables: 'nft' }] });
    host = lab.host('e20');
    await host.docker('network', 'create', 'front');
    for (const name of ['web', 'db']) await host.docker('run', '-d', '--name', name, '--network', 'front', IMAGE, 'httpd', '-f', '-p', '80');
    for (const place of [host.place, await host.placeOf('web')]) for (const line of SETUP) await inside(enter.network(place), words(line));
    watches = new HostWatches({ report: (problem) => problems.push(problem) });
    await kept();
  }, 120_000);
  afterAll(async () => {
    watches?.close();
    await lab?.destroy();
  });

  test('is not read again where nothing happened, and says when it was', async () => {
    const namespaces = [namespaceInode(`${host.place}/ns/net`), namespaceInode(`${await host.placeOf('web')}/ns/net`)];
    const keys = namespaces.flatMap((netns) => ['ip.addr', 'ip.route', 'nft', 'iptables-nft', 'bridge.link'].map((source) => `${source} ${netns}`));
    const times = ({ earlier = {} }: HostFacts) => keys.map((key) => earlier[key]);
    let before = await kept();
    let after = await kept();
    // What was just made goes on for a while: addresses are checked for being alone, ports learn.
    for (let i = 0; i < 30 && (times(after).includes(undefined) || String(times(before)) !== String(times(after))); i++)
      [before, after] = [after, await kept()];
    expect(problems).toEqual([]);
    expect(times(after)).toEqual(times(before));
    for (const time of times(after)) expect((time ?? '9') < before.collectedAt).toBe(true);
    expect(Object.keys(after.earlier ?? {}).filter((key) => /^(ss|sysctl|docker|host)/.test(key))).toEqual([]);
    await expectSame(after);
  }, 60_000);

  describe.each(['itself', 'a container'])('%s', (where) => {
    let place: Place;
    let netns: string;
    beforeAll(async () => {
      place = where === 'itself' ? host.place : await host.placeOf('web');
      netns = namespaceInode(`${place}/ns/net`)!;
    });

    test.each(DEEDS)(
      'knows of $name at once',
      async ({ source, shows, argv }) => {
        expect(textOf(last, source, netns)).not.toMatch(shows);
        await inside(enter.network(place), argv);
        const read = await kept();
        expect(textOf(read, source, netns)).toMatch(shows);
        await expectSame(read);
      },
      60_000,
    );

    test('knows of a listener that opened and closed', async () => {
      const pid = await serve(enter.network(place), ['tcp:9321']);
      const open = await kept();
      expect(textOf(open, 'ss', netns)).toMatch(/:9321/);
      await expectSame(open);
      process.kill(pid, 'SIGKILL');
      const holds = () => readdirSync('/proc').includes(String(pid));
      while (holds()) await new Promise((resolve) => setTimeout(resolve, 10));
      const closed = await kept();
      expect(textOf(closed, 'ss', netns)).not.toMatch(/:9321/);
      await expectSame(closed);
    }, 60_000);
  });

  test('knows of containers that start, are connected and end, whose namespaces it lets go', async () => {
    await host.docker('run', '-d', '--name', 'late', '-p', '8099:80', IMAGE, 'httpd', '-f', '-p', '80');
    await expectSame(await kept());
    await host.docker('network', 'connect', 'front', 'late');
    await expectSame(await kept());
    const netns = namespaceInode(`${await host.placeOf('late')}/ns/net`)!;
    const dwellers = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && homeOf(pid) === `net:[${netns}]`);
    expect(dwellers().length).toBeGreaterThan(3);
    await host.docker('rm', '-f', 'late');
    for (let i = 0; i < 500 && dwellers().length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(dwellers()).toEqual([]);
    await expectSame(await kept());
  }, 120_000);

  test('is read again when more happened than could be heard, and when nobody comes to hear it', async () => {
    const own = namespaceInode(`${host.place}/ns/net`)!;
    const [ip] = listeners('ip', own) as [number];
    const flood = (verb: string) =>
      inside(enter.network(host.place), ['ip', '-batch', '-'], {
        input: Array.from({ length: 8000 }, (_, i) => `route ${verb} blackhole 10.80.${i >> 8}.${i & 255}/32 table 80\n`).join(''),
      });
    await kept();
    process.kill(ip, 'SIGSTOP');
    await flood('add');
    expect(textOf(await kept(), 'ip.route', own)).toMatch(/10\.80\.31\.63/);
    await flood('del');
    process.kill(ip, 'SIGCONT');
    expect(textOf(await kept(), 'ip.route', own)).not.toMatch(/10\.80\./);
    await expectSame();
    expect(listeners('ip', own)).toEqual([ip]);
  }, 120_000);

  test('is left by those who listen when the one that they tell is killed', async () => {
    const code = `
      const { HostWatches } = await import('./src/collectors/host-watches.ts');
      const { collectEstate } = await import('./src/collectors/index.ts');
      await collectEstate([${JSON.stringify(host.config)}], { watches: new HostWatches() });
      console.log('ready');
      setInterval(() => {}, 1000);`;
    const service = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(service.stdout, 'data');
    const listening = below(service.pid!).filter((pid) => ['ip', 'nft'].includes(commOf(String(pid))));
    expect(listening.length).toBeGreaterThanOrEqual(2 * 3);
    service.kill('SIGKILL');
    const left = () => listening.filter((pid) => ['ip', 'nft'].includes(commOf(String(pid))));
    for (let i = 0; i < 500 && left().length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(left()).toEqual([]);
  }, 60_000);

  test('is read again where nft listens no longer: rules alone, and says so once', async () => {
    const own = namespaceInode(`${host.place}/ns/net`)!;
    await kept();
    for (const pid of listeners('nft', own)) process.kill(pid, 'SIGKILL');
    await inside(enter.network(host.place), words('nft add rule inet watched here ip saddr 10.91.0.1 drop'));
    for (let i = 0; i < 2; i++) expect(textOf(await kept(), 'nft', own)).toMatch(/10\.91\.0\.1/);
    expect(Object.keys(last.earlier ?? {}).filter((key) => key.endsWith(own) && /nft|iptables/.test(key))).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(/^host e20: .*nft monitor ended/)]);
    problems.length = 0;
  }, 60_000);

  test('is read whole when nobody listens any more, and says why once', async () => {
    const own = namespaceInode(`${host.place}/ns/net`)!;
    await kept();
    for (const pid of listeners('ip', own)) process.kill(pid, 'SIGKILL');
    await inside(enter.network(host.place), words('ip route add 10.92.0.0/16 dev two'));
    for (let i = 0; i < 2; i++) {
      const read = await kept();
      expect(textOf(read, 'ip.route', own)).toMatch(/10\.92\.0\.0/);
      expect(Object.keys(read.earlier ?? {}).filter((key) => key.endsWith(own))).toEqual([]);
    }
    expect(problems).toEqual([expect.stringMatching(/^host e20: .*ip monitor ended/)]);
  }, 60_000);
});

/** From where two texts part. */
function apart(a = 'none', b = 'none'): string {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const from = Math.max(0, i - 40);
  return `${JSON.stringify(a.slice(from, i + 60))} and ${JSON.stringify(b.slice(from, i + 60))}`;
}

function homeOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}

/** Its children, and theirs. */
function below(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean));
  return children.map(Number).flatMap((child) => [child, ...below(child)]);
}

/** Processes of a program in a namespace. */
function listeners(comm: string, netns: string): number[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && homeOf(pid) === `net:[${netns}]` && commOf(pid) === comm)
    .map(Number);
}

function commOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/^.*\//, '');
  } catch {
    return '';
  }
}
