/** Lints of an estate: pure, a model in, findings out. */
import { FINDING_CODES, type Finding, SEVERITIES } from '../model/finding.ts';
import type { Host, Model } from '../model/model.ts';
import type { Found, PlacedRule } from './found.ts';
import type { FindingRule } from './rule.ts';
import { RULES } from './rules/index.ts';
import { sceneOf } from './scene.ts';

export { RULES };

/** The id that lists give to a rule of a nat chain. */
type IdOfRule = (placed: PlacedRule) => string;

/** The worst first; what follows from another stands behind it. */
export function findings(model: Model, idOfRule: IdOfRule): Finding[] {
  const all = model.hosts.flatMap((host) => findingsOf(model, host, idOfRule)).sort(byUrgency);
  const effects = new Map<string | null, Finding[]>();
  for (const finding of all) {
    const of = effects.get(finding.causedBy);
    if (of) of.push(finding);
    else effects.set(finding.causedBy, [finding]);
  }
  const withEffects = (finding: Finding): Finding[] => [finding, ...(effects.get(finding.id) ?? []).flatMap(withEffects)];
  return (effects.get(null) ?? []).flatMap(withEffects);
}

function byUrgency(a: Finding, b: Finding): number {
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  return severity || FINDING_CODES.indexOf(a.code) - FINDING_CODES.indexOf(b.code) || (a.id < b.id ? -1 : 1);
}

function findingsOf(model: Model, host: Host, idOfRule: IdOfRule): Finding[] {
  const scene = sceneOf(model, host);
  const made: { readonly found: Found; readonly finding: Finding }[] = [];
  // Rules stand in the order of causes: what this one can follow from has been found.
  for (const rule of RULES) {
    for (const found of rule.check(scene)) {
      const finding = findingOf(host, rule, found, idOfRule);
      const cause = made.find(({ finding: other }) => rule.dependsOn.includes(other.code) && explains(other, found));
      made.push({ found, finding: { ...finding, causedBy: cause?.finding.id ?? null } });
    }
  }
  return made.map(({ finding }) => finding);
}

const explains = ({ subject }: Finding, effect: Found) => subject.kind === 'host' || (effect.about?.includes(subject.id) ?? false);

function findingOf(host: Host, rule: FindingRule, found: Found, idOfRule: IdOfRule): Finding {
  const { kind, name } = found.subject;
  const subjectId = 'rule' in found.subject ? idOfRule(found.subject.rule) : found.subject.id;
  const { code, title, why } = rule;
  return {
    id: `finding:${host.name}/${code}/${subjectId}${found.detail === undefined ? '' : `/${found.detail}`}`,
    host: host.name,
    code,
    severity: found.severity ?? rule.severity,
    title,
    subject: { kind, name, id: subjectId },
    container: found.container ?? null,
    text: found.text,
    why,
    evidence: found.evidence,
    remedy: found.remedy,
    causedBy: null,
  };
}
