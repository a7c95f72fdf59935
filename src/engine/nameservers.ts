/** Whether the nameservers that would have to be asked for a name can be asked at all. */
import type { Answer, CauseCode } from '../model/answer.ts';
import type { Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import type { Question } from '../model/question.ts';
import { familyOf, inPrefix } from '../util/ip.ts';
import { answerFor, withoutPackets } from './answer.ts';
import { EMBEDDED_DNS, userEndpoints } from './resolve/embedded-dns.ts';
import { networkIdentity } from './resolve/places.ts';
import { resolveTarget } from './resolve/target.ts';
import type { Source } from './resolve/types.ts';

interface Server {
  readonly address: string;
  readonly from: Netns;
}

type Asking = Extract<Source, { kind: 'netns' }>;

/** In a container of a user-defined network Docker's nameserver asks others, from the container's namespace (libnetwork resolver). */
function serversOf(model: Model, source: Asking): readonly Server[] {
  const { netns, host, container } = source;
  if (!netns.resolver.known) return [];
  const { nameservers, external } = netns.resolver.value;
  const direct = nameservers.filter((s) => s !== EMBEDDED_DNS).map((address) => ({ address, from: netns }));
  if (!nameservers.includes(EMBEDDED_DNS) || !container) return direct;
  const own = host.ownNetns ? model.namespaces.get(host.ownNetns) : undefined;
  if (external) return external.flatMap(({ address, onHost }) => (onHost ? (own ? [{ address, from: own }] : []) : [{ address, from: netns }]));
  // Older engines do not say: what the container was given, else what the host has (its own loopback cannot be asked from there).
  const inherited = own?.resolver.known ? own.resolver.value.nameservers.filter((s) => !inPrefix('127.0.0.0/8', s)) : [];
  return (container.dns.length > 0 ? container.dns : inherited).map((address) => ({ address, from: netns }));
}

/** Null: at least one of them may answer. */
export function nameserversSilent(model: Model, question: Question, source: Source, name: string, flow: string): Answer | null {
  if (source.kind !== 'netns') return null;
  const not = (code: CauseCode, text: string, part: Partial<Answer> = {}) =>
    withoutPackets(question, 'UNREACHABLE', 'NAME_NOT_FOUND', 'name-not-found', `${flow}: ${text}.`, { cause: { code, text, parameters: { name } }, ...part });
  const { container, host } = source;
  const endpoints = container ? userEndpoints(networkIdentity(model, container)) : [];
  const networks = host.networks.known ? host.networks.value.filter((n) => endpoints.some((e) => e.networkId === n.id)) : [];
  const servers = serversOf(model, source).filter((s) => familyOf(s.address) !== null);
  const asked = servers.map(({ address, from }) => {
    const to = { ...question, to: address, protocol: 'udp', port: 53 } as const;
    const asking: Source = from === source.netns ? source : { kind: 'netns', host, netns: from, container: null, label: `host ${host.name}` };
    const talk = {
      origin: { kind: 'netns', netns: from, address: null },
      dst: address,
      protocol: 'udp',
      sport: 45679,
      dport: 53,
      outsideTarget: false,
    } as const;
    return answerFor(model, to, asking, resolveTarget(model, asking, address), talk).answer;
  });
  const first = asked[0];
  const silent = first !== undefined && asked.every((a) => a.verdict === 'UNREACHABLE');
  if (networks.length > 0 && networks.every((n) => n.internal) && (silent || first === undefined || first.verdict === 'UNDETERMINED'))
    return not(
      'INTERNAL_NETWORK',
      `${source.label} is only on internal networks (${networks.map((n) => n.name).join(', ')}), from where no nameserver outside is asked for ${name}`,
    );
  if (!silent) return null;
  const list = servers.map((s) => s.address).join(', ');
  return not(
    'NAMESERVER_UNREACHABLE',
    `${name} would have to be asked of nameserver ${list}, which ${source.label} does not reach: ${first.cause?.text ?? first.summary}`,
    {
      blockers: first.blockers,
      evidence: first.evidence,
      forward: first.forward,
      reply: first.reply,
      caveats: first.caveats,
    },
  );
}
