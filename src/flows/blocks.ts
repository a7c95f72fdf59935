/** Flows in bulk: sources of a kind to all the targets of which they get the same. */
import type { Protocol } from '../model/packet.ts';
import type { Flows, Row } from './flows.ts';
import type { Seat } from './places.ts';

/** Each source to each target, but for itself. */
export interface Block {
  readonly sources: readonly Seat[];
  readonly targets: readonly Seat[];
  readonly row: Row;
}

/** In one namespace: what they say to each other never leaves it. */
function together(a: Seat, b: Seat): boolean {
  return a === b || (a.source.kind === 'netns' && b.source.kind === 'netns' && a.source.netns === b.source.netns);
}

/** All flows of a protocol between the seats; what a place asks of itself is none. Nulls say that work goes on. */
export function* blocksOf(flows: Flows, protocol: Protocol, sources: readonly Seat[], targets: readonly Seat[]): Generator<Block | null> {
  const kinds = new Map<string, Seat[]>();
  for (const seat of sources) {
    const kind = flows.kindOf(seat);
    kinds.set(kind, [...(kinds.get(kind) ?? []), seat]);
  }
  for (const seats of kinds.values()) {
    const ordered = [...seats].sort((a, b) => flows.specialPorts(a).size - flows.specialPorts(b).size);
    yield* ofKind(flows, protocol, ordered, targets);
  }
}

function* ofKind(flows: Flows, protocol: Protocol, seats: readonly Seat[], targets: readonly Seat[]): Generator<Block | null> {
  const shared = new Map<Row, Seat[]>();
  for (const to of targets) {
    yield null;
    const near = seats.filter((from) => from !== to && together(from, to));
    for (const from of near) yield { sources: [from], targets: [to], row: flows.row(from, to, protocol) };
    const others = seats.filter((from) => from !== to && !near.includes(from));
    const [some] = others;
    if (!some) continue;
    const row = flows.row(some, to, protocol);
    if (row.reach === 'own') for (const from of others) yield { sources: [from], targets: [to], row: flows.row(from, to, protocol) };
    else if (near.length > 0) yield* split(flows, protocol, others, [to], row);
    else shared.set(row, [...(shared.get(row) ?? []), to]);
  }
  for (const [row, all] of shared) yield* split(flows, protocol, seats, all, row);
}

/** Sources that are special for a port that was asked for get a row of their own. */
function* split(flows: Flows, protocol: Protocol, sources: readonly Seat[], targets: readonly Seat[], row: Row): Generator<Block> {
  const isSpecial = (from: Seat) => row.groups.some(({ asked }) => flows.specialPorts(from).has(asked));
  const plain = sources.filter((from) => !isSpecial(from));
  if (plain.length > 0) yield { sources: plain, targets, row };
  for (const from of sources.filter(isSpecial))
    for (const to of targets) if (from !== to) yield { sources: [from], targets: [to], row: flows.row(from, to, protocol) };
}
