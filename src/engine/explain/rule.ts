/** A rule or policy stopped the packet: whose rule is it, and what was it for? */
import type { Cause } from '../../model/answer.ts';
import { inPrefix } from '../../util/ip.ts';
import { layoutOf } from './layouts/index.ts';
import { cause, containerWith, hostOf, nameOf, networkOfBridge, networksOf, type Scene, shared } from './scene.ts';

/** Interfaces a rule names: `-i A`, `! -o B`, `iifname "A"`, `oifname != "B"`. */
function interfacesOf(text: string): string[] {
  return [...text.matchAll(/(?:^|\s)(?:-[io]|[io]ifname(?: !=)?) "?([^\s"]+)"?/g)].map((m) => m[1]!);
}

export function ruleCause(scene: Scene): Cause {
  const { why, netns, model } = scene;
  const chain = why.chain!;
  const rule = why.rule ?? null;
  const host = hostOf(model, netns);
  const where = nameOf(model, netns);
  const verb = why.disposition === 'rejected-by-rule' ? 'rejects' : 'drops';
  const layout = layoutOf(chain, rule, why.path);
  const parameters = {
    ...(layout ? { layout: layout.phrase, program: layout.program } : {}),
    table: chain.table.name,
    chain: chain.name,
    rule: rule ? String(rule.position) : 'policy',
    text: rule?.text ?? `policy ${chain.base?.policy ?? ''}`,
  };
  const bridges = interfacesOf(rule?.text ?? '');
  const network = bridges.map((b) => networkOfBridge(host, b)).find((n) => n !== null) ?? null;
  const docker = dockerCause(scene, chain.name, rule?.text ?? '', network?.internal ?? false, bridges, parameters);
  if (docker) return docker;
  if (/^KUBE-/.test(chain.name) || /has no (local )?endpoints/.test(rule?.comment ?? rule?.text ?? '')) {
    if (/has no (local )?endpoints/.test(rule?.comment ?? rule?.text ?? ''))
      return cause('SERVICE_WITHOUT_ENDPOINTS', `the service behind ${why.packet.dst}:${why.packet.dport} has no endpoints (${where})`, parameters);
  }
  if (/^cali-|^KUBE-POD-FW|^KUBE-NWPLCY/.test(chain.name))
    return cause('NETWORK_POLICY_DENY', `${layout?.phrase ?? 'a network policy'} on ${where} ${verb} it`, parameters);
  if (!rule && why.detail === 'forward' && chain.name === 'FORWARD' && chain.table.name === 'filter') return forwardPolicy(scene, where, parameters);
  if (netns.kind === 'host') {
    const hook = why.detail === 'input' ? 'incoming' : why.detail === 'output' ? 'outgoing' : 'forwarded';
    const whose = layout ? `${layout.phrase} on ${where}` : `the firewall of ${where}`;
    return cause('HOST_FIREWALL_DROP', `${whose} ${verb} ${hook} packets here${scene.direction === 'reply' ? ' (the reply)' : ''}`, parameters);
  }
  if (scene.direction === 'reply') return cause('REPLY_DROPPED', `a rule in ${where} ${verb} the reply`, parameters);
  return cause(
    rule ? (why.disposition === 'rejected-by-rule' ? 'RULE_REJECT' : 'RULE_DROP') : 'POLICY_DROP',
    `a ${rule ? 'rule' : 'policy'} in ${where} ${verb} it`,
    parameters,
  );
}

function dockerCause(
  scene: Scene,
  chain: string,
  text: string,
  internal: boolean,
  bridges: readonly string[],
  parameters: Record<string, string>,
): Cause | null {
  const { why, netns, model } = scene;
  const host = hostOf(model, netns);
  const to = containerWith(host, why.packet.dst);
  const from =
    containerWith(host, why.packet.src) ??
    (scene.source.kind === 'netns' && scene.source.container && scene.source.host === host ? { container: scene.source.container, network: null } : null);
  const apart = from && to && from.container !== to.container && shared(from.container, to.container).length === 0;
  const different = () =>
    overlap(scene) ??
    cause(
      'DIFFERENT_NETWORKS',
      from && to && apart
        ? `${from.container.name} and ${to.container.name} share no network`
        : `${from?.container.name ?? why.packet.src} and ${to?.container.name ?? why.packet.dst} are on different networks, which Docker keeps apart`,
      { ...parameters, from: from?.container.name ?? '', to: to?.container.name ?? '' },
    );
  const fromOutside = !from && !onDockerBridge(scene, why.packet.src);
  if (why.path?.includes('DOCKER-USER') ?? chain === 'DOCKER-USER') {
    const whose = chain === 'DOCKER-USER' ? 'a rule in DOCKER-USER' : `${parameters.layout ?? `a rule in ${chain}`}, asked from DOCKER-USER`;
    return cause('DOCKER_USER_DROP', `${whose} on ${nameOf(model, netns)} stops it: ${text}`, parameters);
  }
  if (/^DOCKER-ISOLATION-STAGE-[12]$|^DOCKER-INTERNAL$/.test(chain) || /INTERNAL NETWORK/.test(text)) {
    if (internal || /INTERNAL NETWORK/.test(text))
      return cause(
        'INTERNAL_NETWORK',
        `network ${networkOfBridge(host, bridges[0] ?? null)?.name ?? bridges[0] ?? ''} is internal: nothing goes in or out`,
        parameters,
      );
    return different();
  }
  if (text.includes('DROP REMOTE LOOPBACK') || (parameters.table === 'raw' && inPrefix('127.0.0.0/8', why.packet.dst)))
    return cause('PUBLISHED_ON_OTHER_ADDRESS', `the port is published on ${why.packet.dst} only`, parameters);
  if ((parameters.table === 'raw' && chain === 'PREROUTING' && to) || text.includes('DROP DIRECT ACCESS')) {
    if (from && to && (apart || from.container !== to.container)) return different();
    return cause(
      'RAW_TABLE_DIRECT_ACCESS_DROP',
      `Docker lets nobody outside reach a container's own address ${why.packet.dst}: use a published port`,
      parameters,
    );
  }
  const [first, second] = bridges;
  if (bridges.length >= 2 && first === second && !text.includes('!') && networkOfBridge(host, first ?? null))
    return cause('ICC_DISABLED', `network ${networkOfBridge(host, first ?? null)!.name} forbids traffic between its containers (icc=false)`, {
      ...parameters,
      network: networkOfBridge(host, first ?? null)!.name,
    });
  if (text.includes('"ICC"') && text.includes('drop'))
    return cause('ICC_DISABLED', 'the network forbids traffic between its containers (icc=false)', parameters);
  if ((chain === 'DOCKER' || text.includes('UNPUBLISHED PORT DROP')) && /! -i|UNPUBLISHED PORT DROP/.test(text)) {
    if (scene.direction === 'reply')
      return cause(
        'REPLY_DROPPED',
        `${parameters.layout ?? 'a rule'} on ${nameOf(model, netns)} stands before the rule that accepts replies, and drops this one: an engine restart writes them in order again`,
        parameters,
      );
    if (from && !fromOutside) return different();
    return cause('PORT_NOT_PUBLISHED', `${to?.container.name ?? why.packet.dst} does not publish ${why.packet.protocol}/${why.packet.dport}`, {
      ...parameters,
      container: to?.container.name ?? '',
    });
  }
  return null;
}

/** The address that was asked lives on another machine, but a Docker network of this host has it in its subnet. */
function overlap(scene: Scene): Cause | null {
  const { why, netns, model, target } = scene;
  const owner = target.kind === 'addresses' ? target.netns : null;
  const network = networksOf(hostOf(model, netns)).find((n) => n.ipam.some((p) => inPrefix(p.subnet, why.packet.dst)));
  if (!owner || owner.host === netns.host || !network || scene.direction === 'reply' || why.packet.dst !== scene.address) return null;
  return cause(
    'SUBNET_OVERLAP',
    `${why.packet.dst} lives on ${nameOf(model, owner)}, but the subnet of network ${network.name} on ${nameOf(model, netns)} covers it`,
    {
      network: network.name,
      address: why.packet.dst,
    },
  );
}

function onDockerBridge(scene: Scene, address: string): boolean {
  return networksOf(hostOf(scene.model, scene.netns)).some((n) => n.ipam.some((p) => inPrefix(p.subnet, address)));
}

function forwardPolicy(scene: Scene, where: string, parameters: Record<string, string>): Cause {
  const { why, netns, model } = scene;
  const host = hostOf(model, netns);
  const to = containerWith(host, why.packet.dst);
  const from = containerWith(host, why.packet.src);
  const bridged = why.iif && why.iif === why.oif ? why.iif : null;
  if (bridged && !(to && from))
    return cause(
      'BRIDGE_NETFILTER',
      `it only crosses bridge ${bridged}, but iptables sees bridged packets (bridge-nf-call-iptables) and the FORWARD policy of ${where} drops them`,
      {
        ...parameters,
        interface: bridged,
      },
    );
  if (to && from && to.container !== from.container) {
    if (shared(from.container, to.container).length > 0)
      return cause(
        'BRIDGE_NETFILTER',
        `${from.container.name} and ${to.container.name} are on one bridge, but iptables sees bridged packets (bridge-nf-call-iptables) and the FORWARD policy of ${where} drops them`,
        parameters,
      );
    return cause('DIFFERENT_NETWORKS', `${from.container.name} and ${to.container.name} share no network`, parameters);
  }
  if (to && scene.direction === 'request') {
    const published = to.container.ports.some((p) => p.protocol === why.packet.protocol && p.containerPort === why.packet.dport && p.given);
    if (!published)
      return cause(
        'PORT_NOT_PUBLISHED',
        `${to.container.name} does not publish ${why.packet.protocol}/${why.packet.dport}, and the FORWARD policy of ${where} is DROP`,
        { ...parameters, container: to.container.name },
      );
  }
  return cause('FORWARD_POLICY_DROP', `no rule of ${where} lets it through, and the FORWARD policy is DROP`, parameters);
}
