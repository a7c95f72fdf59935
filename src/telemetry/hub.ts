/** Passes on what is told of the service's work to whoever listens; to nobody at first. */
import type { Observation, Telemetry } from '../model/telemetry.ts';

type Tracer = Pick<Telemetry, 'during' | 'request'>;

export class Hub implements Telemetry {
  readonly #listeners: ((seen: Observation) => void)[] = [];
  #tracer: Tracer = { during: (_span, _attributes, work) => work(), request: () => null };

  listen(listener: (seen: Observation) => void): void {
    this.#listeners.push(listener);
  }

  /** From now on spans are made by this. */
  trace(tracer: Tracer): void {
    this.#tracer = tracer;
  }

  saw(seen: Observation): void {
    for (const listener of this.#listeners) listener(seen);
  }

  during: Telemetry['during'] = (span, attributes, work) => this.#tracer.during(span, attributes, work);
  request: Telemetry['request'] = (headers) => this.#tracer.request(headers);
}
