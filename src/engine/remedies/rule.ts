/** A rule in front of the one that stops the packet. */
import { parseIptablesSave } from '../../firewall/iptables/parse.ts';
import type { Chain, Rule, Table } from '../../model/firewall.ts';
import type { Netns } from '../../model/network.ts';
import type { Scene } from '../explain/scene.ts';
import { inside, type Proposal, type RemedyKind, withNetns } from './proposal.ts';

function inserted(chain: Chain, rule: Rule): Chain {
  return { ...chain, rules: [rule, ...chain.rules].map((r, i) => ({ ...r, position: i + 1 })) };
}

function allowRule(scene: Scene, chain: string): { rule: Rule; words: readonly string[] } | null {
  const { packet } = scene.why;
  const bits = packet.family === 4 ? 32 : 128;
  const port = scene.direction === 'request' ? ['--dport', String(packet.dport)] : ['--sport', String(packet.sport)];
  const ports = packet.protocol === 'icmp' ? [] : ['-m', packet.protocol, ...port];
  const protocol = packet.protocol === 'icmp' ? (packet.family === 4 ? 'icmp' : 'ipv6-icmp') : packet.protocol;
  const words = ['-s', `${packet.src}/${bits}`, '-d', `${packet.dst}/${bits}`, '-p', protocol, ...ports, '-j', 'ACCEPT'];
  const text = `*filter\n:${chain} - [0:0]\n-A ${chain} ${words.join(' ')}\nCOMMIT\n`;
  const parsed = parseIptablesSave(text, { backend: 'iptables-nft', family: packet.family, source: 'remedy' });
  const rule = parsed.tables[0]?.chains.get(chain)?.rules[0];
  return rule ? { rule, words } : null;
}

function addressesOf(ns: Netns): readonly string[] {
  return ns.links.known ? ns.links.value.flatMap((l) => l.addresses.map((a) => a.address)) : [];
}

function command(scene: Scene, chain: Chain, words: readonly string[]): readonly string[] {
  const { packet } = scene.why;
  if (chain.table.backend === 'nftables') {
    const ip = packet.family === 4 ? 'ip' : 'ip6';
    const port =
      packet.protocol === 'icmp'
        ? ['meta', 'l4proto', packet.family === 4 ? 'icmp' : 'ipv6-icmp']
        : [packet.protocol, scene.direction === 'request' ? 'dport' : 'sport', String(scene.direction === 'request' ? packet.dport : packet.sport)];
    return ['nft', 'insert', 'rule', chain.table.family, chain.table.name, chain.name, ip, 'saddr', packet.src, ip, 'daddr', packet.dst, ...port, 'accept'];
  }
  const tool = `${packet.family === 4 ? 'iptables' : 'ip6tables'}${chain.table.backend === 'iptables-legacy' ? '-legacy' : ''}`;
  return [tool, ...(chain.table.name === 'filter' ? [] : ['-t', chain.table.name]), '-I', chain.name, '1', ...words];
}

function propose(scene: Scene): readonly Proposal[] {
  const own = scene.why.chain;
  if (!own) return [];
  // Docker puts its chains first again at every start; DOCKER-USER is kept for the administrator.
  const table = scene.netns.firewall.tables.find((t) => t.backend === own.table.backend && t.family === own.table.family && t.name === own.table.name);
  const user = scene.why.detail === 'forward' && table?.name === 'filter' ? table.chains.get('DOCKER-USER') : undefined;
  const chain = user ?? own;
  const allowed = allowRule(scene, chain.name);
  const argv = allowed && inside(scene, scene.netns, command(scene, chain, allowed.words));
  if (!allowed || !argv) return [];
  const change = (ns: Netns): Netns => ({
    ...ns,
    firewall: {
      ...ns.firewall,
      tables: ns.firewall.tables.map(
        (t): Table => (t === table ? { ...t, chains: new Map([...t.chains].map(([n, c]) => [n, n === chain.name ? inserted(c, allowed.rule) : c])) } : t),
      ),
    },
  });
  const { packet } = scene.why;
  // a source of another's: the address that a host puts in place of those behind it
  const translated = [...scene.model.namespaces.values()].some((ns) => ns.kind !== 'container' && addressesOf(ns).includes(packet.src));
  return [
    {
      text: `let ${packet.src} through to ${packet.dst} in ${chain.name} on ${scene.netns.host}`,
      commands: [{ host: scene.netns.host, argv }],
      apply: (model) => withNetns(model, scene.netns.id, change),
      // The rule names both ends and the port, in the one direction or the other.
      concerns: ({ from, to, address, socket }) => {
        if (socket.protocol !== packet.protocol || socket.port !== (scene.direction === 'request' ? packet.dport : packet.sport)) return false;
        const ends = [address, ...addressesOf(from), ...addressesOf(to)];
        return ends.includes(packet.dst) && (ends.includes(packet.src) || translated);
      },
    },
  ];
}

export const allow: RemedyKind = {
  causes: ['DOCKER_USER_DROP', 'HOST_FIREWALL_DROP', 'FORWARD_POLICY_DROP', 'RULE_DROP', 'RULE_REJECT', 'POLICY_DROP', 'REPLY_DROPPED', 'ICC_DISABLED'],
  propose,
};
