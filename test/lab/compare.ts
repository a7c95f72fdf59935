/** Compares an answer with what the kernel did. */
import type { Answer } from '../../src/model/answer.ts';
import type { Truth } from './truth.ts';

/** Only text that rule listings may print differently: counters, spaces. */
const plain = (text: string): string =>
  text
    .replace(/\[\d+:\d+\] |counter packets \d+ bytes \d+ ?/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** Each disagreement in words; empty when answer and kernel agree. */
export function disagreements(truth: Truth, answer: Answer): readonly string[] {
  const { outcome, drop, cause, question } = truth;
  const said: string[] = [];
  const differ = (what: string, answered: unknown, real: unknown): void => {
    if (answered !== real) said.push(`${what}: answer ${answered ?? 'none'}, kernel ${real ?? 'none'}`);
  };
  if (truth.unknowable || truth.chance) {
    differ('verdict', answer.verdict, truth.chance ? 'AMBIGUOUS' : 'UNDETERMINED');
    return said;
  }
  differ('verdict', answer.verdict, outcome.verdict);
  const symptom = question.protocol === 'icmp' && answer.symptom === 'CONNECTED' ? 'DELIVERED' : answer.symptom;
  differ('symptom', symptom, outcome.symptom);
  if (cause !== null && outcome.verdict === 'UNREACHABLE' && answer.cause?.code !== cause)
    said.push(`cause: answer ${answer.cause?.code ?? 'none'}, should be ${cause}`);
  if (truth.caveat && !answer.caveats.some(({ code }) => code === truth.caveat)) said.push(`no caveat ${truth.caveat}`);
  const blocker = answer.verdict === 'REACHABLE' ? undefined : answer.blockers[0];
  const rule = blocker?.rule ?? null;
  if (drop && blocker) {
    differ('host that drops', blocker.host, drop.host);
    differ('namespace that drops', blocker.namespaceName.replace(/^host .*/, ''), drop.container);
    if (drop.direction) differ('direction', blocker.direction, drop.direction);
    differ('chain', rule && `${rule.backend} ${rule.family} ${rule.table} ${rule.chain}`, `${drop.backend} ${drop.family} ${drop.table} ${drop.chain}`);
    differ('position', rule?.position, drop.position);
    if (rule && drop.backend !== 'nftables' && drop.position !== null) differ('rule', plain(rule.text), plain(drop.text));
  } else if (drop) differ('blocker', null, `${drop.table} ${drop.chain} ${drop.text}`);
  // The second connection of docker-proxy has a port that the trace does not follow.
  // Nor does it follow what kept a nameserver from being asked, ARP, and what is inside a tunnel.
  else if (rule && outcome.verdict === 'UNREACHABLE' && !outcome.half && outcome.symptom !== 'NAME_NOT_FOUND' && answer.disposition !== 'neighbour-unreachable')
    differ('rule that drops', `${rule.table} ${rule.chain} ${plain(rule.text)}`, null);
  return said;
}

/** All a person needs to see who is wrong. */
export function report(truth: Truth, answer: Answer, said: readonly string[]): string {
  const { question, result, drop } = truth;
  const blockers = answer.blockers.map(
    (b) =>
      `    ${b.direction} ${b.host}/${b.namespaceName} ${b.disposition} ${b.cause.code} ${b.rule ? `${b.rule.table} ${b.rule.chain} ${b.rule.position ?? 'policy'} ${b.rule.text}` : ''}`,
  );
  return [
    `${question.from} > ${question.to} ${question.protocol}/${question.port ?? '-'}${question.sourceAddress ? ` from ${question.sourceAddress}` : ''}`,
    ...said.map((line) => `  ${line}`),
    `  answer:  ${answer.verdict} ${answer.symptom} ${answer.cause?.code ?? ''} ${answer.summary}`,
    ...(blockers.length > 0 ? ['  blockers:', ...blockers] : []),
    ...answer.needs.map((need) => `  needs:   ${need}`),
    `  probe:   ${JSON.stringify(result)}`,
    `  trace:   ${drop ? `${drop.direction} ${drop.host} ${drop.container} ${drop.backend} ${drop.table} ${drop.chain} ${drop.position ?? 'policy'} ${drop.text}` : 'no rule dropped it'}`,
  ].join('\n');
}
