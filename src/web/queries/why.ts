import type { Chain, ChainVariables, Names, NamesVariables, SinceWhen, SinceWhenVariables, Why, WhyVariables } from '../../generated/page.ts';
import { operation } from './document.ts';

const evidencePart = `fragment EvidencePart on Evidence { host netns collector locator excerpt counters { packets bytes } collectedAt }`;
const packetPart = `fragment PacketPart on Packet { protocol src dst sport dport mark ttl length }`;
const tracePart = `fragment TracePart on Trace {
  disposition
  hops { netns name host iif oif steps { stage action certainty before { ...PacketPart } after { ...PacketPart } evidence { ...EvidencePart } } }
}`;
const answerPart = `fragment AnswerPart on Answer {
  question { from to protocol port }
  verdict symptom summary disposition
  cause { code text }
  blockers {
    cause { code text } disposition direction host netns namespaceName symptom
    rule { backend family table chain position text }
    evidence { ...EvidencePart }
  }
  forward { ...TracePart }
  reply { ...TracePart }
  caveats { code text }
  needs
  remedies { text commands { host argv } sideEffects }
}`;

export const why = operation<Why, WhyVariables>(`query Why($from: String!, $to: String!, $at: String) {
  reachability(from: $from, to: $to, at: $at) { ...AnswerPart }
} ${answerPart} ${tracePart} ${packetPart} ${evidencePart}`);

export const sinceWhen = operation<SinceWhen, SinceWhenVariables>(`query SinceWhen($from: String!, $to: String!, $at: String) {
  reachability(from: $from, to: $to, at: $at) {
    since { state text lastOther { id takenAt label } first { id takenAt label } changes { kind action host key text } proved evaluated certain }
  }
}`);

/** What a question may be about. */
export const names = operation<Names, NamesVariables>(`query Names($at: String) {
  hosts(first: 1000, at: $at) { nodes { name } }
  containers(first: 1000, at: $at) { nodes { ...NamedContainer } }
  listeners(first: 1000, at: $at) { nodes { host containerName protocol port process } }
}
fragment NamedContainer on Container { host name project service state health exitCode networkMode ports { hostPort protocol } }`);

export const chain = operation<Chain, ChainVariables>(`query Chain($filter: FilterRuleFilter!, $at: String) {
  filterRules(first: 200, filter: $filter, at: $at) { totalCount nodes { id position text action packets } }
}`);
