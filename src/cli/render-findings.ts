/** What is wrong on the hosts, for a person: what follows from something else stands under it. */
import { type Finding, SEVERITIES, type Severity } from '../model/finding.ts';
import { show } from '../util/printable.ts';
import { paint, type Terminal, wrap } from './terminal.ts';

const COLOURS = { HIGH: ['bold', 'red'], MEDIUM: 'yellow', LOW: 'cyan' } as const;

export function renderFindings(findings: readonly Finding[], terminal: Terminal): string[] {
  if (findings.length === 0) return ['Nothing was found.'];
  const shown = new Map(findings.map((finding) => [finding.id, finding]));
  const depth = ({ causedBy }: Finding): number => {
    const cause = causedBy === null ? undefined : shown.get(causedBy);
    return cause ? depth(cause) + 1 : 0;
  };
  return [...findings.flatMap((finding) => [...block(finding, '    '.repeat(depth(finding)), terminal), '']), counted(findings)];
}

function block({ severity, host, code, text, why, evidence, remedy, causedBy }: Finding, margin: string, terminal: Terminal): string[] {
  const indent = `${margin}  `;
  const severe = paint(terminal, [...[COLOURS[severity]].flat()], severity);
  const lines = evidence.slice(0, 3).map((one) => {
    const where = [one.netns, one.collector, one.locator].filter(Boolean).join(' ');
    return show(`${where}: ${one.excerpt}`, 300);
  });
  return [
    `${margin}${severe} ${paint(terminal, 'bold', code)} on ${show(host, 60)}${causedBy === null ? '' : ', follows from the above'}`,
    ...wrap(show(text, 1000), terminal.width, indent),
    ...wrap(show(why, 1000), terminal.width, indent).map((line) => paint(terminal, 'dim', line)),
    ...lines.flatMap((line) => wrap(line, terminal.width, `${indent}| `)),
    ...(remedy === null ? [] : [`${indent}${show(host, 60)}$ ${show(remedy, 2000)}`]),
  ];
}

function counted(findings: readonly Finding[]): string {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return `${findings.length} found: ${SEVERITIES.map((severity) => `${count(severity)} ${severity.toLowerCase()}`).join(', ')}`;
}
