import { expect, test } from '@jest/globals';
import type { Standing } from '../../src/operations/standing.ts';
import { openLog } from '../../src/telemetry/log.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';

const NOTHING: Standing = { database: null, schedules: [], hosts: [], subscribers: 0 };
/** The text format of Prometheus: a comment, or a name with labels and a number. https://prometheus.io/docs/instrumenting/exposition_formats/ */
const LINE = /^(# (HELP|TYPE) [a-zA-Z_:][\w:]* .*|[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="([^"\\\n]|\\["\\n])*",?)*\})? ([-+]?\d[\d.e+-]*|[+-]Inf|NaN|Nan))$/;

test('a host of any name keeps the exposition in its form', async () => {
  const metrics = new Metrics('1');
  const host = 'a"b\\c\nnetwhy_evil 1\n{}';
  metrics.saw({ kind: 'collected', host, seconds: 0.2 });
  const text = await metrics.expose({ ...NOTHING, hosts: [{ name: host, gaps: 3, collectedAt: '2026-01-01T00:00:00.000Z' }] });
  expect(text.split('\n').filter((line) => line !== '' && !LINE.test(line))).toEqual([]);
  expect(text).not.toMatch(/^netwhy_evil/m);
  expect(text).toContain('netwhy_host_gaps{host="a\\"b\\\\c\\nnetwhy_evil 1\\n{}"} 3');
});

test('a database that does not answer is said, and what it held is not', async () => {
  const metrics = new Metrics('1');
  const deliveries = { PENDING: 2, DELIVERED: 5, DEAD: 1 };
  const schedules = [{ name: 'often', runs: { TAKEN: 7, MISSED: 1, FAILED: 0 } }];
  const up = await metrics.expose({ ...NOTHING, database: { snapshots: 4, bytes: 100, deliveries }, schedules, subscribers: 2 });
  for (const line of [
    'netwhy_database_up 1',
    'netwhy_snapshots 4',
    'netwhy_notice_deliveries{state="dead"} 1',
    'netwhy_schedule_runs{schedule="often",state="missed"} 1',
    'netwhy_subscribers 2',
  ])
    expect(up.split('\n')).toContain(line);
  const down = await metrics.expose(NOTHING);
  expect(down.split('\n')).toContain('netwhy_database_up 0');
  expect(down).not.toMatch(/^netwhy_(snapshots|notice_deliveries)/m);
});

test('packets that met something else are counted apart', async () => {
  const metrics = new Metrics('1');
  for (const agrees of [true, false, false, null]) metrics.saw({ kind: 'probed', agrees });
  const lines = (await metrics.expose(NOTHING)).split('\n').filter((line) => line.startsWith('netwhy_probe_total'));
  expect(lines).toEqual(['agrees"} 1', 'disagrees"} 2', 'inconclusive"} 1'].map((end) => `netwhy_probe_total{result="${end}`));
});

test('no secret stands in the log, wherever it comes from', () => {
  const lines: string[] = [];
  const secrets = ['pa"ss', 'http://hooks.example/T0/SECRET'];
  const log = openLog({ level: 'trace', secrets, to: { write: (line: string) => void lines.push(line) } });
  const error = Object.assign(new Error('posting to http://hooks.example/T0/SECRET failed for postgresql://me:hunter2@db/x'), {
    config: { headers: { authorization: 'Bearer abcdefgh' } },
    cause: new Error('Authorization: Bearer abcdefgh.ijkl'),
  });
  log.error({ err: error, req: { method: 'GET', id: '1', headers: { cookie: 'c=crumb' }, body: 'dough' } }, 'with pa"ss');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', msg: 'with ***', req: { method: 'GET', id: '1' } });
  for (const secret of ['SECRET', 'hunter2', 'abcdefgh', 'pa\\"ss', 'crumb', 'dough']) expect(lines[0]).not.toContain(secret);
});
