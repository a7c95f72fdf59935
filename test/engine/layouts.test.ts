/** Whose rule is it? Told by where it stands; rule sets as the programs write them, and as real engines printed them. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { layoutOf } from '../../src/engine/explain/layouts/index.ts';
import { parseIptablesSave } from '../../src/firewall/iptables/parse.ts';
import { parseNftJson } from '../../src/firewall/nft/parse.ts';
import type { Table } from '../../src/model/firewall.ts';

const save = (text: string): readonly Table[] => parseIptablesSave(text, { backend: 'iptables-nft', family: 4, source: 'test' }).tables;

function named(tables: readonly Table[], table: string, chain: string, position: number | null, path?: readonly string[]): string | null {
  const found = tables.find((t) => t.name === table)?.chains.get(chain);
  if (!found) throw new Error(`no chain ${chain}`);
  return layoutOf(found, position === null ? null : (found.rules[position - 1] ?? null), path)?.phrase ?? null;
}

const HOST = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:ufw-before-input - [0:0]
:ufw-user-input - [0:0]
:ufw-skip-to-policy-input - [0:0]
:ufw-docker-logging-deny - [0:0]
:f2b-sshd - [0:0]
:ts-input - [0:0]
:mine - [0:0]
:DOCKER-USER - [0:0]
:IN_public_deny - [0:0]
-A INPUT -j ts-input
-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd
-A INPUT -j ufw-before-input
-A FORWARD -j DOCKER-USER
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-user-input -p tcp -m tcp --dport 80 -j DROP
-A ufw-skip-to-policy-input -j DROP
-A ufw-docker-logging-deny -j DROP
-A f2b-sshd -s 192.0.2.9/32 -j REJECT --reject-with icmp-port-unreachable
-A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP
-A mine -j DROP
-A DOCKER-USER -j mine
-A IN_public_deny -j DROP
COMMIT
`;

const NODE = `*filter
:FORWARD DROP [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-EXTERNAL-SERVICES - [0:0]
:KUBE-FORWARD - [0:0]
:KUBE-FIREWALL - [0:0]
:FLANNEL-FWD - [0:0]
:cali-tw-cali1234 - [0:0]
:cali-pi-default.deny - [0:0]
:NETAVARK-ISOLATION-2 - [0:0]
:NETAVARK_FORWARD - [0:0]
-A FORWARD -j FLANNEL-FWD
-A KUBE-SERVICES -d 10.96.0.9/32 -p tcp -m comment --comment "default/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/web has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30001 -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -j DROP
-A FLANNEL-FWD -s 10.244.0.0/16 -j DROP
-A cali-tw-cali1234 -j DROP
-A cali-pi-default.deny -j DROP
-A NETAVARK-ISOLATION-2 -o podman1 -j DROP
-A NETAVARK_FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
`;

describe('rules of iptables by whose they are', () => {
  test.each<readonly [string, string, string, number | null, string | null]>([
    ['a host', 'filter', 'INPUT', null, "ufw's default deny"],
    ['a host', 'filter', 'FORWARD', null, "Docker's default deny of forwarded packets"],
    ['a host', 'filter', 'ufw-before-input', 1, "ufw's basic rules"],
    ['a host', 'filter', 'ufw-user-input', 1, 'a rule of ufw'],
    ['a host', 'filter', 'ufw-skip-to-policy-input', 1, "ufw's default deny"],
    ['a host', 'filter', 'ufw-docker-logging-deny', 1, "ufw-docker's deny of ports that no route rule allows"],
    ['a host', 'filter', 'f2b-sshd', 1, "fail2ban's ban of this address (jail sshd)"],
    ['a host', 'filter', 'ts-input', 1, "Tailscale's guard of its own addresses"],
    ['a host', 'filter', 'IN_public_deny', 1, "firewalld's zone or policy public"],
    ['a host', 'filter', 'mine', 1, null],
    ['a node', 'filter', 'FORWARD', null, null],
    ['a node', 'filter', 'KUBE-SERVICES', 1, "kube-proxy's refusal for a service without endpoints"],
    ['a node', 'filter', 'KUBE-EXTERNAL-SERVICES', 1, "kube-proxy's drop for a service without local endpoints"],
    ['a node', 'filter', 'KUBE-FORWARD', 1, "kube-proxy's drop of invalid packets"],
    ['a node', 'filter', 'KUBE-FIREWALL', 1, "kubelet's guard of loopback addresses"],
    ['a node', 'filter', 'FLANNEL-FWD', 1, "flannel's rules"],
    ['a node', 'filter', 'cali-tw-cali1234', 1, "Calico's policy for cali1234"],
    ['a node', 'filter', 'cali-pi-default.deny', 1, "Calico's network policy default.deny"],
    ['a node', 'filter', 'NETAVARK-ISOLATION-2', 1, "Podman's isolation between networks"],
    ['a node', 'filter', 'NETAVARK_FORWARD', 1, "Podman's drop of invalid packets"],
  ])('on %s, %s %s rule %s is %s', (where, table, chain, position, phrase) => {
    expect(named(save(where === 'a host' ? HOST : NODE), table, chain, position)).toBe(phrase);
  });

  test('a chain of nobody in particular is told by the one that asked it', () => {
    expect(named(save(HOST), 'filter', 'mine', 1, ['FORWARD', 'DOCKER-USER', 'mine'])).toBe("the administrator's own rules (DOCKER-USER)");
  });
});

describe('native nftables rules by whose they are', () => {
  const drop = (family: string, table: string, chain: string, expr: readonly unknown[], more: Record<string, unknown> = {}) => [
    { table: { family, name: table, handle: 1 } },
    { chain: { family, table, name: chain, handle: 2, ...more } },
    { rule: { family, table, chain, handle: 3, expr } },
  ];
  const base = { type: 'filter', hook: 'forward', prio: 10, policy: 'accept' };
  test.each([
    [drop('inet', 'firewalld', 'filter_FORWARD', [{ reject: { type: 'icmpx', expr: 'admin-prohibited' } }], base), "firewalld's default reject"],
    [drop('inet', 'firewalld', 'filter_FWD_public_deny', [{ drop: null }]), "firewalld's zone or policy public"],
    [drop('inet', 'netavark', 'NETAVARK-ISOLATION-2', [{ drop: null }]), "Podman's isolation between networks"],
    [drop('inet', 'f2b-table', 'f2b-chain', [{ drop: null }], base), "fail2ban's ban of this address"],
    [drop('ip', 'kube-proxy', 'reject-chain', [{ reject: null }]), "kube-proxy's refusal for a service without endpoints"],
    [drop('ip', 'flannel-ipv4', 'forward', [{ drop: null }], base), "flannel's rules"],
    [drop('inet', 'mine', 'forward', [{ drop: null }], base), null],
  ])('%#', (nftables, phrase) => {
    const { tables } = parseNftJson(JSON.stringify({ nftables }), { source: 'test' });
    const table = tables[0]!;
    const chain = [...table.chains.values()][0]!;
    expect(layoutOf(chain, chain.rules[0]!)?.phrase ?? null).toBe(phrase);
  });
});

const ENGINES = resolve('../shared/fixtures/engines');

(existsSync(ENGINES) ? describe : describe.skip)('every rule of Docker that drops is known by name', () => {
  test.each(['20.10-nft', '26.1', '28.5', '29.7-nftables'])('engine %s', (engine) => {
    const tables = [
      ...save(readFileSync(`${ENGINES}/${engine}/iptables-nft-save.txt`, 'utf8')),
      ...parseNftJson(readFileSync(`${ENGINES}/${engine}/nft-ruleset.json`, 'utf8'), { source: 'test' }).tables.filter((t) => t.name === 'docker-bridges'),
    ];
    const drops = tables.flatMap((table) =>
      [...table.chains.values()].flatMap((chain) => chain.rules.filter((rule) => /-j DROP$|\bdrop\b/.test(rule.text)).map((rule) => ({ chain, rule }))),
    );
    expect(drops.length).toBeGreaterThan(0);
    expect(drops.filter(({ chain, rule }) => layoutOf(chain, rule)?.program !== 'Docker').map(({ rule }) => rule.text)).toEqual([]);
  });
});
