/** Who an intent means in a model. */
import { resolveSource, type Source } from '../engine/resolve/index.ts';
import { allContainers, isRunning, netnsOf, type Placed } from '../engine/resolve/places.ts';
import type { Container } from '../model/docker.ts';
import { UserError } from '../model/errors.ts';
import type { Party } from '../model/intent.ts';
import type { Host, Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import { never } from '../util/invariant.ts';
import { nearest } from '../util/nearest.ts';

export interface Place {
  /** As a question names it. */
  readonly reference: string;
  /** As a person calls it. */
  readonly name: string;
  readonly host: Host | null;
  readonly container: Container | null;
  /** Null: it does not run, was not read, or is outside every known host. */
  readonly netns: Netns | null;
  readonly outside: boolean;
}

export interface Meant {
  readonly places: readonly Place[];
  /** Why there may be more of them. */
  readonly unsure: readonly string[];
}

/** As src/collectors/docker/redact.ts writes in place of what may be a credential. */
const REDACTED = '(redacted)';

/** Throws UserError UNKNOWN_ENDPOINT or AMBIGUOUS_ENDPOINT when nobody, or not one alone, is meant. */
export function placesOf(model: Model, party: Party): Meant {
  switch (party.kind) {
    case 'name':
      return byName(model, party.reference);
    case 'labelled':
      return byLabel(model, party.key, party.value);
    case 'network': {
      const known = model.hosts.flatMap((host) => (host.networks.known ? host.networks.value.map(({ name }) => name) : []));
      const found = allContainers(model).filter(({ it }) => it.endpoints.some(({ networkName }) => networkName === party.name));
      return setOf(model, found, `no container is in a network called ${party.name}`, nearest(party.name, known));
    }
    case 'project': {
      const all = allContainers(model);
      const found = all.filter(({ it }) => it.project === party.name);
      return setOf(
        model,
        found,
        `no container is of a project called ${party.name}`,
        nearest(
          party.name,
          all.flatMap(({ it }) => it.project ?? []),
        ),
      );
    }
    default:
      return never(party);
  }
}

function byName(model: Model, reference: string): Meant {
  const replicas = allContainers(model).filter(({ it }) => it.project !== null && it.service !== null && `${it.project}/${it.service}` === reference);
  if (replicas.length > 1) return setOf(model, replicas, '', []);
  return { places: [placeOf(reference, resolveSource(model, reference))], unsure: [] };
}

function placeOf(reference: string, source: Source): Place {
  const { label: name } = source;
  switch (source.kind) {
    case 'netns':
      return { reference, name, host: source.host, container: source.container, netns: source.netns, outside: false };
    case 'stopped':
      return { reference, name, host: source.host, container: source.container, netns: null, outside: false };
    case 'outside':
      return { reference, name, host: null, container: null, netns: null, outside: true };
    default:
      return never(source);
  }
}

function byLabel(model: Model, key: string, value: string): Meant {
  const all = allContainers(model);
  const found = all.filter(({ it }) => it.labels[key] === value);
  const hidden = all.filter(({ it }) => it.labels[key] === REDACTED && value !== REDACTED).map(({ it }) => it.name);
  const redacted = hidden.length === 0 ? [] : [`the value of label ${key} of ${some(hidden)} was redacted when it was read`];
  if (found.length === 0 && hidden.length > 0) throw nobody(`whether a container is labelled ${key}=${value} is not known: ${redacted[0]}`, []);
  const labels = () => all.flatMap(({ it }) => Object.entries(it.labels).map(([name, text]) => `${name}=${text}`));
  const meant = setOf(model, found, `no container is labelled ${key}=${value}`, found.length > 0 ? [] : nearest(`${key}=${value}`, labels()));
  return { ...meant, unsure: [...meant.unsure, ...redacted] };
}

/** Those that run; where none does, all: the engine says why they cannot be reached. */
function setOf(model: Model, found: readonly Placed<Container>[], otherwise: string, candidates: readonly string[]): Meant {
  if (found.length === 0) throw nobody([otherwise, ...unread(model)].join('; '), candidates);
  const running = found.filter(({ it }) => isRunning(it));
  return { places: (running.length > 0 ? running : found).map((placed) => containerPlace(model, placed)), unsure: unread(model) };
}

const nobody = (message: string, candidates: readonly string[]) =>
  new UserError('UNKNOWN_ENDPOINT', message, 'See `netwhy containers` for what is there.', candidates);

export function containerPlace(model: Model, { host, it }: Placed<Container>): Place {
  const netns = isRunning(it) ? netnsOf(model, it) : null;
  return { reference: `container:${host.name}/${it.name}`, name: it.name, host, container: it, netns, outside: false };
}

/** Hosts whose containers are not known: a set may have more. */
export const unread = (model: Model): string[] =>
  model.hosts.filter(({ containers }) => !containers.known).map(({ name }) => `the containers of ${name} could not be read`);

const some = (names: readonly string[]) => (names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', '));
