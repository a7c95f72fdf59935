/** Prometheus metrics: what was told of the work, and how the service stands when it is asked. Labels are hosts and schedules of the configuration, routes, and closed lists. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { VERDICTS } from '../model/answer.ts';
import { DELIVERY_STATES } from '../model/notice.ts';
import type { Observation } from '../model/telemetry.ts';
import type { Standing } from '../operations/standing.ts';
import { never } from '../util/invariant.ts';

/** Seconds. */
const SHORT = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LONG = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const PROBED = { true: 'agrees', false: 'disagrees', null: 'inconclusive' } as const;

export class Metrics {
  readonly registry = new Registry();
  readonly #collections = this.#histogram('netwhy_collection_seconds', 'Time to read all of a host.', ['host'], LONG);
  readonly #sources = this.#counter('netwhy_source_seconds_total', 'Time that a source took, added up over namespaces and collections.', ['host', 'source']);
  readonly #reads = this.#counter('netwhy_source_reads_total', 'Collections in which a source was read.', ['host', 'source']);
  readonly #takes = this.#histogram('netwhy_snapshot_seconds', 'Time to take a snapshot, its collection included.', [], LONG);
  readonly #written = this.#counter('netwhy_snapshot_bytes_total', 'Bytes of facts that snapshots added to the database.', []);
  readonly #answers = this.#counter('netwhy_answers_total', 'Answered questions.', ['verdict']);
  readonly #probes = this.#counter('netwhy_probe_total', 'Real packets sent beside an answer, by whether they met the same.', ['result']);
  readonly #operations = this.#histogram('netwhy_graphql_operation_seconds', 'Time to answer a root field of GraphQL.', ['type', 'field', 'outcome'], SHORT);
  readonly #requests = this.#histogram('netwhy_http_request_seconds', 'Time to answer a request.', ['door', 'method', 'route', 'status'], SHORT);
  readonly #databaseUp = this.#gauge('netwhy_database_up', 'Whether the snapshot database answers.', []);
  readonly #databaseBytes = this.#gauge('netwhy_database_bytes', 'Size of the snapshot database.', []);
  readonly #snapshots = this.#gauge('netwhy_snapshots', 'Snapshots that are kept.', []);
  readonly #deliveries = this.#gauge('netwhy_notice_deliveries', 'Deliveries of notices.', ['state']);
  readonly #runs = this.#gauge('netwhy_schedule_runs', 'Times at which a schedule was due, by what became of them.', ['schedule', 'state']);
  readonly #gaps = this.#gauge('netwhy_host_gaps', 'What could not be read of a host in the last collection.', ['host']);
  readonly #collectedAt = this.#gauge('netwhy_host_collected_timestamp_seconds', 'When a host was read last.', ['host']);
  readonly #subscribers = this.#gauge('netwhy_subscribers', 'Subscriptions that are open.', []);

  constructor(version: string) {
    collectDefaultMetrics({ register: this.registry });
    this.#gauge('netwhy_build_info', 'Always 1.', ['version', 'node']).set({ version, node: process.versions.node }, 1);
    for (const verdict of VERDICTS) this.#answers.inc({ verdict }, 0);
    for (const result of Object.values(PROBED)) this.#probes.inc({ result }, 0);
  }

  saw(seen: Observation): void {
    switch (seen.kind) {
      case 'collected':
        this.#collections.observe({ host: seen.host }, seen.seconds);
        break;
      case 'read':
        this.#sources.inc({ host: seen.host, source: seen.source }, Math.max(0, seen.seconds));
        this.#reads.inc({ host: seen.host, source: seen.source });
        break;
      case 'snapshot':
        this.#written.inc(seen.bytes);
        this.#takes.observe(seen.seconds);
        break;
      case 'answered':
        this.#answers.inc({ verdict: seen.verdict });
        break;
      case 'probed':
        this.#probes.inc({ result: PROBED[`${seen.agrees}`] });
        break;
      case 'operation':
        this.#operations.observe({ type: seen.type, field: seen.field, outcome: seen.ok ? 'ok' : 'error' }, seen.seconds);
        break;
      case 'request':
        this.#requests.observe({ door: seen.door, method: seen.method, route: seen.route, status: String(seen.status) }, seen.seconds);
        break;
      default:
        never(seen);
    }
  }

  /** The exposition, as `contentType` says. */
  async expose({ database, schedules, hosts, subscribers }: Standing): Promise<string> {
    // What is not known now is not told as it was.
    for (const gauge of [this.#databaseBytes, this.#snapshots]) gauge.remove();
    for (const gauge of [this.#deliveries, this.#runs, this.#gaps, this.#collectedAt]) gauge.reset();
    this.#databaseUp.set(database === null ? 0 : 1);
    if (database) {
      this.#databaseBytes.set(database.bytes);
      this.#snapshots.set(database.snapshots);
      for (const state of DELIVERY_STATES) this.#deliveries.set({ state: state.toLowerCase() }, database.deliveries[state]);
    }
    for (const { name, runs } of schedules)
      for (const [state, count] of Object.entries(runs)) this.#runs.set({ schedule: name, state: state.toLowerCase() }, count);
    for (const { name, gaps, collectedAt } of hosts) {
      this.#gaps.set({ host: name }, gaps);
      this.#collectedAt.set({ host: name }, Date.parse(collectedAt) / 1000);
    }
    this.#subscribers.set(subscribers);
    return this.registry.metrics();
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  #gauge(name: string, help: string, labelNames: readonly string[]): Gauge {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  #histogram(name: string, help: string, labelNames: readonly string[], buckets: readonly number[]): Histogram {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [this.registry] });
  }
}
