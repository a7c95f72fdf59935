/** Composition root: what reads hosts, what keeps snapshots, and the service over both. Heavy parts are loaded when first needed. */
import type { Server as TlsServer } from 'node:tls';
import type { HostWatches } from './collectors/host-watches.ts';
import type { CollectOptions } from './collectors/index.ts';
import type { Config } from './config.ts';
import { secretsOf } from './config-running.ts';
import { LOCAL } from './model/access.ts';
import { UserError } from './model/errors.ts';
import type { EstateFacts } from './model/facts.ts';
import type { SendProbe } from './model/probe.ts';
import type { ScheduleRun } from './model/schedule.ts';
import type { Telemetry } from './model/telemetry.ts';
import type { Context } from './operations/context.ts';
import { Estates } from './operations/estates.ts';
import { Events } from './operations/events.ts';
import type { Work } from './schedule/run.ts';
import type { SnapshotStore } from './snapshots/store.ts';
import { Hub } from './telemetry/hub.ts';
import { VERSION } from './version.ts';

export interface Source {
  /** Answer from this recording in place of the hosts. */
  readonly recording?: string;
  readonly onProgress?: CollectOptions['onProgress'];
  /** This process stays: it goes on listening to the engines, and asks again only what changed. */
  readonly stays?: boolean;
  /** Who runs this may send packets, whatever the configuration says. */
  readonly probes?: boolean;
}

export interface App extends Context {
  readonly telemetry: Hub;
  /** Waits for a snapshot that is being written. */
  close(): Promise<void>;
}

const LOOPBACK = /^(localhost|127\..*|::1)$/;

export function openApp(config: Config, source: Source = {}): App {
  const telemetry = new Hub();
  let opened: Promise<SnapshotStore> | undefined;
  const store = () => {
    opened ??= import('./snapshots/store.ts').then(({ SnapshotStore }) => SnapshotStore.open(config.database, telemetry));
    // A database that could not be opened may be there the next time.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  const events = new Events(store, complain);
  const onProgress: CollectOptions['onProgress'] = (progress) => {
    source.onProgress?.(progress);
    events.progressed(progress);
  };
  const watches = source.stays
    ? import('./collectors/host-watches.ts').then(({ HostWatches }) => new HostWatches({ fullReadSeconds: config.fullReadSeconds, report: say }))
    : null;
  const collect = source.recording === undefined ? () => collectHosts(config, { ...source, onProgress }, watches, telemetry) : recorded(source.recording);
  const cacheMs = source.recording === undefined ? config.cacheSeconds * 1000 : Number.POSITIVE_INFINITY;
  const close = async () => {
    (await watches)?.close();
    await (await opened?.catch(() => undefined))?.close();
  };
  return {
    principal: LOCAL,
    estates: new Estates({ collect, store, cacheMs }),
    store,
    schedules: config.schedules,
    watch: config.watch,
    events,
    telemetry,
    ...(source.recording === undefined && { probe: config.probes || source.probes ? sendProbe : 'off' }),
    retention: config.retention,
    setup: { file: config.file, listen: config.listen, loopback: LOOPBACK.test(config.listen.host), oidc: config.access.oidc !== null, serves: false },
    close,
    report: complain,
  };
}

const say = (line: string) => void process.stderr.write(`netwhy: ${line}\n`);
const complain = (error: unknown) => void process.stderr.write(`netwhy: ${error instanceof Error ? error.stack : String(error)}\n`);

async function collectHosts(config: Config, { onProgress }: Source, watching: Promise<HostWatches> | null, telemetry: Telemetry): Promise<EstateFacts> {
  const watches = await watching;
  const { collectEstate, defaultHost } = await import('./collectors/index.ts');
  return collectEstate(config.hosts ?? [defaultHost()], {
    telemetry,
    ...(onProgress && { onProgress }),
    ...(watches && { watches }),
    ...(config.timeoutSeconds !== null && { timeoutMs: config.timeoutSeconds * 1000 }),
  });
}

const sendProbe: SendProbe = async (errand) => (await import('./collectors/transport/probe.ts')).sendProbe(errand);

function recorded(path: string): () => Promise<EstateFacts> {
  let read: Promise<EstateFacts> | undefined;
  return () => {
    read ??= import('./collectors/recording.ts').then(({ readRecording }) => readRecording(path));
    return read;
  };
}

/** Hears of each time at which a schedule was due, when it is known what became of it. */
export type OnRun = (run: ScheduleRun) => void;

async function scheduleWork(app: Context, onRun: OnRun): Promise<Work> {
  const { lastRun, runSchedule, writeRun } = await import('./operations/run-schedule.ts');
  return {
    take: async (schedule, dueAt) => {
      const run = await runSchedule(app, schedule, dueAt);
      if (run) onRun(run);
    },
    ledger: {
      last: (schedule) => lastRun(app, schedule),
      missed: async (schedule, dueAt, reason) => onRun(await writeRun(app, schedule, dueAt, 'MISSED', reason)),
      failed: async (schedule, dueAt, reason) => onRun(await writeRun(app, schedule, dueAt, 'FAILED', reason)),
    },
    report: app.report,
  };
}

/** Takes snapshots whenever they are due, and delivers notices, until it is stopped. */
export async function startSchedules(app: Context, database: string, onRun: OnRun = () => {}): Promise<{ stop(): Promise<void> }> {
  const [{ runSchedules }, { Deliverer }] = await Promise.all([import('./schedule/run.ts'), import('./operations/deliver.ts')]);
  const schedules = await runSchedules(app.schedules, await scheduleWork(app, onRun), database);
  const deliverer = new Deliverer(app);
  return {
    stop: async () => {
      await schedules.stop();
      await deliverer.stop();
    },
  };
}

/** Takes what is due now and was not taken yet. */
export async function takeDue(app: Context, onRun: OnRun): Promise<void> {
  const { runOnce } = await import('./schedule/run.ts');
  await runOnce(app.schedules, await scheduleWork(app, onRun), Date.now());
  await (await import('./operations/deliver.ts')).deliverNotices(app);
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A second signal is not waited for: it ends the process as signals do. */
export const untilSignal = () =>
  new Promise<void>((resolve) => {
    const heard = () => {
      for (const signal of SIGNALS) process.off(signal, heard);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, heard);
  });

/** Speaks MCP over standard input and output, until the input ends or a signal comes. */
export async function speakMcp(app: Context): Promise<void> {
  await (await import('./mcp/stdio.ts')).speak(app, untilSignal());
}

/** Passes MCP on to a service. */
export async function forwardMcp(server: string, token: string | null): Promise<void> {
  await (await import('./mcp/forward.ts')).forward(server, token, untilSignal());
}

/** What is not done by then is given up: a snapshot is one transaction, of which nothing stays. */
export async function within(seconds: number, work: Promise<unknown>): Promise<void> {
  const end = setTimeout(() => {
    process.stderr.write(`netwhy: what ran has not ended within ${seconds} s and is given up\n`);
    process.exit(0);
  }, seconds * 1000);
  await work.finally(() => clearTimeout(end));
}

/** Runs the service until a signal; resolves with the exit code. */
export async function serve(config: Config, app: App, log: (line: string) => void): Promise<number> {
  const [{ createServer }, { followTls }, { openLog }, { Metrics }] = await Promise.all([
    import('./server.ts'),
    import('./http/tls.ts'),
    import('./telemetry/log.ts'),
    import('./telemetry/metrics.ts'),
  ]);
  const logger = openLog({ level: config.running.log, secrets: secretsOf(config) });
  const metrics = new Metrics(VERSION);
  app.telemetry.listen((seen) => metrics.saw(seen));
  const context: Context = { ...app, ...(app.setup && { setup: { ...app.setup, serves: true } }), report: (error) => logger.error({ err: error }, 'bug') };
  // Whatever the level: who did what is always written.
  const auditor = logger.child({ audit: true }, { level: 'info' });
  const loopback = LOOPBACK.test(config.listen.host);
  const server = await createServer(context, {
    logger,
    loopback,
    metrics,
    access: config.access,
    limits: config.limits,
    documents: config.documents,
    chats: config.chats(),
    audit: (line) => auditor.info(line),
  });
  const tls = config.access.tls && followTls(server.app.server as unknown as TlsServer, config.access.tls, context.report);
  const { otlp } = config.running;
  const traces = otlp === null ? null : (await import('./telemetry/traces.ts')).startTraces(app.telemetry, otlp, VERSION);
  // Before anybody can know that it is there.
  const signal = untilSignal();
  // A database that cannot be opened shows in /readyz and in what needs it; questions about the present need none.
  await app.store().catch((error: unknown) => logger.error({ err: error }, 'snapshot database'));
  const address = await server.app.listen(config.listen).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      'BAD_CONFIG',
      `Cannot listen on ${config.listen.host}:${config.listen.port}: ${error.code ?? error.message}.`,
      'Set NETWHY_LISTEN or `listen` to another address.',
    );
  });
  log(`netwhy listens on ${address}: the page at /, GraphQL at /graphql, REST at /api/v1 (described by /api/v1/openapi.json), MCP at /mcp`);
  const schedules = await startSchedules(context, config.database);
  await signal;
  tls?.stop();
  logger.info('stopping');
  await within(
    config.running.stopSeconds,
    Promise.all([server.stop(), schedules.stop()])
      .then(() => app.close())
      .then(() => traces?.stop().catch(context.report)),
  );
  return 0;
}
