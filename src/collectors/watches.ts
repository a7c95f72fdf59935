/** For a process that stays: goes on listening to the engine of each host when a reading has ended. */
import type { HostConfig } from '../model/host-config.ts';
import { type Watch, watchEngine } from './docker/watch.ts';
import { rootOf } from './transport/host-view.ts';

export class EngineWatches {
  readonly #watches = new Map<string, Watch>();

  /** The one from before while it hears its engine, else another: what was done in between is not known, so nothing is remembered then. */
  async of(config: HostConfig, timeoutMs: number): Promise<Watch> {
    const before = this.#watches.get(config.name);
    if (before?.problem() === null) {
      before.changes();
      return before;
    }
    before?.close();
    const watch = await watchEngine({ endpoint: config.docker, root: await rootOf(config), timeoutMs, remember: true });
    this.#watches.set(config.name, watch);
    return watch;
  }

  close(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }
}
