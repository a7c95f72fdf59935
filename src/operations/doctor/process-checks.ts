/** What this process may do here, and with which tools. */
import type { Capability, OwnProcess, Tool } from '../../collectors/transport/own-process.ts';
import type { Check } from '../../model/doctor.ts';
import { fail, ok, warn } from './check.ts';

/** package.json: engines. */
const OLDEST_NODE = [20, 19] as const;

/** What each is needed for. */
const NEEDED: Readonly<Record<Capability, string>> = {
  CAP_SYS_ADMIN: 'entering network namespaces',
  CAP_SYS_PTRACE: 'finding the namespaces of other processes',
  CAP_NET_ADMIN: 'reading rules, sets and neighbours',
  CAP_NET_RAW: 'reading rules of legacy iptables',
  CAP_DAC_READ_SEARCH: 'telling which process listens',
};

/** Debian's package, and what is not known without it. */
const TOOL_NEEDS: Readonly<Record<Tool, readonly [debian: string, without: string]>> = {
  ip: ['iproute2', 'links, addresses, routes and neighbours'],
  bridge: ['iproute2', 'ports and forwarding tables of bridges'],
  ss: ['iproute2', 'listening sockets'],
  nsenter: ['util-linux', 'everything inside of containers and other namespaces'],
  nft: ['nftables', 'rules of nftables, and whether there are any'],
  'iptables-nft': ['iptables', 'rules of iptables that nf_tables keeps'],
  'iptables-legacy': ['iptables', 'rules of legacy iptables'],
  ipset: ['ipset', 'the members of sets that rules refer to'],
};

export function processChecks(own: OwnProcess): Check[] {
  return [node(own), user(own), pids(own), ...[...own.tools].map(tool), bridges(own)];
}

function node({ node }: OwnProcess): Check {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const recent = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return recent ? ok('node', `Node.js ${node}`) : fail('node', `Node.js ${node} is too old`, `Install Node.js ${OLDEST_NODE.join('.')} or newer.`);
}

function user({ uid, capabilities }: OwnProcess): Check {
  const who = uid === 0 ? 'root' : uid === null ? 'no user' : `user ${uid}`;
  if (capabilities === null)
    return warn('capabilities', `${who}; capabilities cannot be told here`, 'Live hosts are read on Linux only: use recordings elsewhere.');
  const lacking = (Object.keys(NEEDED) as Capability[]).filter((name) => !capabilities.has(name));
  if (lacking.length === 0) return ok('capabilities', `${who}, with all that reading a host takes`);
  const uses = lacking.map((name) => `${name} (${NEEDED[name]})`).join(', ');
  return warn('capabilities', `${who}, without ${uses}`, 'Run netwhy as root, or give it these capabilities: see deploy/netwhy.service.');
}

function pids({ hostPids }: OwnProcess): Check {
  const name = 'pid namespace';
  if (hostPids === null) return warn(name, 'there are none here', 'Live hosts are read on Linux only: use recordings elsewhere.');
  if (hostPids) return ok(name, "the machine's own");
  return warn(
    name,
    'not that of the machine: processes outside of it are not seen',
    'In a container use `pid: host`, as in docker-compose.yml; inside of a virtual host name its process by `namespaceOf`.',
  );
}

function tool([name, version]: readonly [Tool, string | null]): Check {
  if (version !== null) return ok(`tool ${name}`, version);
  const [debian, without] = TOOL_NEEDS[name];
  // Docker needs one of both, and sets are rare: what is missed by it stands among the gaps.
  if (name === 'ipset' || name === 'iptables-legacy') return ok(`tool ${name}`, `not installed: needed only for ${without}`);
  return warn(`tool ${name}`, `not installed: ${without} will not be known`, `Install package ${debian}.`);
}

const bridges = ({ bridgeNetfilter }: OwnProcess): Check =>
  ok(
    'br_netfilter',
    bridgeNetfilter ? 'loaded: iptables may see packets between ports of a bridge' : 'not loaded: iptables does not see packets between ports of a bridge',
  );
