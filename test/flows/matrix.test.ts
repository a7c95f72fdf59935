/** The matrix says what the question would have said. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { why } from '../../src/engine/index.ts';
import { blocksOf } from '../../src/flows/blocks.ts';
import { Flows } from '../../src/flows/flows.ts';
import type { Seat } from '../../src/flows/places.ts';
import type { Model } from '../../src/model/model.ts';
import type { Protocol } from '../../src/model/packet.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { smallEstate } from '../doors/small-estate.ts';
import { RECORDINGS, readRecorded } from '../lab/recordings.ts';
import { syntheticEstate } from '../support/synthetic-estate.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

interface Flow {
  readonly from: Seat;
  readonly to: Seat;
  readonly protocol: Protocol;
  readonly port: number | null;
  readonly verdict: string;
}

function* allFlows(flows: Flows): Generator<Flow> {
  for (const protocol of PROTOCOLS) {
    for (const block of blocksOf(flows, protocol, flows.seats, flows.seats)) {
      if (!block) continue;
      const pairs = block.sources.flatMap((from) => block.targets.flatMap((to) => (from === to ? [] : [{ from, to }])));
      for (const { ports, verdict } of block.row.groups)
        for (const pair of pairs) for (const port of protocol === 'icmp' ? [null] : ports) yield { ...pair, protocol, port, verdict };
    }
  }
}

/** Every `step`th of a sequence, from one that `salt` chooses. */
function every<T>(items: Iterable<T>, step: number, salt: number): T[] {
  const kept: T[] = [];
  let i = salt % step;
  for (const item of items) if (i++ % step === 0) kept.push(item);
  return kept;
}

function wrong(model: Model, flows: readonly Flow[]): string[] {
  return flows.flatMap(({ from, to, protocol, port, verdict }) => {
    const { verdict: asked } = why(model, { from: from.place.reference, to: to.place.reference, protocol, port });
    return asked === verdict ? [] : [`${from.place.reference} > ${to.place.reference} ${protocol} ${port}: matrix ${verdict}, why ${asked}`];
  });
}

const names = readdirSync(RECORDINGS)
  .filter((name) => !['beside', 'standing', 'firewalls-3', 'firewalls-1'].includes(name))
  .sort();

describe('the matrix says of a flow what the engine says', () => {
  test('of every flow of a small estate, and of every pair of places', () => {
    const model = buildModel(smallEstate());
    const flows = new Flows(model);
    const all = [...allFlows(flows)];
    expect(all).toHaveLength(flows.seats.length * (flows.seats.length - 1) * (2 * (flows.ports.length + 1) + 1));
    expect(wrong(model, all)).toEqual([]);
    expect(new Set(all.map(({ verdict }) => verdict))).toEqual(new Set(['REACHABLE', 'UNREACHABLE']));
  });

  test('of every flow of a host with many alike, for far fewer questions', () => {
    const model = buildModel(syntheticEstate({ hosts: 1, containers: 20, networks: 2 }));
    const flows = new Flows(model);
    const all = [...allFlows(flows)];
    expect(flows.asked).toBeLessThan(all.length / 10);
    expect(wrong(model, every(all, 7, 3))).toEqual([]);
  });

  test.each([
    ['a source', ['-s 10.64.0.3/32 -j DROP']],
    ['a target, but for one source', ['-s 10.64.0.2/32 -d 10.64.0.4/32 -j RETURN', '-d 10.64.0.4/32 -j DROP']],
    ['one source, and then others with it', ['-s 10.64.0.3/32 -j ACCEPT', '-s 10.64.0.0/29 -p tcp -m tcp --dport 80:6000 -j DROP']],
    ['a range of addresses', ['-m iprange --src-range 10.64.0.3-10.64.0.4 -p udp -j DROP']],
    ['a bridge port', ['-m physdev --physdev-in veth3 -j DROP']],
    ['ports of one source', ['-s 10.64.16.2/32 -p tcp -m multiport --dports 22,80,5432 -j DROP', '-s 10.64.16.3/32 -p tcp -m tcp --sport 45678 -j DROP']],
    ['a part of addresses', ['-s 10.64.0.1/255.255.0.1 -j DROP']],
    ['replies to one', ['-d 10.64.0.3/32 -m conntrack --ctstate ESTABLISHED -j DROP']],
  ])('where a rule is about %s', (_, rules) => {
    const model = buildModel(syntheticEstate({ hosts: 1, containers: 12, networks: 2 }, rules));
    const plain = new Flows(buildModel(syntheticEstate({ hosts: 1, containers: 12, networks: 2 })));
    const flows = new Flows(model);
    const all = [...allFlows(flows)];
    expect(wrong(model, every(all, 11, 5))).toEqual([]);
    const open = (from: Iterable<Flow>) => [...from].filter(({ port, verdict }) => verdict === 'REACHABLE' && plain.ports.includes(port ?? 80)).length;
    expect(open(all)).toBeLessThan(open(allFlows(plain)));
  });

  test.each(names)('of samples of %s', async (name) => {
    const model = buildModel((await readRecorded(name)).facts);
    const flows = new Flows(model);
    expect(wrong(model, every(allFlows(flows), 1999, name.length * 37))).toEqual([]);
  });
});
