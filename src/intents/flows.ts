/** The flows that an intent speaks of. */
import { allContainers, isRunning } from '../engine/resolve/places.ts';
import type { Intent, IntentTarget } from '../model/intent.ts';
import type { Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';
import { containerPlace, type Meant, type Place, placesOf, unread } from './places.ts';
import { byAddress, directly, loopback, type Service, type To, translated } from './ways.ts';

/** From one place to one service. */
export type Flow = {
  readonly from: Place;
  readonly target: Place;
  readonly wanted: 'reached' | 'not reached';
} & (
  | /** It is reached when one of the questions is answered so. */ { readonly ways: readonly Question[] }
  | /** No packet need be sent to know. */ { readonly unreachable: string }
);

export interface Flows {
  readonly flows: Iterable<Flow>;
  /** Why there may be more of them. */
  readonly unsure: readonly string[];
}

/** Throws UserError when the intent names nobody. */
export function flowsOf(model: Model, intent: Intent): Flows {
  const named = intent.subjects.map((party) => placesOf(model, party));
  const targets = placesOf(model, intent.target.party);
  const subjects: Meant =
    intent.kind === 'only' ? others(model, named, targets) : { places: named.flatMap(({ places }) => places), unsure: named.flatMap(({ unsure }) => unsure) };
  const offers = targets.places.map((target) => {
    const { services, why } = servicesOf(target, intent.target);
    return { target, why, services: services.map((service) => ({ service, ports: translated(model, target, service) })) };
  });
  const wanted = intent.kind === 'must' ? 'reached' : 'not reached';
  function* flows(): Generator<Flow> {
    for (const from of subjects.places) {
      for (const { target, services, why } of offers) {
        // among sets nobody is asked about himself
        if (subjects.places.length * offers.length > 1 && same(from, target)) continue;
        if (services.length === 0 && why === null) yield { from, target, wanted, unreachable: `${target.name} listens on no port: there is nothing to reach` };
        for (const { service, ports } of services) yield { from, target, wanted, ways: waysOf(from, target, service, ports, wanted) };
      }
    }
  }
  const unknown = offers.flatMap(({ why }) => why ?? []);
  return { flows: flows(), unsure: [...new Set([...subjects.unsure, ...targets.unsure, ...unknown])] };
}

const same = (a: Place, b: Place) => (a.netns !== null ? a.netns === b.netns : a.container !== null && a.container === b.container);

/** Who comes from outside may use any way that must be open; what must be closed must be closed on every way. */
function waysOf(from: Place, target: Place, service: Service, ports: readonly To[], wanted: Flow['wanted']): readonly Question[] {
  const every = from.outside || wanted === 'not reached';
  const own = from.netns !== null && from.netns.id === from.host?.ownNetns && from.host === target.host;
  const others = every ? [...byAddress(from, target, service), ...ports.filter(({ to }) => own || !loopback(to))] : [];
  return [directly(target, service), ...others].map((to) => ({ from: from.reference, ...to }));
}

/** All containers that run, all hosts and the internet, but for those named, the targets themselves, and who shares a namespace with one of them. */
function others(model: Model, allowed: readonly Meant[], targets: Meant): Meant {
  const named = [...allowed.flatMap(({ places }) => places), ...targets.places];
  const seen = new Set(named.flatMap(({ netns }) => netns?.id ?? []));
  const containers = allContainers(model).filter(({ it }) => isRunning(it) && !named.some(({ container }) => container?.id === it.id));
  const hosts = model.hosts.map((host): Place => {
    const netns = model.namespaces.get(host.ownNetns ?? '') ?? null;
    return { reference: `host:${host.name}`, name: `host ${host.name}`, host, container: null, netns, outside: false };
  });
  const internet: Place = { reference: 'internet', name: 'internet', host: null, container: null, netns: null, outside: true };
  const places = [...hosts.filter(({ netns }) => netns !== null), ...containers.map((placed) => containerPlace(model, placed))].filter(({ netns }) => {
    if (netns === null) return true;
    const known = seen.has(netns.id);
    seen.add(netns.id);
    return !known;
  });
  const silent = hosts.filter(({ netns }) => netns === null).map(({ name }) => `the network namespace of ${name} was not found`);
  const outside = named.some(({ reference }) => reference === 'internet') ? [] : [internet];
  return { places: [...outside, ...places], unsure: [...unread(model), ...allowed.flatMap(({ unsure }) => unsure), ...silent] };
}

/** The port that was named, or those that are listened on; a place that does not run offers none. */
function servicesOf(target: Place, { port, protocol }: IntentTarget): { readonly services: readonly Service[]; readonly why: string | null } {
  if (port !== null) return { services: [{ protocol, port }], why: null };
  if (target.container && !isRunning(target.container)) return { services: [{ protocol: 'icmp', port: null }], why: null };
  if (target.outside) return { services: [], why: `${target.name} has no list of ports: name one` };
  if (!target.netns?.listeners.known) return { services: [], why: `which ports ${target.name} listens on is not known` };
  const open = target.netns.listeners.value.filter(({ address }) => !loopback(address));
  const services = open.map((listener): Service => ({ protocol: listener.protocol, port: listener.port }));
  return { services: [...new Map(services.map((service) => [JSON.stringify(service), service])).values()], why: null };
}
