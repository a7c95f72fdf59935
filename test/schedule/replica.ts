/** One of several processes that share schedules: says what it collects and what came of it, until it is killed. Arguments: database, name, `hang` to never end a collection. */

import { startSchedules } from '../../src/main.ts';
import { LOCAL } from '../../src/model/access.ts';
import { Estates } from '../../src/operations/estates.ts';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { smallEstate } from '../doors/small-estate.ts';

const [database = '', name = '', hang] = process.argv.slice(2);
const say = (what: string) => process.stdout.write(`${name} ${what}\n`);
const opened = SnapshotStore.open(database);
const store = () => opened;
const collect = async () => {
  say('collects');
  if (hang) await new Promise(() => {});
  return smallEstate();
};
const app = {
  principal: LOCAL,
  estates: new Estates({ collect, store, cacheMs: 0 }),
  store,
  schedules: [{ name: 'often', when: { kind: 'every', seconds: 1 }, jitterSeconds: 0, label: null } as const],
  report: (error: unknown) => process.stderr.write(`${name}: ${String(error)}\n`),
};
const schedules = await startSchedules(app, database, ({ state, dueAt }) => say(`${state} ${dueAt}`));
process.once('SIGTERM', async () => {
  await schedules.stop();
  await (await opened).close();
  say('stopped');
});
