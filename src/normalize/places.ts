/** host.namespaces and Docker → which namespaces there are, what to call them, and who lives in them. */
import { z } from 'zod';
import type { Container } from '../model/docker.ts';
import type { Netns } from '../model/network.ts';
import { byText } from './fact.ts';

const schema = z.array(
  z.looseObject({
    inode: z.union([z.string(), z.number()]).transform(String),
    kind: z.string().default('process'),
    paths: z.array(z.string()).default([]),
    pids: z.array(z.number()).default([]),
    containerIds: z.array(z.string()).default([]),
    names: z.array(z.string()).optional(),
    engine: z.unknown().optional(),
  }),
);

/** A namespace as host.namespaces lists it. */
export interface Listed {
  readonly inode: string;
  readonly kind: string;
  readonly paths: readonly string[];
  readonly names: readonly string[];
  readonly pids: readonly number[];
  readonly containerIds: readonly string[];
  readonly engine: boolean;
}

export type Place = Pick<Netns, 'id' | 'host' | 'inode' | 'key' | 'kind' | 'names' | 'containerIds'>;

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return [...new Set([...a, ...b])].sort();
}

/** The same namespace may be listed more than once: by path and by process. */
function merge(list: readonly Listed[]): Listed[] {
  const byInode = new Map<string, Listed>();
  for (const entry of list) {
    const other = byInode.get(entry.inode);
    byInode.set(
      entry.inode,
      other
        ? {
            inode: entry.inode,
            kind: other.kind === 'host' || entry.kind === 'host' ? 'host' : other.kind,
            paths: union(other.paths, entry.paths),
            names: union(other.names, entry.names),
            pids: union(other.pids, entry.pids),
            containerIds: union(other.containerIds, entry.containerIds),
            engine: other.engine || entry.engine,
          }
        : { ...entry, paths: union(entry.paths, []), names: union(entry.names, []), pids: [...entry.pids].sort((a, b) => a - b) },
    );
  }
  return [...byInode.values()].sort((a, b) => byText(a.inode, b.inode));
}

/** Base names of files that hold a namespace open; /proc/PID/ns/net names nothing. */
function namesOf(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !/\/ns\/net$/.test(path)).map((path) => path.split('/').at(-1) ?? path);
}

export function parseNamespaces(data: string): readonly Listed[] {
  return merge(
    schema.parse(JSON.parse(data)).map((n) => ({
      inode: n.inode,
      kind: n.kind,
      paths: n.paths,
      names: n.names ?? namesOf(n.paths),
      pids: n.pids,
      containerIds: n.containerIds,
      engine: n.engine === true,
    })),
  );
}

/** Namespaces of which there are facts, though nothing lists them. */
export function listedOrSeen(listed: readonly Listed[], inodes: Iterable<string>): readonly Listed[] {
  const seen = [...inodes].map((inode): Listed => ({ inode, kind: 'process', paths: [], names: [], pids: [], containerIds: [], engine: false }));
  return merge([...listed, ...seen]);
}

function runs(container: Container): boolean {
  return container.state === 'running' || container.state === 'paused';
}

/**
 * Inode of the namespace a container lives in: as listed, by sandbox, or by what its network mode implies. Not by process id:
 * the engine's number may be another process's here (pid_namespaces(7)).
 */
function inodeOf(container: Container, listed: readonly Listed[], own: Listed | undefined, byId: ReadonlyMap<string, Container>): string | null {
  if (!runs(container)) return null;
  const direct =
    listed.find((n) => n.containerIds.includes(container.id)) ?? listed.find((n) => container.sandboxKey !== null && n.paths.includes(container.sandboxKey));
  if (direct) return direct.inode;
  if (container.networkMode === 'host') return own?.inode ?? null;
  const owner = container.sharesNetworkOf === null ? undefined : byId.get(container.sharesNetworkOf);
  // an owner of mode container: is refused by the engine, so one step is enough
  return owner && owner.sharesNetworkOf === null ? inodeOf(owner, listed, own, byId) : null;
}

/** Owners before guests, then by name: the first gives the namespace its name. */
function inOrder(ids: readonly string[], byId: ReadonlyMap<string, Container>): readonly string[] {
  const rank = (id: string) => {
    const c = byId.get(id);
    return c ? (c.sharesNetworkOf === null ? 0 : 1) : 2;
  };
  return [...ids].sort((a, b) => rank(a) - rank(b) || byText(byId.get(a)?.name ?? a, byId.get(b)?.name ?? b));
}

interface Naming {
  readonly kind: Place['kind'];
  readonly key: string;
}

function naming(n: Listed, own: Listed | undefined, ids: readonly string[], byId: ReadonlyMap<string, Container>): Naming {
  if (n === own) return { kind: 'host', key: 'host' };
  const first = ids[0];
  // the processes of a machine's own namespace are not its containers' alone
  if (first !== undefined && n.kind !== 'host') return { kind: 'container', key: `container:${byId.get(first)?.name ?? first.slice(0, 12)}` };
  const name = n.names[0];
  if (name !== undefined) return { kind: 'named', key: `netns:${name}` };
  return { kind: 'process', key: n.pids[0] === undefined ? `inode:${n.inode}` : `pid:${n.pids[0]}` };
}

const KINDS: readonly Place['kind'][] = ['host', 'container', 'named', 'process'];

export interface Settled {
  readonly places: readonly Place[];
  readonly containers: readonly Container[];
  readonly own: string | null;
}

/** The host's own namespace is the engine's; without an engine, the one the collector calls the host's. */
export function settle(host: string, listed: readonly Listed[], containers: readonly Container[]): Settled {
  const own = listed.find((n) => n.engine) ?? listed.find((n) => n.kind === 'host');
  const byId = new Map(containers.map((c) => [c.id, c]));
  const inodes = new Map(containers.map((c) => [c.id, inodeOf(c, listed, own, byId)]));
  const taken = new Set<string>();
  const places = listed.map((n): Place => {
    const lives = [...inodes].filter(([, inode]) => inode === n.inode).map(([id]) => id);
    const ids = inOrder(union(n.containerIds, lives), byId);
    const { kind, key: wanted } = naming(n, own, ids, byId);
    const key = taken.has(wanted) ? `${wanted}#${n.inode}` : wanted;
    taken.add(key);
    return { id: `${host}/${n.inode}`, host, inode: n.inode, kind, key, names: n.names, containerIds: ids };
  });
  return {
    places: places.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byText(a.key, b.key)),
    containers: containers.map((c) => {
      const inode = inodes.get(c.id);
      return inode ? { ...c, netns: `${host}/${inode}` } : c;
    }),
    own: own ? `${host}/${own.inode}` : null,
  };
}
