/** Counts agreement. */
import type { Play, Played } from './play.ts';

export interface Score {
  probes: number;
  /** Reachable or not. */
  verdict: number;
  /** And the same errno, time-out or answer. */
  symptom: number;
  /** UNDETERMINED or AMBIGUOUS. */
  open: number;
}

export interface Drops {
  /** Probes that a rule or a policy dropped. */
  all: number;
  /** Answered with the same namespace and direction. */
  place: number;
  /** And the same rule. */
  rule: number;
}

const score = (): Score => ({ probes: 0, verdict: 0, symptom: 0, open: 0 });

export class Tally {
  readonly total = score();
  readonly drops: Drops = { all: 0, place: 0, rule: 0 };
  /** By protocol, family and rules on the way. */
  readonly cells = new Map<string, Score>();
  /** What the kernel did → what was answered → how often. */
  readonly matrix = new Map<string, Map<string, number>>();

  add(played: Played): void {
    for (const play of played.plays) this.#addPlay(play, rulesOnTheWay(played, play));
  }

  #addPlay({ truth, answer, said }: Play, rules: string): void {
    const differs = (what: RegExp): boolean => said.some((line) => what.test(line));
    const { protocol, to } = truth.question;
    const cell = `${protocol}|${to.includes(':') ? 'IPv6' : 'IPv4'}|${rules}`;
    if (!this.cells.has(cell)) this.cells.set(cell, score());
    for (const sum of [this.total, this.cells.get(cell)!]) {
      sum.probes++;
      if (!differs(/^verdict:/)) sum.verdict++;
      if (!differs(/^(verdict|symptom):/)) sum.symptom++;
      if (answer.verdict === 'UNDETERMINED' || answer.verdict === 'AMBIGUOUS') sum.open++;
    }
    const name = (verdict: string, symptom: string): string =>
      verdict === 'REACHABLE'
        ? 'reached'
        : symptom === 'CONNECTED'
          ? 'connected, no answer'
          : symptom === 'UNKNOWN'
            ? 'undetermined'
            : symptom.toLowerCase().replaceAll('_', ' ');
    const row = name(truth.outcome.verdict, truth.outcome.symptom);
    const column = name(answer.verdict, answer.symptom);
    const counts = this.matrix.get(row) ?? new Map<string, number>();
    this.matrix.set(row, counts.set(column, (counts.get(column) ?? 0) + 1));
    if (!truth.drop) return;
    this.drops.all++;
    if (!differs(/^(verdict|blocker|namespace that drops|direction):/)) this.drops.place++;
    if (!differs(/^(verdict|blocker|namespace that drops|direction|chain|position|rule):/)) this.drops.rule++;
  }
}

/** Which rule dialects stand in the namespaces that the answer's packets passed. */
function rulesOnTheWay({ world }: Played, { answer, truth }: Play): string {
  const names = new Set([
    truth.question.from.replace('netns:', ''),
    ...[answer.forward, answer.reply].flatMap((trace) => trace?.hops.map(({ name }) => name) ?? []),
  ]);
  const found = new Set(
    world.items.flatMap((item) => {
      if (!names.has(item.on)) return [];
      if (item.kind === 'nft') return ['nftables'];
      return item.kind === 'iptables' ? [item.program.replace('ip6', 'ip')] : [];
    }),
  );
  return found.size === 0 ? 'no rules' : found.size > 1 ? 'several' : [...found][0]!;
}
