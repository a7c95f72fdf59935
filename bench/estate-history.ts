/** Many hosts that change a little from snapshot to snapshot, the same in every run. */
import type { Fact, HostFacts } from '../src/model/facts.ts';
import { ENTITY_KINDS } from '../src/model/snapshot.ts';
import type { EntityRow, EntityRows, NewSnapshot } from '../src/snapshots/types.ts';

export const HOSTS = 1000;
export const LINES = 500;
const CHANGED = (HOSTS * LINES) / 100;
/** Where each fact of a host begins among its lines. */
const FACTS = [
  ['iptables-nft', 0],
  ['nft', 200],
  ['ss', 350],
  ['sysctl', 420],
] as const;

/** Numbers that look like chance (Park and Miller's generator). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

interface Host {
  readonly name: string;
  lines: string[];
  version: number;
  facts: readonly Fact[];
  rows: Partial<EntityRows>;
}

export class EstateHistory {
  readonly #random = dice(5);
  readonly #hosts: readonly Host[];
  #version = 0;

  constructor() {
    this.#hosts = Array.from({ length: HOSTS }, (_, h) => {
      const lines = Array.from({ length: LINES }, (_, i) => this.#line(h, i));
      return this.#renewed({ name: `host-${h}`, lines, version: 0, facts: [], rows: {} });
    });
  }

  /** One line in a hundred changes: lines of a few hosts, or of all of them. */
  change(hosts: number): void {
    this.#version++;
    for (let k = 0; k < hosts; k++) {
      const host = hosts === HOSTS ? this.#hosts[k]! : this.#hosts[this.#random(HOSTS)]!;
      for (let i = 0; i < CHANGED / hosts; i++) host.lines[this.#random(LINES)] = this.#line(this.#random(HOSTS), this.#random(100_000));
      host.version = this.#version;
      this.#renewed(host);
    }
  }

  /** `fresh`: in texts that were never seen before, as a collection brings them. */
  snapshot(fresh: boolean): NewSnapshot {
    const copy = (text: string) => Buffer.from(text).toString();
    const facts = this.#hosts.map(
      ({ name, facts: own }): HostFacts => ({
        version: 1,
        host: name,
        collectedAt: '2026-01-01T00:00:00.000Z',
        facts: fresh ? own.map((fact) => ({ ...fact, data: copy(fact.data) })) : own,
      }),
    );
    const entities = Object.fromEntries(ENTITY_KINDS.map((kind) => [kind, this.#hosts.flatMap(({ rows }) => rows[kind] ?? [])]));
    const versions = new Map(this.#hosts.map(({ name, version }) => [name, String(version)]));
    return { facts, entities: entities as unknown as EntityRows, gaps: 0, label: null, meaning: (name) => new Map([['filterRule', versions.get(name)!]]) };
  }

  #line(h: number, i: number): string {
    const address = `172.${16 + (h % 16)}.${i % 250}.${this.#random(250)}`;
    return `-A DOCKER -d ${address}/32 ! -i br-${(h * 7919).toString(16).padStart(12, '0')} -o br-${(i * 104729).toString(16).padStart(12, '0')} -p tcp -m tcp --dport ${1024 + this.#random(60_000)} -j ACCEPT`;
  }

  #renewed(host: Host): Host {
    host.facts = FACTS.map(([source, first], k) => ({
      source,
      netns: '4026531840',
      status: 'ok',
      data: host.lines.slice(first, FACTS[k + 1]?.[1]).join('\n'),
    }));
    const row = (kind: string, i: number): EntityRow => {
      const data = { id: `${kind}:${host.name}/${i}`, text: host.lines[i]! };
      return { key: data.id, host: host.name, name: `${kind}-${i}`, addresses: [`10.0.0.${i}`], data };
    };
    const rows = (kind: string, count: number) => Array.from({ length: count }, (_, i) => row(kind, i));
    host.rows = { host: rows('host', 1), endpoint: rows('endpoint', 10), natRule: rows('natRule', 20) };
    return host;
  }
}
