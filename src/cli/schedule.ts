import { loadConfig } from '../config.ts';
import { openApp, startSchedules, takeDue, untilSignal, within } from '../main.ts';
import { UserError } from '../model/errors.ts';
import type { ScheduleRun } from '../model/schedule.ts';
import { show } from '../util/printable.ts';
import type { Client } from './client.ts';
import { scheduleColumns } from './columns.ts';
import { EXIT, type Output } from './output.ts';
import { progressLine } from './progress.ts';
import { table } from './table.ts';

export async function listSchedules(client: Client, output: Output, { json }: { readonly json?: boolean }): Promise<number> {
  const schedules = await client.schedules();
  if (json) output.printJson(schedules);
  else output.print(schedules.length ? table(schedules, scheduleColumns, output.terminal) : ['No schedules: name them under `schedule:` in netwhy.yaml.']);
  return EXIT.ok;
}

function runLine({ schedule, dueAt, state, snapshotId, reason }: ScheduleRun): string {
  return `${show(schedule)} due ${dueAt}: ${snapshotId === null ? `${state.toLowerCase()}: ${show(reason ?? '', 1000)}` : `snapshot ${snapshotId}`}`;
}

export interface RunOptions {
  readonly config?: string;
  readonly once?: boolean;
}

/** Until a signal, or once; then 3 when a run failed. */
export async function run(options: RunOptions, output: Output): Promise<number> {
  const config = await loadConfig(options.config);
  if (config.schedules.length === 0) {
    throw new UserError(
      'BAD_CONFIG',
      'The configuration has no schedules.',
      'Name them under `schedule:` in netwhy.yaml, for example {name: often, everySeconds: 60}.',
    );
  }
  const { onProgress, done } = progressLine(process.stderr);
  const app = openApp(config, { onProgress, stays: !options.once });
  let code: number = EXIT.ok;
  const onRun = (run: ScheduleRun): void => {
    done();
    output.print([runLine(run)]);
    if (options.once && run.state === 'FAILED') code = EXIT.failed;
  };
  try {
    if (options.once) await takeDue(app, onRun);
    else {
      const schedules = await startSchedules(app, config.database, onRun);
      await untilSignal();
      await within(config.running.stopSeconds, schedules.stop());
    }
    return code;
  } finally {
    done();
    await app.close();
  }
}
