/** Writes docs/findings.md from the rules. */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { RULES } from '../src/findings/index.ts';

const HEAD = `# Findings

What is wrong or risky on the hosts, without anybody asking about a flow: \`netwhy findings\`, \`findings\` in GraphQL, \`GET /api/v1/findings\`; now, or as of any
snapshot (\`--snapshot REF\`). \`--severity\`, \`--code\`, \`--host\` and \`--container\` narrow the list.

Each says what was found and what follows from it, shows the line that it was concluded from, and, where one command mends it, that command. What follows from
another finding stands under it (\`causedBy\`): mend the cause first. A fact that could not be read proves nothing: the list then has a gap, and no finding.

Severities: \`HIGH\`, something does not work, or is open that must not be; \`MEDIUM\`, something does not work as it was meant; \`LOW\`, it works, and may fail one day.
`;

export function findingsPage(): string {
  const sections = RULES.map(({ code, severity, title, why, mend, dependsOn }) => {
    const causes = dependsOn.length === 0 ? [] : [`Can follow from ${dependsOn.map((cause) => `[${cause}](#${cause.toLowerCase()})`).join(', ')}.`];
    return [`## ${code}`, '', `**${title}** (${severity}). ${why}`, '', ...causes.flatMap((line) => [line, '']), `To mend it: ${mend}`, ''].join('\n');
  });
  return [HEAD, ...sections].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync('docs/findings.md', findingsPage());
