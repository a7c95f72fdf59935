/** One question: who is meant, what cannot even be sent, and what becomes of the packets. */
import type { Answer, Cause, CauseCode } from '../model/answer.ts';
import type { Container } from '../model/docker.ts';
import { UserError } from '../model/errors.ts';
import type { Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import type { Question } from '../model/question.ts';
import { canonical, familyOf } from '../util/ip.ts';
import { answerFor, outcomeOf, withoutPackets } from './answer.ts';
import { type Asked, targetName } from './explain/scene.ts';
import { flowText } from './explain/summary.ts';
import { linksOf } from './index-netns.ts';
import { nameserversSilent } from './nameservers.ts';
import type { Reads } from './reads.ts';
import { resolveSource, resolveTarget } from './resolve/index.ts';
import type { Source, Target } from './resolve/types.ts';
import type { Origin, Talk } from './talk.ts';
import { externalPorts, portsTowards } from './underlay.ts';

/** A source port as the kernel would pick one (ip_local_port_range). */
const EPHEMERAL = 45678;
/** Stands for any station on the internet (TEST-NET-3, RFC 5737). */
const SOMEWHERE = { 4: '203.0.113.77', 6: '2001:db8:ffff::77' } as const;

/** Throws UserError for references and questions that make no sense; everything else is an answer. */
export function ask(model: Model, question: Question): Asked {
  check(question);
  const source = resolveSource(model, question.from);
  const target = resolveTarget(model, source, question.to, question.family);
  const early = cannot(model, question, source, target);
  if (early) return { answer: early, scene: null };
  const answers = addressesOf(question, target).map((dst) => answerTo(model, question, source, target, dst));
  return answers.length === 1 ? answers[0]! : merged(target, answers);
}

/** Who sends, and to which addresses: none where there is nobody, or nobody in particular, to send to. */
export function endsOf(model: Model, question: Question): { readonly source: Source; readonly addresses: readonly string[] } {
  const source = resolveSource(model, question.from);
  const target = resolveTarget(model, source, question.to, question.family);
  const anybody = target.kind === 'outside' && target.addresses.length === 0;
  return { source, addresses: anybody ? [] : addressesOf(question, target) };
}

/** The same without a word of explanation: `ask` gives this verdict. `reads` takes note of what it hangs on. */
export function tell(model: Model, question: Question, source: Source, target: Target, reads: Reads): Told {
  const early = cannot(model, question, source, target);
  if (early) return early;
  const told = addressesOf(question, target).map((dst): Told => {
    const talk = talkTo(model, question, source, target, dst);
    return 'verdict' in talk ? talk : outcomeOf(model, talk, reads);
  });
  const [first] = told;
  return first && told.every((t) => sameWay(t, first)) ? first : { verdict: 'AMBIGUOUS', symptom: 'UNKNOWN' };
}

export type Told = Pick<Answer, 'verdict' | 'symptom'>;

const sameWay = (a: Told, b: Told): boolean => a.verdict === b.verdict && a.symptom === b.symptom;

function cannot(model: Model, question: Question, source: Source, target: Target): Answer | null {
  return sourceCannot(question, source) ?? nameCannot(model, question, source, target) ?? targetCannot(question, source, target);
}

function addressesOf(question: Question, target: Target): readonly string[] {
  const addresses =
    target.kind === 'addresses'
      ? target.addresses
      : target.kind === 'outside'
        ? target.addresses.length > 0
          ? target.addresses
          : [SOMEWHERE[question.family ?? 4]]
        : [];
  const wanted = question.family ? addresses.filter((a) => familyOf(a) === question.family) : addresses;
  return (wanted.length > 0 ? wanted : addresses).slice(0, 8);
}

function check(question: Question): void {
  const { port, protocol, sourceAddress } = question;
  if (protocol !== 'icmp' && (port === null || !Number.isInteger(port) || port < 1 || port > 65535)) {
    throw new UserError('BAD_QUESTION', `${protocol} needs a port of 1 to 65535`, 'write the target as NAME:PORT, for example db:5432, or ask for icmp');
  }
  if (sourceAddress !== undefined && familyOf(sourceAddress) === null)
    throw new UserError('BAD_QUESTION', `${sourceAddress} is not an IP address`, 'give the source address as an IPv4 or IPv6 address');
}

function answerTo(model: Model, question: Question, source: Source, target: Target, dst: string): Asked {
  const talk = talkTo(model, question, source, target, dst);
  return 'verdict' in talk ? { answer: talk, scene: null } : answerFor(model, question, source, target, talk);
}

function talkTo(model: Model, question: Question, source: Source, target: Target, dst: string): Talk | Answer {
  const origin = originOf(model, question, source, target, dst);
  if ('verdict' in origin) return origin;
  return {
    origin,
    dst,
    protocol: question.protocol,
    sport: question.sourcePort ?? EPHEMERAL,
    dport: question.port ?? question.sourcePort ?? EPHEMERAL,
    outsideTarget: target.kind === 'outside' && target.addresses.length === 0,
  };
}

function originOf(model: Model, question: Question, source: Source, target: Target, dst: string): Origin | Answer {
  if (source.kind === 'netns') return { kind: 'netns', netns: source.netns, address: question.sourceAddress ? canonical(question.sourceAddress) : null };
  const family = familyOf(dst) ?? 4;
  const address = source.kind === 'outside' ? (source.address ?? SOMEWHERE[family]) : SOMEWHERE[family];
  // An outside station is on the link whose subnet holds it; the internet comes in where the target's host has its way out.
  const candidates = portsTowards(model, address).length > 0 ? portsTowards(model, address) : externalPorts(model);
  const owner =
    candidates.find((p) => linksOf(p.netns).addresses.has(dst)) ??
    candidates.find((p) => target.kind === 'addresses' && target.host?.name === p.netns.host) ??
    candidates[0];
  if (!owner) {
    return withoutPackets(
      question,
      'UNDETERMINED',
      'UNKNOWN',
      'insufficient-information',
      `Whether ${source.label} reaches ${targetName(target)} cannot be told: no interface of the collected hosts leads outside.`,
      { needs: [`facts of a host with an interface towards ${address}`] },
    );
  }
  return { kind: 'outside', address, port: { netns: owner.netns, dev: owner.link.name, mac: macToward(owner.netns, owner.link.name) } };
}

/** The MAC that a station on the link would send to: the interface's, or its bridge's. */
function macToward(netns: Netns, dev: string): string {
  const { links } = linksOf(netns);
  const link = links.get(dev);
  return (link?.master ? links.get(link.master)?.mac : null) ?? link?.mac ?? '';
}

function sourceCannot(question: Question, source: Source): Answer | null {
  if (source.kind !== 'stopped') return null;
  const c = source.container;
  if (c.state === 'running') return unread(question, c, source.host.name);
  const text = `${c.name} does not run (${c.state}): nothing in it can send`;
  return withoutPackets(question, 'UNREACHABLE', 'UNKNOWN', 'insufficient-information', `${source.label} cannot reach anything: ${text}.`, {
    cause: stateCause(c, text),
  });
}

function unread(question: Question, c: Container, host: string): Answer {
  const need = `the network namespace of ${c.name} on ${host}`;
  return withoutPackets(question, 'UNDETERMINED', 'UNKNOWN', 'insufficient-information', `It cannot be told: ${need} was not read.`, {
    cause: { code: 'MISSING_FACTS', text: need, parameters: { container: c.name } },
    needs: [need],
  });
}

function stateCause(c: Container, text: string): Cause {
  if (c.sharesNetworkOf) return { code: 'SHARED_NAMESPACE_OWNER_STOPPED', text, parameters: { container: c.name } };
  return { code: c.state === 'paused' ? 'CONTAINER_PAUSED' : 'CONTAINER_NOT_RUNNING', text, parameters: { container: c.name, state: c.state } };
}

function nameCannot(model: Model, question: Question, source: Source, target: Target): Answer | null {
  if (target.kind !== 'unknown-name') return null;
  return nameserversSilent(model, question, source, target.name, `${source.label} cannot reach ${target.name} on ${flowText(question)}`);
}

function targetCannot(question: Question, source: Source, target: Target): Answer | null {
  const flow = `${source.label} cannot reach ${targetName(target)} on ${flowText(question)}`;
  switch (target.kind) {
    case 'addresses':
    case 'outside':
      return null;
    case 'stopped': {
      const c = target.container;
      if (c.state === 'running') return unread(question, c, target.host.name);
      const text = `${c.name} does not run (${c.state})`;
      return withoutPackets(
        question,
        'UNREACHABLE',
        'NAME_NOT_FOUND',
        'name-not-found',
        `${flow}: ${text}, so it has no address and its name does not resolve.`,
        { cause: stateCause(c, text) },
      );
    }
    case 'no-address': {
      const code: CauseCode = target.why === 'family' ? 'IPV6_NOT_ENABLED' : 'NO_NETWORK';
      if (target.why === 'unknown')
        return withoutPackets(
          question,
          'UNDETERMINED',
          'UNKNOWN',
          'insufficient-information',
          `${flow.replace('cannot reach', 'may or may not reach')}: the addresses of ${target.label} were not read.`,
          { needs: [`the addresses of ${target.label}`] },
        );
      const text =
        target.why === 'family'
          ? `${target.label} has no address of the asked family`
          : target.why === 'none-mode'
            ? `${target.label} runs with network mode none: it has only loopback`
            : `${target.label} is on no network`;
      return withoutPackets(question, 'UNREACHABLE', 'NAME_NOT_FOUND', 'name-not-found', `${flow}: ${text}.`, {
        cause: { code, text, parameters: { container: target.label } },
      });
    }
    case 'name-not-found':
      return withoutPackets(question, 'UNREACHABLE', 'NAME_NOT_FOUND', 'name-not-found', `${flow}: ${target.text}.`, {
        cause: { code: target.cause, text: target.text, parameters: { name: target.name } },
        evidence: target.evidence,
      });
    case 'unknown-name':
      return withoutPackets(
        question,
        'UNDETERMINED',
        'UNKNOWN',
        'insufficient-information',
        `Whether ${source.label} reaches ${target.name} cannot be told: ${target.text}.`,
        { cause: { code: 'MISSING_FACTS', text: target.text, parameters: { name: target.name } }, needs: target.needs },
      );
  }
}

/** Several addresses for one name: alike, or it depends on which one is taken. */
function merged(target: Target, asked: readonly Asked[]): Asked {
  const answers = asked.map((a) => a.answer);
  const first = answers[0]!;
  if (answers.every((a) => sameWay(a, first))) return asked[0]!;
  const worst = answers.find((a) => a.verdict === 'UNREACHABLE') ?? answers.find((a) => a.verdict === 'UNDETERMINED') ?? first;
  const answer: Answer = {
    ...worst,
    verdict: 'AMBIGUOUS',
    symptom: 'UNKNOWN',
    summary: `It depends on which address of ${targetName(target)} is used. ${worst.summary}`,
    needs: [`which of ${answers.length} addresses of ${targetName(target)} is used`],
  };
  return { answer, scene: null };
}
