/** What stands under deploy/ speaks of what there is. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { Metrics } from '../../src/telemetry/metrics.ts';

const names = new Set<string>();
for (const [, name, type] of (await new Metrics('1').registry.metrics()).matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
  for (const end of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) names.add(name + end);
}
const unknown = (expressions: readonly string[]) =>
  expressions.flatMap((text) => text.match(/\b(netwhy|process|nodejs)_\w+/g) ?? []).filter((name) => !names.has(name));

test('every metric of the dashboard and of the alerts is one that the service has', () => {
  const dashboard = JSON.parse(readFileSync('deploy/grafana.json', 'utf8')) as { panels: { targets: { expr: string }[] }[] };
  const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const alerts = parse(readFileSync('deploy/alerts.yaml', 'utf8')) as { groups: { rules: { expr: string }[] }[] };
  const watched = alerts.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
  expect([shown.length > 10, watched.length > 3]).toEqual([true, true]);
  expect(unknown([...shown, ...watched])).toEqual([]);
});

test('the unit gives the capabilities that the composition gives', () => {
  const unit = readFileSync('deploy/netwhy.service', 'utf8');
  const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as { services: { netwhy: { cap_add: string[] } } };
  const given = /^CapabilityBoundingSet=(.*)$/m.exec(unit)![1]!.split(' ').sort();
  expect(given).toEqual(compose.services.netwhy.cap_add.map((name) => `CAP_${name}`).sort());
});
