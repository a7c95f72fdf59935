import { z } from 'zod';
import type { Gap } from '../../model/evidence.ts';
import type { FactSource } from '../../model/facts.ts';
import type { Model } from '../../model/model.ts';

/** Everything that is listed has an id that stays the same from one collection to the next, and a host. */
export interface Entity {
  readonly id: string;
  readonly host: string;
}

/** A list of things of one kind, made from a model. */
export interface View<E extends Entity, F> {
  /** One of them, as in ids and headings. */
  readonly kind: string;
  readonly entity: z.ZodType<E>;
  readonly filter: z.ZodType<F>;
  /** The facts that a list of these is made from: a gap in one of them may hide entries. */
  readonly sources: readonly FactSource[];
  /** Ordered by id where the order has no meaning of its own. */
  list(model: Model): E[];
  matches(entity: E, filter: F): boolean;
}

export const DOCKER_SOURCES = ['docker.version', 'docker.info', 'docker.networks', 'docker.containers'] as const satisfies readonly FactSource[];
export const FIREWALL_SOURCES = [
  'host.namespaces',
  'iptables-nft',
  'ip6tables-nft',
  'iptables-legacy',
  'ip6tables-legacy',
  'nft',
  'ipset',
] as const satisfies readonly FactSource[];

const words = (description: string) => z.string().max(1000).optional().describe(description);

/** Filters that several lists share; each keeps what it needs. Names are compared whole, `text` is searched for. */
export const filters = {
  host: words('Name of the host, as in the configuration.'),
  text: words('Part of any field, not case-sensitive.'),
  namespace: words('Network namespace: `host`, `container:NAME`, `netns:NAME` or `pid:PID`.'),
  network: words('Name or id of a Docker network.'),
  container: words('Name, id or id prefix (12 characters or more) of a container.'),
  name: words('Name, or id for Docker objects.'),
  address: words('An IP address; for subnets and routes, one that they contain.'),
  port: z.coerce.number().int().min(1).max(65535).optional().describe('Port number.'),
  protocol: words('`tcp`, `udp`, ...'),
  table: words('Table, for example `filter` or `main`.'),
  chain: words('Chain, for example `DOCKER-USER`.'),
};

/** A filter that is not given matches everything. */
export const equal = (wanted: string | undefined, ...values: readonly (string | null)[]) => wanted === undefined || values.includes(wanted);

/** Docker's ids may be shortened to no less than 12 digits. */
export const named = (wanted: string | undefined, name: string, id: string) =>
  wanted === undefined || wanted === name || (wanted.length >= 12 && id.startsWith(wanted));

export const hasText = (entity: Entity, text: string | undefined) => text === undefined || JSON.stringify(entity).toLowerCase().includes(text.toLowerCase());

/** Equal ids get `~2`, `~3` in the order they came. */
export function withUniqueIds<E extends Entity>(entities: readonly E[]): E[] {
  const seen = new Map<string, number>();
  return entities.map((entity) => {
    const count = (seen.get(entity.id) ?? 0) + 1;
    seen.set(entity.id, count);
    return count === 1 ? entity : { ...entity, id: `${entity.id}~${count}` };
  });
}

export const byId = <E extends Entity>(entities: readonly E[]): E[] => entities.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

export const concerns = (sources: readonly string[], host: string | undefined) => (gap: Gap) =>
  (host === undefined || gap.host === host) && sources.includes(gap.source);

export const pairs = (record: Readonly<Record<string, string>>) => Object.entries(record).map(([key, value]) => ({ key, value }));
export const pairSchema = z.object({ key: z.string().describe('Name.'), value: z.string().describe('Value.') }).readonly();
