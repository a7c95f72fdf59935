/** Services as kube-proxy writes them, beside Docker's own rules; the virtual addresses 10.96.0.x are nobody else's. */
import type { Scenario, Step } from '../scenario.ts';
import { web } from '../world.ts';

const rules = (...specs: readonly string[]): { setup: readonly Step[]; undo: readonly Step[] } => ({
  setup: specs.map((spec) => ({ host: `iptables -w ${spec}` })),
  undo: [...specs].reverse().map((spec) => ({ host: `iptables -w ${spec.replace(/-[IA] (\S+)/, '-D $1')}` })),
});

const chain = (table: string, name: string): { setup: readonly Step[]; undo: readonly Step[] } => ({
  setup: [{ host: `iptables -w -t ${table} -N ${name}` }],
  undo: [{ host: `iptables -w -t ${table} -F ${name}` }, { host: `iptables -w -t ${table} -X ${name}` }],
});

const together = (...parts: readonly { setup: readonly Step[]; undo: readonly Step[] }[]): { setup: readonly Step[]; undo: readonly Step[] } => ({
  setup: parts.flatMap(({ setup }) => setup),
  undo: [...parts].reverse().flatMap(({ undo }) => undo),
});

const empty = together(
  chain('filter', 'KUBE-SERVICES'),
  rules(
    '-A KUBE-SERVICES -d 10.96.0.99/32 -p tcp -m comment --comment "default/empty has no endpoints" -m tcp --dport 80 -j REJECT',
    '-I FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-I OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  ),
);

const local = together(
  chain('filter', 'KUBE-EXTERNAL-SERVICES'),
  rules(
    '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/local has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30001 -j DROP',
    '-I INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES',
  ),
);

const masquerade = together(
  chain('nat', 'KUBE-MARK-MASQ'),
  chain('nat', 'KUBE-POSTROUTING'),
  rules(
    '-t nat -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    '-t nat -A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
    '-t nat -I POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  ),
);

const service = (address: string, name: string, ...targets: readonly string[]): { setup: readonly Step[]; undo: readonly Step[] } =>
  together(
    chain('nat', `KUBE-SVC-${name}`),
    ...targets.map((_, i) => chain('nat', `KUBE-SEP-${name}${i}`)),
    rules(
      ...targets.flatMap((target, i) => [
        `-t nat -A KUBE-SEP-${name}${i} -s ${target} -j KUBE-MARK-MASQ`,
        `-t nat -A KUBE-SEP-${name}${i} -p tcp -j DNAT --to-destination ${target}:80`,
        `-t nat -A KUBE-SVC-${name} ${i + 1 < targets.length ? `-m statistic --mode random --probability 0.5 ` : ''}-j KUBE-SEP-${name}${i}`,
      ]),
      `-t nat -I PREROUTING -d ${address}/32 -p tcp --dport 80 -j KUBE-SVC-${name}`,
      `-t nat -I OUTPUT -d ${address}/32 -p tcp --dport 80 -j KUBE-SVC-${name}`,
    ),
  );

export const cluster: readonly Scenario[] = [
  {
    name: 'a service without endpoints',
    on: ['e20', 'e20legacy', 'e26', 'e28'],
    ...empty,
    ask: [
      { from: '@api', to: '10.96.0.99', port: 80, cause: 'SERVICE_WITHOUT_ENDPOINTS' },
      { from: 'host', to: '10.96.0.99', port: 80, cause: 'SERVICE_WITHOUT_ENDPOINTS' },
    ],
  },
  {
    name: 'a NodePort of a service with endpoints on other nodes only',
    on: ['e20', 'e20legacy', 'e26', 'e28'],
    ...local,
    ask: [{ from: 'outside', to: 'host', port: 30001, cause: 'SERVICE_WITHOUT_ENDPOINTS' }],
  },
  {
    name: 'services: one whose second endpoint is dead, one whose only endpoint asks itself',
    on: ['e20', 'e26', 'e28'],
    ...together(
      { setup: [web('pod', '--network front')], undo: [] },
      masquerade,
      service('10.96.0.10', 'DEAD', '{address:pod}', '{dead:front}'),
      service('10.96.0.11', 'SELF', '{address:pod}'),
    ),
    ask: [
      { from: '@api', to: '10.96.0.10', port: 80, chance: true },
      { from: 'host', to: '10.96.0.10', port: 80, chance: true },
      { from: '@api', to: '10.96.0.11', port: 80 },
      { from: '@pod', to: '10.96.0.11', port: 80, cause: 'HAIRPIN_NOT_TRANSLATED' },
    ],
  },
];
