/** What this process may do, and which tools it finds. */
import { existsSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { firstLine } from '../fact.ts';
import { systemPath } from './helper.ts';
import { namespaceInode } from './processes.ts';

/** Numbers of linux/capability.h. */
const CAPABILITIES = { CAP_DAC_READ_SEARCH: 2, CAP_NET_ADMIN: 12, CAP_NET_RAW: 13, CAP_SYS_PTRACE: 19, CAP_SYS_ADMIN: 21 } as const;
export type Capability = keyof typeof CAPABILITIES;

const TOOLS = {
  ip: ['ip', '-V'],
  bridge: ['bridge', '-V'],
  ss: ['ss', '-V'],
  nsenter: ['nsenter', '--version'],
  nft: ['nft', '--version'],
  'iptables-nft': ['iptables-nft-save', '-V'],
  'iptables-legacy': ['iptables-legacy-save', '-V'],
  ipset: ['ipset', '--version'],
} as const;
export type Tool = keyof typeof TOOLS;

export interface OwnProcess {
  readonly node: string;
  /** Null where there are no users. */
  readonly uid: number | null;
  /** Those that it has of the ones that reading a host takes; null where that cannot be told. */
  readonly capabilities: ReadonlySet<Capability> | null;
  /** Null where there are no pid namespaces. */
  readonly hostPids: boolean | null;
  /** The first line that each prints of its version; null: it is not there. */
  readonly tools: ReadonlyMap<Tool, string | null>;
  /** Bridged packets pass the rules of iptables. */
  readonly bridgeNetfilter: boolean;
}

/** PROC_PID_INIT_INO of linux/proc_ns.h: the first pid namespace of a machine. */
const FIRST_PIDS = '4026531836';

export async function readOwnProcess(): Promise<OwnProcess> {
  const pids = namespaceInode('/proc/self/ns/pid');
  const tools = Object.entries(TOOLS).map(async ([tool, [program, option]]) => [tool as Tool, await versionOf(program, option)] as const);
  return {
    node: process.versions.node,
    uid: process.getuid?.() ?? null,
    capabilities: capabilities(),
    hostPids: pids === null ? null : pids === FIRST_PIDS,
    tools: new Map(await Promise.all(tools)),
    bridgeNetfilter: existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables'),
  };
}

function capabilities(): ReadonlySet<Capability> | null {
  if (!existsSync('/proc/self/status')) return null;
  const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (effective === undefined) return null;
  const bits = BigInt(`0x${effective}`);
  return new Set((Object.keys(CAPABILITIES) as Capability[]).filter((name) => (bits >> BigInt(CAPABILITIES[name])) & 1n));
}

async function versionOf(program: string, option: string): Promise<string | null> {
  const run = await execa(program, [option], { reject: false, timeout: 5000, stdin: 'ignore', env: { PATH: systemPath(), LC_ALL: 'C' }, extendEnv: false });
  if (run.code === 'ENOENT') return null;
  return firstLine(run.stdout || run.stderr) || 'of unknown version';
}
