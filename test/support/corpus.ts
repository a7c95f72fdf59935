/** Recorded scenarios of the kernel oracle as facts: one host `lab`, one named namespace a folder under `ns/`. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EstateFacts, Fact, FactSource } from '../../src/model/facts.ts';

/** Source, file, and whether the recorder left the file out only because there was nothing to print. */
const FILES: readonly (readonly [FactSource, string])[] = [
  ['ip.route', 'ip-route4.json'],
  ['ip.route6', 'ip-route6.json'],
  ['ip.rule', 'ip-rule4.json'],
  ['ip.rule6', 'ip-rule6.json'],
  ['ip.neigh', 'ip-neigh.json'],
  ['bridge.link', 'bridge-link.json'],
  ['bridge.vlan', 'bridge-vlan.json'],
  ['bridge.fdb', 'bridge-fdb.json'],
  ['sysctl', 'sysctl.txt'],
  ['ss', 'ss.txt'],
  ['iptables-nft', 'iptables-save.txt'],
  ['ip6tables-nft', 'ip6tables-save.txt'],
  ['iptables-legacy', 'iptables-legacy-save.txt'],
  ['ip6tables-legacy', 'ip6tables-legacy-save.txt'],
  ['nft', 'nft.json'],
  ['ipset', 'ipset.txt'],
  ['resolv.conf', 'resolv.conf'],
  ['hosts', 'hosts'],
];

interface Entry {
  readonly ifindex: number;
  readonly addr_info?: unknown;
}

/** `ip -d link` has the details, `ip addr` the addresses: together they are `ip -d addr`. */
function mergedLinks(folder: string): string {
  const links = JSON.parse(readFileSync(join(folder, 'ip-link.json'), 'utf8')) as Entry[];
  const addresses = JSON.parse(readFileSync(join(folder, 'ip-addr.json'), 'utf8')) as Entry[];
  const byIndex = new Map(addresses.map((entry) => [entry.ifindex, entry]));
  return JSON.stringify(links.map((link) => ({ ...byIndex.get(link.ifindex), ...link })));
}

function fact(source: FactSource, netns: string | null, data: string | null): Fact {
  return data === null ? { source, netns, status: 'absent', reason: 'not recorded', data: '' } : { source, netns, status: 'ok', data };
}

export function corpusInode(name: string): string {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.charCodeAt(0)) % 1_000_003;
  return String(4_026_000_000 + hash);
}

export function corpusNames(dir: string): string[] {
  return readdirSync(join(dir, 'ns')).sort();
}

/** `dir` holds `ns/<name>/<files>`. Namespace ids are `lab/<corpusInode(name)>`. */
export function corpusFacts(dir: string): EstateFacts {
  const names = corpusNames(dir);
  const facts: Fact[] = [
    fact('docker.version', null, null),
    fact('docker.info', null, null),
    fact('docker.networks', null, null),
    fact('docker.containers', null, null),
    fact('host.sockets', null, '{}'),
    fact('host.docker-proxy', null, '[]'),
    fact(
      'host.namespaces',
      null,
      JSON.stringify(
        names.map((name) => ({
          inode: corpusInode(name),
          kind: 'named',
          paths: [`/run/netns/${name}`],
          names: [name],
          pids: [],
          containerIds: [],
          engine: null,
        })),
      ),
    ),
    fact('host.kernel', null, JSON.stringify({ release: '6.18.5', version: '', machine: 'x86_64', hostname: 'lab' })),
  ];
  for (const name of names) {
    const folder = join(dir, 'ns', name);
    const inode = corpusInode(name);
    facts.push(fact('ip.addr', inode, mergedLinks(folder)));
    for (const [source, file] of FILES) {
      const path = join(folder, file);
      facts.push(fact(source, inode, existsSync(path) ? readFileSync(path, 'utf8') : null));
    }
  }
  return [{ version: 1, host: 'lab', collectedAt: '2026-11-21T10:31:36.000Z', facts }];
}

const PACKED = '../shared/oracle/corpus.tar.xz';

/** Folder of all scenarios, unpacked once into the temporary folder; null where there is no corpus. */
function corpusFolder(): string | null {
  if (!existsSync(PACKED)) return null;
  const folder = join(tmpdir(), 'netwhy-oracle-corpus');
  if (!existsSync(folder)) {
    // several test processes may get here at once: each unpacks its own, the first rename wins
    const mine = `${folder}.${process.pid}`;
    mkdirSync(mine, { recursive: true });
    execFileSync('tar', ['-xJf', PACKED, '-C', mine]);
    try {
      renameSync(mine, folder);
    } catch {
      rmSync(mine, { recursive: true });
    }
  }
  return join(folder, 'corpus');
}

/** Folders of the scenarios in order of their seeds; none where there is no corpus. */
export function corpusScenarios(): readonly string[] {
  const folder = corpusFolder();
  return folder === null
    ? []
    : readdirSync(folder)
        .sort((a, b) => Number(a) - Number(b))
        .map((seed) => join(folder, seed));
}
