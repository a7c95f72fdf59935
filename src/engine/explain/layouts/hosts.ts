/** Firewalls of hosts: firewalld, ufw, fail2ban, Tailscale, wg-quick. */
import type { Layout } from './layout.ts';

const firewalld: readonly Layout[] = [
  {
    program: 'firewalld',
    table: /^firewalld$/,
    chain: /^filter_(?:IN|FWD[IO]?|OUT)_(?!POLICIES)(.+?)(?:_(?:pre|log|deny|allow|post))?$/,
    phrase: "firewalld's zone or policy $1",
  },
  { program: 'firewalld', table: /^firewalld$/, chain: /./, rule: /ct state (?:\{ ?)?invalid/, phrase: "firewalld's drop of invalid packets" },
  { program: 'firewalld', table: /^firewalld$/, chain: /^filter_(?:INPUT|FORWARD|OUTPUT)$/, rule: /reject/, phrase: "firewalld's default reject" },
  { program: 'firewalld', table: /^firewalld$/, chain: /rpfilter|_PREROUTING$/, rule: /fib/, phrase: "firewalld's reverse-path filter" },
  { program: 'firewalld', table: /^firewalld$/, chain: /./, phrase: "firewalld's rules" },
  { program: 'firewalld', chain: /^(?:IN|FWD[IO]|FWDI|FWDO|OUT)_(.+?)(?:_(?:pre|log|deny|allow|post))?$/, phrase: "firewalld's zone or policy $1" },
  { program: 'firewalld', chain: /^(?:INPUT|FORWARD)_(?:direct|dispatch|ZONES|POLICIES)\w*$/, phrase: "firewalld's rules" },
  {
    program: 'firewalld',
    chain: /^(?:INPUT|FORWARD)$/,
    rule: /-j REJECT --reject-with icmp-host-prohibited$/,
    jumps: /^(?:INPUT|FORWARD)_(?:direct|ZONES|IN_ZONES)/,
    phrase: "firewalld's default reject",
  },
];

const ufw: readonly Layout[] = [
  { program: 'ufw', chain: /^ufw6?-docker-logging-deny$/, phrase: "ufw-docker's deny of ports that no route rule allows" },
  { program: 'ufw', chain: /^ufw6?-skip-to-policy-(?:input|forward|output)$/, phrase: "ufw's default deny" },
  { program: 'ufw', chain: /^ufw6?-user-limit/, phrase: "ufw's limit of new connections" },
  { program: 'ufw', chain: /^ufw6?-user-/, phrase: 'a rule of ufw' },
  { program: 'ufw', chain: /^ufw6?-reject-/, phrase: "ufw's default reject" },
  { program: 'ufw', chain: /^ufw6?-not-local$/, phrase: "ufw's drop of packets for others" },
  { program: 'ufw', chain: /^ufw6?-(?:before|after|track|logging)-/, phrase: "ufw's basic rules" },
  { program: 'ufw', chain: /^(?:INPUT|FORWARD|OUTPUT)$/, rule: 'policy', jumps: /^ufw6?-/, phrase: "ufw's default deny" },
];

const fail2ban: readonly Layout[] = [
  { program: 'fail2ban', chain: /^f2b-(?!chain$)(.+)$/, phrase: "fail2ban's ban of this address (jail $1)" },
  { program: 'fail2ban', table: /^f2b-table$/, chain: /./, phrase: "fail2ban's ban of this address" },
];

const vpn: readonly Layout[] = [
  { program: 'Tailscale', chain: /^ts-input$/, phrase: "Tailscale's guard of its own addresses" },
  { program: 'Tailscale', chain: /^ts-forward$/, phrase: "Tailscale's forwarding rules" },
  { program: 'wg-quick', table: /^wg-quick-/, chain: /./, phrase: "wg-quick's guard of the tunnel's address" },
  { program: 'libvirt', chain: /^LIBVIRT_(?:INP|OUT|FWI|FWO|FWX)$/, phrase: "libvirt's rules for its networks" },
];

export const hosts: readonly Layout[] = [...fail2ban, ...ufw, ...vpn, ...firewalld];
