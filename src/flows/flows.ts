/**
 * Verdicts of all flows of a model: those of the engine, which is asked once for all flows that cannot fare differently.
 * Units of a host with equal signatures may change places in all that packets meet there (rules, routes, tables), and so may nobody's
 * addresses; what a packet does is then the same but for the names. Where a walk asked other hosts, they have to be alike there too; where it
 * asked what the kernel remembers, or is handed on to the unit itself, the flow is asked for itself.
 */
import { type Reads, resolvePlace, type Target, tell } from '../engine/index.ts';
import type { Verdict } from '../model/answer.ts';
import type { Chain } from '../model/firewall.ts';
import type { Model } from '../model/model.ts';
import type { Protocol } from '../model/packet.ts';
import { Classes } from './classes.ts';
import { type Seat, seatsOf } from './places.ts';
import { behind, namedPorts, otherPort } from './ports.ts';
import { type Group, type Pair, type Reach, type Refined, refine } from './rows.ts';
import type { Unit } from './units.ts';

/** Verdicts of one source and target for a protocol; the same object for all that are alike. */
export interface Row {
  readonly groups: readonly Group[];
  /** How far its reasons lie; `own`: it holds for this pair and for no other. Null: it was put together. */
  readonly reach: Reach | null;
}

interface Shared extends Row {
  groups: readonly (Group & { readonly general: boolean })[];
}

interface Aim {
  readonly target: Target;
  /** The address that is spoken to; null: there is none to speak to, or any outside. */
  readonly address: string | null;
  readonly units: readonly Unit[];
}

const REACHES: readonly Reach[] = ['near', 'outward', 'far', 'own'];
const NONE: ReadonlySet<number> = new Set();

export class Flows {
  readonly model: Model;
  readonly seats: readonly Seat[];
  readonly ports: readonly number[];
  readonly otherPort: number;
  /** How often the engine was asked. */
  asked = 0;
  #former: { readonly flows: Flows; readonly changed: ReadonlySet<Chain>; readonly seats: ReadonlyMap<string, Seat> } | null = null;
  readonly #classes: Classes;
  readonly #aims = new Map<Seat, Map<string, Aim>>();
  /** 'own': each pair for itself; 'further': the key of the next reach tells more. */
  readonly #rows = new Map<string, Shared | 'further' | 'own'>();
  readonly #own = new Map<string, Row>();
  readonly #special: ReadonlyMap<Unit, ReadonlySet<number>>;
  /** Units that packets are handed to with the port that they came for. */
  readonly #carried: ReadonlySet<Unit>;
  readonly #sourceKeys = new Map<Seat, { readonly near: string; readonly far: string }>();

  /** `ports`: those to tell apart. `other`: stands for all the rest. */
  constructor(model: Model, ports = namedPorts(model), other = otherPort([model], ports)) {
    this.model = model;
    this.#classes = new Classes(model);
    this.seats = seatsOf(model, (id) => this.#classes.unitOf(id));
    this.ports = ports;
    this.otherPort = other;
    this.#special = specialPorts(this.#classes, [...this.ports, this.otherPort]);
    this.#carried = new Set(
      this.#classes.hosts.flatMap(({ portals }) =>
        portals.filter(({ toPort }) => typeof toPort !== 'number').flatMap(({ address }) => this.#classes.hosts.flatMap((l) => l.unitWith.get(address) ?? [])),
      ),
    );
  }

  row(from: Seat, to: Seat, protocol: Protocol): Row {
    const aim = this.#aim(from, to);
    const keys = this.#keys(from, to, aim, protocol);
    let place = 0;
    while (this.#rows.get(keys[place]![1]) === 'further') place++;
    const known = this.#rows.get(keys[place]![1]) ?? this.#make(keys, from, to, aim, protocol);
    if (known === 'own' || known === 'further') return this.#ownRow(from, to, aim, protocol, this.#all(protocol));
    return this.#forPair(known, from, to, aim, protocol);
  }

  /** From the near to the far: flows with the same text are alike if the reasons of one of them lie no further. */
  #keys(from: Seat, to: Seat, aim: Aim, protocol: Protocol): readonly (readonly [Reach, string])[] {
    const source = this.#sourceKey(from);
    const far = ['far', `${protocol} ${source.far} >> ${this.#far(from, to, aim)}`] as const;
    if (aim.address === null || from.source.kind !== 'netns') return [far];
    const seen = this.#near(from, aim.address);
    return [['near', `${protocol} ${source.near} > ${seen}`], ['outward', `${protocol} ${source.far} ~ ${seen}`], far];
  }

  #make(keys: readonly (readonly [Reach, string])[], from: Seat, to: Seat, aim: Aim, protocol: Protocol): Shared | 'own' {
    const pair = this.#pair(from, to, aim, protocol);
    const { groups, reach } = this.#asBefore(from, to, protocol) ?? refine(pair, protocol, this.#all(protocol));
    for (const [held, key] of keys) {
      if (REACHES.indexOf(held) < REACHES.indexOf(reach) && held !== 'far') {
        this.#rows.set(key, 'further');
        continue;
      }
      const row = reach === 'own' ? reach : { reach, groups: groups.map((group) => ({ ...group, general: !pair.special.has(group.asked) })) };
      this.#rows.set(key, row);
      return row;
    }
    return 'own';
  }

  /** Sources of one kind get the same of every target, but for itself and on ports for which a unit is special. */
  kindOf(from: Seat): string {
    const key = this.#sourceKey(from);
    return from.unit ? `${key.near} ${key.far} ${networksOf(from)}` : `${key.near} ${from.source.kind === 'netns' ? from.place.reference : ''}`;
  }

  /** Ports for which packets may be handed to the seat's unit by somebody else. */
  specialPorts(seat: Seat): ReadonlySet<number> {
    return (seat.unit && this.#special.get(seat.unit)) ?? NONE;
  }

  #sourceKey(from: Seat): { readonly near: string; readonly far: string } {
    let key = this.#sourceKeys.get(from);
    if (!key) {
      const { unit, source } = from;
      const own = source.kind === 'netns' ? source.netns.id : source.kind === 'stopped' ? `${source.kind} ${source.container.state}` : 'outside';
      key = unit ? { near: this.#classes.near(unit, 'source'), far: this.#classes.far(unit, 'source') } : { near: own, far: own };
      this.#sourceKeys.set(from, key);
    }
    return key;
  }

  #near(from: Seat, address: string): string {
    const { source } = from;
    if (source.kind !== 'netns') return address;
    const own = from.unit?.names.get(address);
    return own === undefined || !from.unit ? this.#classes.seenFrom(source.netns.host, address) : `itself ${own} ${this.#classes.near(from.unit, 'both')}`;
  }

  #far(from: Seat, to: Seat, { address, target }: Aim): string {
    if (address === null)
      return `${target.kind} ${'why' in target ? target.why : ''} ${target.kind === 'stopped' ? target.container.state === 'running' : ''} ${to.place.kind}`;
    const own = from.unit?.names.get(address);
    if (own !== undefined && from.unit) return `itself ${own} ${this.#classes.far(from.unit, 'both')}`;
    const here = from.source.kind === 'netns' ? from.source.netns.host : null;
    const home = here !== null && this.#classes.landmarks(here).holders.has(address) ? here : to.place.host;
    return `${this.#classes.seenByAll(home, address)} ${from.source.kind === 'netns' ? '' : to.place.host}`;
  }

  /** Who is meant, as every source of the class would find out. */
  #aim(from: Seat, to: Seat): Aim {
    let known = this.#aims.get(to);
    if (!known) {
      known = new Map();
      this.#aims.set(to, known);
    }
    const key = this.#sourceKey(from);
    const same = from === to || (from.unit !== null && from.unit === to.unit);
    const name = same || !from.unit ? from.place.reference : `${from.host === to.host ? key.near : key.far} ${networksOf(from)}`;
    let aim = known.get(name);
    if (!aim) {
      const target: Target = to.host ? resolvePlace(this.model, from.source, to.host, to.container) : { kind: 'outside', label: 'internet', addresses: [] };
      const address = target.kind === 'addresses' ? (target.addresses[0] ?? null) : null;
      aim = { target, address, units: address === null ? [] : this.#classes.holding(address) };
      known.set(name, aim);
    }
    return aim;
  }

  #all(protocol: Protocol): readonly number[] {
    return protocol === 'icmp' ? [] : [this.otherPort, ...this.ports];
  }

  /** What never came to a chain that changed. */
  #asBefore(from: Seat, to: Seat, protocol: Protocol): Refined | null {
    if (!this.#former) return null;
    const { flows, changed, seats } = this.#former;
    const [a, b] = [seats.get(from.place.reference), seats.get(to.place.reference)];
    if (!a || !b) return null;
    const { groups, reach } = flows.row(a, b, protocol);
    return reach !== null && groups.every(({ through }) => ![...changed].some((chain) => through.has(chain))) ? { groups, reach } : null;
  }

  /** Takes over what is the same in an earlier model, from which this one differs in the rules of some chains alone. */
  follow(flows: Flows, changed: ReadonlySet<Chain>): void {
    this.#former = { flows, changed, seats: new Map(flows.seats.map((seat) => [seat.place.reference, seat])) };
  }

  /** The shared row, but for the ports on which the pair is special. */
  #forPair(row: Shared, from: Seat, to: Seat, aim: Aim, protocol: Protocol): Row {
    const special = this.#specialFor(from, aim);
    const wanting = row.groups.filter((group) => !group.general || special.has(group.asked));
    if (wanting.length === 0) return row;
    const own = this.#ownRow(
      from,
      to,
      aim,
      protocol,
      wanting.flatMap(({ ports }) => ports),
    );
    if (special.size > 0)
      return { groups: [...row.groups.filter((group) => !wanting.includes(group)), ...own.groups], reach: own.reach === 'own' ? 'own' : null };
    row.groups = [...row.groups.filter((group) => group.general), ...own.groups.map((group) => ({ ...group, general: true }))];
    return row;
  }

  #ownRow(from: Seat, to: Seat, aim: Aim, protocol: Protocol, ports: readonly number[]): Row {
    const { source } = from;
    const key = `${protocol} ${source.kind === 'netns' ? source.netns.id : from.place.reference} ${aim.address ?? to.place.reference} ${ports.join()}`;
    let row = this.#own.get(key);
    if (!row) {
      const { groups, reach } = refine(this.#pair(from, to, aim, protocol), protocol, ports);
      row = { groups, reach };
      this.#own.set(key, row);
    }
    return row;
  }

  #specialFor(from: Seat, { units }: Aim): ReadonlySet<number> {
    const sets = [from.unit, ...units].flatMap((unit) => (unit && this.#special.get(unit)) || []);
    return sets.length <= 1 ? (sets[0] ?? NONE) : new Set(sets.flatMap((set) => [...set]));
  }

  #reach({ source, unit }: Seat, { address }: Aim, reads: Reads): Reach {
    const back = unit !== null && reads.homes.has(unit.netns) && !unit.names.has(address ?? '');
    if (reads.remembered || back) return 'own';
    if (!reads.beyond) return 'near';
    const host = source.kind === 'netns' ? source.netns.host : null;
    const elsewhere = [...reads.namespaces].some((netns) => netns.host !== host);
    return elsewhere || address === null || reads.sought.has(address) ? 'far' : 'outward';
  }

  #pair(from: Seat, to: Seat, aim: Aim, protocol: Protocol): Pair {
    const units = new Set([from.unit, ...aim.units]);
    return {
      special: this.#specialFor(from, aim),
      reach: (reads) => this.#reach(from, aim, reads),
      onTheWay: (address) => {
        const about = this.#classes.hosts.flatMap(({ unitWith }) => unitWith.get(address) ?? []);
        return about.length === 0 || about.some((unit) => units.has(unit) || this.#carried.has(unit));
      },
      ask: (port: number | null, reads: Reads): Verdict => {
        this.asked++;
        return tell(this.model, { from: from.place.reference, to: to.place.reference, protocol, port }, from.source, aim.target, reads).verdict;
      },
    };
  }
}

/** By what a container finds others. */
const networksOf = ({ container }: Seat) => `${container?.sharesNetworkOf ?? ''} ${container?.endpoints.map((e) => e.networkId).join() ?? ''}`;

/** Ports for which packets may be handed to a unit, which is then not like others as a source or a target. */
function specialPorts(classes: Classes, ports: readonly number[]): ReadonlyMap<Unit, ReadonlySet<number>> {
  const found = new Map<Unit, Set<number>>();
  for (const port of ports) {
    for (const unit of behind(port, classes.hosts)) {
      const set = found.get(unit) ?? new Set();
      found.set(unit, set.add(port));
    }
  }
  return found;
}
