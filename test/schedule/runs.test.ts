/** What is written down of runs, and what doors and configuration make of schedules. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';
import { runSchedule } from '../../src/operations/run-schedule.ts';
import { runCli } from '../doors/run-cli.ts';
import { type Service, startService } from '../doors/service.ts';
import { smallEstate } from '../doors/small-estate.ts';
import { onEachDatabase } from '../support/databases.ts';

const DUE = Date.parse('2026-01-01T01:00:00Z');
const iso = (time: number) => new Date(time).toISOString();

await onEachDatabase((fresh) => {
  let service: Service;
  beforeEach(async () => {
    service = await startService(smallEstate(), await fresh());
  });
  afterEach(() => service.stop());

  const often = () => service.context.schedules.find(({ name }) => name === 'often')!;
  const run = (dueAt = DUE) => runSchedule(service.context, often(), dueAt);
  const runs = async () => (await service.rest('GET', '/api/v1/schedules/often/runs')).json;
  const snapshots = async () => (await service.rest('GET', '/api/v1/snapshots')).json.totalCount;

  test('a run takes a snapshot with the label of its schedule', async () => {
    expect(await run()).toEqual({ schedule: 'often', dueAt: iso(DUE), state: 'TAKEN', snapshotId: 1, reason: null });
    expect(await runs()).toEqual([{ schedule: 'often', dueAt: iso(DUE), state: 'TAKEN', snapshotId: 1, reason: null }]);
    expect((await service.rest('GET', '/api/v1/snapshots/1')).json.label).toBe('often');
  });

  test('a run for a time that another process has taken leaves one snapshot', async () => {
    const both = await Promise.all([run(), run()]);
    expect(both.filter((done) => done === null)).toHaveLength(1);
    expect(await snapshots()).toBe(1);
  });

  test('a run that fails says why, and a later one for the same time makes up for it', async () => {
    service.setFacts([]);
    expect(await run()).toMatchObject({ state: 'FAILED', snapshotId: null, reason: expect.stringContaining('Nothing could be read.') });
    service.setFacts(smallEstate());
    await run();
    expect(await runs()).toMatchObject([{ state: 'TAKEN', reason: null }]);
  });

  test('a run deletes what is no longer kept, and is taken even when that fails', async () => {
    const retention = { keepAll: 0, hourly: null, daily: null };
    const errors: unknown[] = [];
    const context = { ...service.context, retention, report: (error: unknown) => void errors.push(error) };
    await run();
    await runSchedule(context, often(), DUE + 60_000);
    expect((await service.rest('GET', '/api/v1/snapshots')).json.items).toMatchObject([{ id: 2 }]);
    expect(errors).toEqual([]);

    const broken = new Error('disk full');
    const failing = {
      ...context,
      estates: Object.assign(Object.create(service.context.estates), {
        fresh: () => service.context.estates.fresh(),
        forget: () => {
          throw broken;
        },
      }),
    };
    expect(await runSchedule(failing, often(), DUE + 120_000)).toMatchObject({ state: 'TAKEN', snapshotId: 3 });
    expect(errors).toEqual([broken]);
  });

  test('a run that was taken is not missed, whatever another process thinks', async () => {
    await run();
    const store = await service.context.store();
    await store.writeRun({ schedule: 'often', dueAt: iso(DUE), state: 'MISSED', snapshotId: null, reason: 'nobody ran' });
    expect(await runs()).toMatchObject([{ state: 'TAKEN' }]);
  });

  test('a run that was thought to be missed and is taken after all is taken', async () => {
    const store = await service.context.store();
    await store.writeRun({ schedule: 'often', dueAt: iso(DUE), state: 'MISSED', snapshotId: null, reason: 'nobody ran' });
    await run();
    expect(await runs()).toMatchObject([{ state: 'TAKEN', snapshotId: 1, reason: null }]);
  });

  test('a schedule shows in GraphQL, REST and the command line alike', async () => {
    await run();
    await run(DUE + 60_000);
    await service.rest('DELETE', '/api/v1/snapshots/2');
    const { data } = await service.graphql(
      '{ schedules { name when jitterSeconds label next missed lastRun { schedule dueAt state snapshotId reason snapshot { id } } runs(first: 2) { state snapshot { label } } } }',
    );
    expect(data.schedules).toMatchObject([
      { name: 'hourly', when: '0 * * * * Europe/Berlin', jitterSeconds: 30, label: null, missed: 0, lastRun: null, runs: [] },
      {
        name: 'often',
        when: 'every 60 s',
        label: 'often',
        missed: 0,
        lastRun: { schedule: 'often', dueAt: iso(DUE + 60_000), state: 'TAKEN', snapshotId: '2', reason: null, snapshot: null },
        runs: [
          { state: 'TAKEN', snapshot: null },
          { state: 'TAKEN', snapshot: { label: 'often' } },
        ],
      },
    ]);
    expect(Date.parse(data.schedules[1].next) - Date.now()).toBeLessThanOrEqual(60_000);
    const { json } = await service.rest('GET', '/api/v1/schedules');
    expect(json[1]).toMatchObject({ name: 'often', lastRun: { state: 'TAKEN', snapshotId: 2 }, missed: 0 });
    expect(JSON.parse((await runCli('schedule', 'list', '--server', service.url, '--json')).out)[1].lastRun).toEqual(json[1].lastRun);
    expect((await runCli('schedule', 'list', '--server', service.url)).out).toMatch(/often +every 60 s +\S+ +2026-01-01T01:01:00.000Z +taken +2 +0/);
  });

  test.each([
    ['/api/v1/schedules/oftn/runs', 404, 'NOT_FOUND', ['often']],
    ['/api/v1/schedules/often/runs?first=9999', 400, 'BAD_ARGUMENT', []],
  ])('%s is refused', async (where, status, code, candidates) => {
    expect(await service.rest('GET', where)).toMatchObject({ status, json: { code, candidates } });
  });
});

describe('the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-schedule-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const config = (text: string) => {
    const file = path.join(folder, 'netwhy.yaml');
    writeFileSync(file, text);
    return file;
  };

  test('runs once what is due, and nothing the second time', async () => {
    const file = config(
      `database: file:${folder}/db\nschedule: [{name: yearly, cron: "0 0 1 1 *"}]\nhosts: [{name: h, docker: "unix:///nowhere.sock", namespaceOf: 999999999}]\n`,
    );
    const first = await runCli('schedule', 'run', '--once', '--config', file);
    expect(first).toMatchObject({ code: 3, out: expect.stringMatching(/^yearly due \d{4}-01-01T00:00:00.000Z: failed: Nothing could be read\./) });
    expect(await runCli('schedule', 'run', '--once', '--config', file)).toMatchObject({ code: 0, out: '' });
    expect((await runCli('schedule', 'list', '--config', file)).out).toMatch(/yearly +0 0 1 1 \* UTC .* failed +- +0 +Nothing could be read/);
  });

  test('says where schedules are named when there is none', async () => {
    const file = config('{}');
    expect(await runCli('schedule', 'run', '--config', file)).toMatchObject({ code: 3, err: expect.stringContaining('`schedule:`') });
    expect(await runCli('schedule', 'list', '--config', file)).toMatchObject({ code: 0, out: expect.stringContaining('No schedules') });
  });

  test('a configuration names its schedules', async () => {
    const file = config(
      'schedule:\n  - {name: a, cron: "*/5 * * * *", timezone: Europe/Berlin, jitterSeconds: 10, label: five}\n  - {name: b, everySeconds: 60}\n',
    );
    expect((await loadConfig(file, {})).schedules).toEqual([
      { name: 'a', when: { kind: 'cron', cron: '*/5 * * * *', timezone: 'Europe/Berlin' }, jitterSeconds: 10, label: 'five' },
      { name: 'b', when: { kind: 'every', seconds: 60 }, jitterSeconds: 0, label: null },
    ]);
  });

  test.each([
    ['{name: a}', /needs either `cron` or `everySeconds`/],
    ['{name: a, cron: "* * * * *", everySeconds: 5}', /needs either `cron` or `everySeconds`/],
    ['{name: a, cron: "61 * * * *"}', /cron: is no cron pattern: .*minute: 61/],
    ['{name: a, cron: "nonsense"}', /cron: must be a cron pattern/],
    ['{name: a, cron: "2020-01-01T00:00:00"}', /cron: must be a cron pattern/],
    ['{name: a, cron: "0 0 30 2 *"}', /cron: is never due/],
    ['{name: a, cron: "* * * * *", timezone: Mars/Olympus}', /timezone: must be an IANA time zone/],
    ['{name: a, everySeconds: 60, timezone: UTC}', /timezone: has a meaning with `cron` alone/],
    ['{name: a, everySeconds: 0}', /everySeconds/],
    ['{name: a, everySeconds: 60, jitterSeconds: 60}', /jitterSeconds: must be less/],
    ['{name: a, everySeconds: 60, jiterSeconds: 1}', /unknown key "jiterSeconds"/],
    ['{name: a, everySeconds: 60, label: latest}', /schedule a: The label "latest"/],
    ['{name: a, everySeconds: 60}, {name: a, everySeconds: 5}', /two schedules have the name a/],
  ])('%s is refused', async (entry, message) => {
    await expect(loadConfig(config(`schedule: [${entry}]\n`), {})).rejects.toMatchObject({ code: 'BAD_CONFIG', message: expect.stringMatching(message) });
  });
});
