/** Which units and addresses may change places, on their own host and over all. */
import type { Model } from '../model/model.ts';
import { invariant } from '../util/invariant.ts';
import { type Landmarks, landmarksOf } from './landmarks.ts';
import { addressSignature, type Role, unitSignature } from './signature.ts';
import { addressesOf, type Unit } from './units.ts';

/** Numbers for texts: equal texts, equal numbers. */
export class Numbers {
  readonly #known = new Map<string, number>();
  of(text: string): number {
    let number = this.#known.get(text);
    if (number === undefined) {
      number = this.#known.size;
      this.#known.set(text, number);
    }
    return number;
  }
}

export class Classes {
  readonly hosts: readonly Landmarks[];
  readonly #model: Model;
  readonly #byHost: ReadonlyMap<string, Landmarks>;
  readonly #near = { source: new Map<Unit, string>(), target: new Map<Unit, string>(), both: new Map<Unit, string>() };
  readonly #far = new Map<Unit, number>();
  readonly #numbers = new Numbers();

  constructor(model: Model) {
    this.#model = model;
    this.hosts = model.hosts.map((host) => landmarksOf(model, host));
    this.#byHost = new Map(this.hosts.map((landmarks) => [landmarks.host.name, landmarks]));
  }

  landmarks(host: string): Landmarks {
    const found = this.#byHost.get(host);
    invariant(found, `host ${host} has landmarks`);
    return found;
  }

  unitOf(netnsId: string): Unit | null {
    for (const { units } of this.hosts) {
      const unit = units.get(netnsId);
      if (unit) return unit;
    }
    return null;
  }

  /** Units that have an address, on whatever host. */
  holding(address: string): readonly Unit[] {
    return this.hosts.flatMap(({ holders, units }) => (holders.get(address) ?? []).flatMap(({ id }) => units.get(id) ?? []));
  }

  /** Alike for packets that never leave their host. */
  near(unit: Unit, role: Role): string {
    let found = this.#near[role].get(unit);
    if (found === undefined) {
      const landmarks = this.landmarks(unit.netns.host);
      const own = this.#model.namespaces.get(landmarks.host.ownNetns ?? '');
      invariant(own, 'units live on hosts whose namespace is known');
      found = `${unit.netns.host} ${this.#numbers.of(`${role} ${unitSignature(landmarks, unit, own, role)}`)}`;
      this.#near[role].set(unit, found);
    }
    return found;
  }

  /** Alike wherever packets go. */
  far(unit: Unit, role: Role): string {
    let found = this.#far.get(unit);
    if (found === undefined) {
      const elsewhere = this.hosts
        .filter(({ host }) => host.name !== unit.netns.host)
        .flatMap((landmarks) => addressesOf(unit).map((address) => `${landmarks.host.name} ${addressSignature(landmarks, address)}`));
      found = this.#numbers.of(elsewhere.join('\n'));
      this.#far.set(unit, found);
    }
    return `${this.near(unit, role)} ${found}`;
  }

  /** How an address is seen from a host: as a unit's there, as it is, or as one of those that are nobody's there. */
  seenFrom(host: string, address: string): string {
    const landmarks = this.landmarks(host);
    const holders = landmarks.holders.get(address);
    if (!holders) return `nobody's ${this.#numbers.of(addressSignature(landmarks, address))}`;
    const unit = holders.length === 1 ? landmarks.units.get(holders[0]!.id) : undefined;
    return unit ? `${this.near(unit, 'target')} ${unit.names.get(address)}` : address;
  }

  /** The same over all hosts. `home`: the host that it is spoken to on. */
  seenByAll(home: string | null, address: string): string {
    const [unit, second] = home === null ? [] : (this.landmarks(home).holders.get(address) ?? []).flatMap(({ id }) => this.landmarks(home).units.get(id) ?? []);
    return unit && !second ? `${this.far(unit, 'target')} ${unit.names.get(address)}` : address;
  }
}
