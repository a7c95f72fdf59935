/** Findings as JUnit XML: a test case an intent, a failure where it is broken, an error where it cannot be told. */
import { create } from 'xmlbuilder2';
import type { IntentFinding } from '../model/intent.ts';
import { printable } from '../util/printable.ts';
import { details } from './render-intents.ts';

export function junit(findings: readonly IntentFinding[], places: readonly (string | null)[]): string {
  const count = (state: IntentFinding['state']) => findings.filter((finding) => finding.state === state).length;
  const counts = { tests: findings.length, failures: count('BROKEN'), errors: count('UNKNOWN') };
  const suite = create({ version: '1.0', encoding: 'UTF-8' })
    .ele('testsuites', counts)
    .ele('testsuite', { name: 'netwhy intents', ...counts, skipped: 0 });
  for (const [place, finding] of findings.entries()) {
    const test = suite.ele('testcase', { name: printable(finding.intent), classname: printable(places[place] ?? 'intents') });
    if (finding.state === 'HOLDS') continue;
    const text = details(finding).map(printable).join('\n');
    test.ele(finding.state === 'BROKEN' ? 'failure' : 'error', { message: printable(finding.sentence), type: finding.cause?.code ?? finding.state }).txt(text);
  }
  return `${suite.doc().end({ prettyPrint: true })}\n`;
}
