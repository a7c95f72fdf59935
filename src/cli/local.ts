/** Does the work in this process; parts that a command does not need are not loaded. */

import type { Config } from '../config.ts';
import { type App, openApp, type Source } from '../main.ts';
import { batchItemJson } from '../operations/batch-json.ts';
import type { Client } from './client.ts';

export function localClient(config: Config, source: Source): Client {
  const app: App = openApp(config, { ...source, probes: true });
  return {
    list: async (view, filter, at) => {
      const { list } = await import('../operations/list.ts');
      const { cursors: _, ...listing } = await list(app, view, { filter, at });
      return listing;
    },
    ask: async (question, at, extras) => (await import('../operations/reachability.ts')).reachability(app, { question, at, ...extras }),
    askAll: async (questions, at) => {
      const { reachabilityBatch } = await import('../operations/reachability-batch.ts');
      const items = await reachabilityBatch(app, { questions, at });
      return items.map(batchItemJson);
    },
    check: async (intents, at) => {
      const onProgress = (done: number, total: number) => source.onProgress?.({ host: 'the model', stage: 'flows of intents', done, total });
      return (await import('../operations/check.ts')).check(app, { intents, at, onProgress });
    },
    intents: async (at) => (await import('../operations/intents.ts')).intents(app, { at }),
    intentHistory: async (intent) => (await (await import('../operations/intents.ts')).intentHistory(app, { intent })).items,
    notices: async (dead) => (await (await import('../operations/notices.ts')).listNotices(app, { dead })).items,
    retryNotice: async (id) => (await import('../operations/notices.ts')).retryNotice(app, { id }),
    takeSnapshot: async (label) => {
      const taken = await (await import('../operations/take-snapshot.ts')).takeSnapshot(app, { label });
      // The snapshot is taken, whatever becomes of its notices: those that remain are delivered with the next.
      await (await import('../operations/deliver.ts')).deliverNotices(app).catch(app.report);
      return taken;
    },
    labelSnapshot: async (id, label) => (await import('../operations/label-snapshot.ts')).labelSnapshot(app, { id, label }),
    deleteSnapshot: async (id) => (await import('../operations/delete-snapshot.ts')).deleteSnapshot(app, { id }),
    pinSnapshot: async (id, pinned) => (await import('../operations/pin-snapshot.ts')).pinSnapshot(app, { id, pinned }),
    pruneSnapshots: async (dryRun) => {
      const onProgress = (done: number, total: number) => source.onProgress?.({ host: 'the database', stage: 'deleting snapshots', done, total });
      return (await import('../operations/prune-snapshots.ts')).pruneSnapshots(app, { dryRun, onProgress });
    },
    doctor: async () => (await import('../operations/doctor/doctor.ts')).doctor(app),
    checkDatabase: async () =>
      (await import('../operations/check-database.ts')).checkDatabase(app, (progress) => source.onProgress?.({ ...progress, stage: 'what is stored' })),
    snapshots: async () => (await (await import('../operations/list-snapshots.ts')).listSnapshots(app, {})).items,
    timeline: async (input) => (await (await import('../operations/timeline.ts')).timeline(app, input)).items,
    diff: async (input) => (await import('../operations/diff.ts')).diff(app, input),
    history: async (name, kind, host) => (await import('../operations/history.ts')).history(app, { name, kind, host }),
    flowDiff: async (from, to, filter) => {
      const onProgress = (done: number, total: number) => source.onProgress?.({ host: 'both models', stage: 'flows that changed', done, total });
      const { cursors: _, ...found } = await (await import('../operations/flow-diff.ts')).flowDiff(app, { from, to, filter, onProgress });
      return found;
    },
    matrix: async (filter, at) => {
      const onProgress = (done: number, total: number) => source.onProgress?.({ host: 'the model', stage: 'flows', done, total });
      const { cursors: _, ...found } = await (await import('../operations/matrix.ts')).matrix(app, { filter, at, onProgress });
      return found;
    },
    search: async (text, kind, at) => (await import('../operations/search.ts')).search(app, { text, kind, at }),
    tokens: async () => (await import('../operations/tokens.ts')).listTokens(app),
    createToken: async (input) => (await import('../operations/tokens.ts')).createToken(app, input),
    revokeToken: async (id) => (await import('../operations/tokens.ts')).revokeToken(app, { id }),
    schedules: async () => (await import('../operations/schedules.ts')).schedules(app),
    facts: async (at) => (await import('../operations/facts.ts')).facts(app, { at }),
    close: () => app.close(),
  };
}
