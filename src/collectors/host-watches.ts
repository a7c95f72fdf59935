/** For a process that stays: goes on listening to the engine and to the kernel of each host when a reading has ended. */
import type { HostConfig } from '../model/host-config.ts';
import { type Watch, watchEngine } from './docker/watch.ts';
import { KnownNamespaces } from './known-namespaces.ts';
import { rootOf } from './transport/host-view.ts';

export interface HostWatch {
  readonly engine: Watch;
  /** Null: nothing is kept when the reading has ended. */
  readonly namespaces: KnownNamespaces | null;
}

interface Options {
  /** After so many seconds all is read again, though nothing was told. */
  readonly fullReadSeconds?: number;
  /** Hears once why namespaces of a host are read again though nothing was told. */
  readonly report?: (problem: string) => void;
}

export class HostWatches {
  readonly #watches = new Map<string, { readonly engine: Watch; readonly namespaces: KnownNamespaces }>();
  readonly #options: Options;
  readonly #told = new Set<string>();

  constructor(options: Options = {}) {
    this.#options = options;
  }

  /** The one from before while it hears its engine, else another: what was done in between is not known, so nothing is remembered then. */
  async of(config: HostConfig, timeoutMs: number): Promise<HostWatch> {
    const before = this.#watches.get(config.name);
    if (before?.engine.problem() === null) {
      before.engine.changes();
      return before;
    }
    before?.engine.close();
    before?.namespaces.close();
    const { fullReadSeconds = 300 } = this.#options;
    const namespaces = new KnownNamespaces(fullReadSeconds * 1000, (problem) => this.#report(config.name, problem));
    const engine: Watch = await watchEngine({
      endpoint: config.docker,
      root: await rootOf(config),
      timeoutMs,
      remember: true,
      onDeath: (id) => namespaces.ended(id),
      // Who does not hear of the end of a container must not hold its namespace.
      onEnd: () => namespaces.close(),
    });
    const watch = { engine, namespaces };
    this.#watches.set(config.name, watch);
    return watch;
  }

  #report(host: string, problem: string): void {
    const line = `host ${host}: what the kernel tells of a namespace is not heard, so that it is read again each time: ${problem}`;
    if (!this.#told.has(line)) this.#options.report?.(line);
    this.#told.add(line);
  }

  close(): void {
    for (const { engine, namespaces } of this.#watches.values()) {
      namespaces.close();
      engine.close();
    }
    this.#watches.clear();
  }
}
