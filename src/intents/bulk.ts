/** Verdicts of many flows at the price of few: those that cannot fare differently are asked once. */
import type { Flows } from '../flows/flows.ts';
import type { Seat } from '../flows/places.ts';
import { IN_USE } from '../flows/ports.ts';
import type { Verdict } from '../model/answer.ts';
import type { Model } from '../model/model.ts';
import type { Place } from './places.ts';
import type { Service } from './ways.ts';

export class Bulk {
  readonly #flows: Flows;
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #ports: ReadonlySet<number>;

  constructor(flows: Flows) {
    this.#flows = flows;
    this.#seats = new Map(flows.seats.map((seat) => [seat.container ? `${seat.host?.name}/${seat.container.id}` : seat.place.reference, seat]));
    this.#ports = new Set(flows.ports);
  }

  /** How often the engine was asked. */
  get asked(): number {
    return this.#flows.asked;
  }

  /** Null: it has to be asked by itself. */
  verdict(model: Model, from: Place, target: Place, { protocol, port }: Service): Verdict | null {
    const [source, aim] = [this.#seat(model, from), this.#seat(model, target)];
    if (!source || !aim || source === aim || protocol === 'icmp' || IN_USE.includes(port)) return null;
    const asked = this.#ports.has(port) ? port : this.#flows.otherPort;
    return this.#flows.row(source, aim, protocol).groups.find(({ ports }) => ports.includes(asked))?.verdict ?? null;
  }

  #seat(model: Model, { reference, host, container, netns }: Place): Seat | undefined {
    if (container) return this.#seats.get(`${host?.name}/${container.id}`);
    const own = host !== null && netns !== null && netns === model.namespaces.get(host.ownNetns ?? '');
    return own && reference === `host:${host.name}` ? this.#seats.get(reference) : reference === 'internet' ? this.#seats.get(reference) : undefined;
  }
}
