/** Passes on what is told of the service's work to whoever listens; to nobody at first. */
import type { Observation, Telemetry } from '../model/telemetry.ts';

type During = Telemetry['during'];

export class Hub implements Telemetry {
  readonly #listeners: ((seen: Observation) => void)[] = [];
  #during: During = (_span, _attributes, work) => work();

  listen(listener: (seen: Observation) => void): void {
    this.#listeners.push(listener);
  }

  /** From now on spans are made by this. */
  trace(during: During): void {
    this.#during = during;
  }

  saw(seen: Observation): void {
    for (const listener of this.#listeners) listener(seen);
  }

  during: During = (span, attributes, work) => this.#during(span, attributes, work);
}
