/** What turned an answer: the smallest part of what changed whose undoing turns it back. */
import { diffModels } from '../diff/index.ts';
import type { Answer } from '../model/answer.ts';
import type { Change, ChangeGroup, ChangeKind } from '../model/change.ts';
import type { EstateFacts, Fact, HostFacts } from '../model/facts.ts';
import type { Model } from '../model/model.ts';
import { buildModel } from '../normalize/index.ts';

export interface Blame {
  /** What happened to a container or network, where one stands behind it. */
  readonly happened: string | null;
  /** The most telling first; empty: nothing that is compared changed. */
  readonly changes: readonly Change[];
  /** Undoing some of them, and nothing else, turned the answer back. */
  readonly proved: boolean;
}

/** So many parts are undone one by one. */
const MAX_TRIES = 40;

/** Several listings tell of the same rules: nft lists those of iptables-nft, too. */
const RULES = /tables|nft|ipset/;

/** What is read from which facts. */
const SOURCES: Readonly<Record<ChangeKind, RegExp>> = {
  host: /^(docker\.|host\.)/,
  network: /^docker\./,
  endpoint: /^docker\./,
  container: /^docker\./,
  namespace: /^(docker|host)\./,
  link: /^(ip\.addr|bridge\.)/,
  natRule: RULES,
  filterRule: RULES,
  route: /^ip\.(route|rule)/,
  listener: /^(ss|host\.)/,
  sysctl: /^sysctl$/,
};

const keyOf = ({ source, netns }: Fact) => `${source} ${netns}`;

/** Facts of one host that are not as they were. */
interface Part {
  readonly host: string;
  /** As they were, by key. */
  readonly facts: ReadonlyMap<string, Fact>;
}

function partsOf(before: EstateFacts, after: EstateFacts): readonly Part[] {
  const old = new Map(before.map((host) => [host.host, new Map(host.facts.map((fact) => [keyOf(fact), fact]))]));
  return after.flatMap(({ host, facts }) => {
    const parts = new Map<string, Map<string, Fact>>();
    for (const fact of facts) {
      const former = old.get(host)?.get(keyOf(fact));
      if (!former || (former.data === fact.data && former.status === fact.status)) continue;
      const part = RULES.test(fact.source) ? `rules ${fact.netns}` : keyOf(fact);
      parts.set(part, (parts.get(part) ?? new Map<string, Fact>()).set(keyOf(fact), former));
    }
    return [...parts.values()].map((former): Part => ({ host, facts: former }));
  });
}

const withPart = (after: EstateFacts, part: Part): EstateFacts =>
  after.map((host): HostFacts => (host.host === part.host ? { ...host, facts: host.facts.map((fact) => part.facts.get(keyOf(fact)) ?? fact) } : host));

function withHost(before: EstateFacts, after: EstateFacts, name: string): EstateFacts {
  const former = before.filter(({ host }) => host === name);
  return [...after.filter(({ host }) => host !== name), ...former];
}

/** How much a change has to do with what the answers say: the line that stops the packet, then names and addresses in the cause, then the two ends. */
function weigher(answers: readonly Answer[]): (change: Change) => number {
  const excerpts = linesOf(answers).map(({ excerpt }) => excerpt.trim());
  const named = answers.flatMap(({ cause, blockers }) =>
    [cause, ...blockers.map((blocker) => blocker.cause)].flatMap((c) => Object.values(c?.parameters ?? {})),
  );
  const ends = answers.flatMap(({ question: { from, to } }) => [from, to]);
  const long = (texts: readonly string[]) => [...new Set(texts)].filter((text) => text.length > 3);
  const [told, parameters, places] = [long(excerpts), long(named), long(ends)];
  return ({ kind, key, text }) => {
    const setting = kind === 'sysctl' ? (key.split('.').at(-1) ?? null) : null;
    if (told.some((excerpt) => text.includes(excerpt) || (setting !== null && saysSetting(excerpt, setting)))) return 3;
    if (parameters.some((parameter) => text.includes(parameter))) return 2;
    return places.some((place) => text.includes(place)) ? 1 : 0;
  };
}

/** net.ipv4.ip_forward is told once for the forwarding of all interfaces. */
const saysSetting = (excerpt: string, setting: string) => excerpt.includes(`.${setting} `) || (setting === 'ip_forward' && excerpt.includes('.forwarding '));

const linesOf = (answers: readonly Answer[]) => answers.flatMap(({ blockers, evidence }) => [...blockers.flatMap((blocker) => blocker.evidence), ...evidence]);

/** The later state with something undone, and what then differs. */
interface Undoing {
  readonly model: Model;
  readonly changes: readonly Change[];
}

/** Between two moments. Undoing is done once, however many answers are asked about. */
export class Blamer {
  readonly #before: EstateFacts;
  readonly #after: EstateFacts;
  readonly old: Model;
  readonly young: Model;
  readonly #all: readonly Change[];
  readonly #groups: readonly ChangeGroup[];
  readonly #parts: readonly Part[];
  readonly #undone = new Map<Part | string, Undoing>();
  /** Parts that were the proof before: what turned one answer has often turned others. */
  readonly #proofs = new Set<Part | string>();

  constructor(before: EstateFacts, after: EstateFacts) {
    this.#before = before;
    this.#after = after;
    this.old = buildModel(before);
    this.young = buildModel(after);
    ({ changes: this.#all, groups: this.#groups } = diffModels(this.old, this.young));
    const touched = ({ host, facts }: Part) =>
      this.#all.some((change) => change.host === host && [...facts.values()].some(({ source }) => SOURCES[change.kind].test(source)));
    this.#parts = partsOf(before, after).filter(touched);
  }

  /**
   * `answers`: of both sides, where the question could be asked there. `turns`: whether the answer in this model is that of before.
   * A single fact that does it is the proof; else a host's whole change.
   */
  blame(answers: readonly Answer[], turns: (model: Model) => boolean): Blame {
    const weigh = weigher(answers);
    const ranked = (changes: readonly Change[]) => changes.toSorted((a, b) => weigh(b) - weigh(a));
    const likely = new Set(linesOf(answers).map(({ host, collector }) => `${host} ${collector}`));
    const order = (part: Part) => (this.#proofs.has(part) ? 0 : [...part.facts.values()].some(({ source }) => likely.has(`${part.host} ${source}`)) ? 1 : 2);
    const parts = this.#parts.toSorted((a, b) => order(a) - order(b)).slice(0, MAX_TRIES);
    const hosts = new Set([...this.#before, ...this.#after].map(({ host }) => host));
    for (const what of [...parts, ...hosts]) {
      const { model, changes } = this.#undo(what);
      if (changes.length === 0 || !turns(model)) continue;
      this.#proofs.add(what);
      return { ...this.#whole(ranked(changes)), proved: true };
    }
    return { happened: null, changes: ranked(this.#all), proved: false };
  }

  #undo(what: Part | string): Undoing {
    let undone = this.#undone.get(what);
    if (!undone) {
      const facts = typeof what === 'string' ? withHost(this.#before, this.#after, what) : withPart(this.#after, what);
      const model = buildModel(facts);
      undone = { model, changes: diffModels(model, this.young).changes };
      this.#undone.set(what, undone);
    }
    return undone;
  }

  /** What was found is often a part of what happened: the route that a container lost when it was disconnected. Then the whole is told, the part first. */
  #whole(found: readonly Change[]): Pick<Blame, 'happened' | 'changes'> {
    const [first] = found;
    const of = (i: number) => this.#all[i]!;
    const group = this.#groups.find(({ kind, members }) => kind !== 'other' && members.some((i) => of(i).host === first?.host && of(i).key === first.key));
    if (!group) return { happened: null, changes: found };
    const keys = new Set(found.map(({ host, kind, key }) => `${host} ${kind} ${key}`));
    const rest = group.members.map(of).filter(({ host, kind, key }) => !keys.has(`${host} ${kind} ${key}`));
    return { happened: group.title, changes: [...found, ...rest] };
  }
}
