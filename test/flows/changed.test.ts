/** The flows that changed are those of two whole matrices. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changedFlows, pairOf } from '../../src/flows/changed.ts';
import { Flows } from '../../src/flows/flows.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { readRecorded } from '../lab/recordings.ts';
import { syntheticEstate } from '../support/synthetic-estate.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

function finished<T>(work: Generator<null, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

type Told = Map<string, string>;

/** Flow by flow, as `before > after`. */
function byBoth(...both: readonly [Flows, Flows]): Told {
  const told: Told = new Map();
  const [before, after] = both.map(({ model, ports, otherPort }) => new Flows(model, ports, otherPort)) as [Flows, Flows];
  const seats = (flows: Flows) => new Map(flows.seats.map((seat) => [seat.place.reference, seat]));
  const [old, young] = [seats(before), seats(after)];
  const names = [...new Set([...old.keys(), ...young.keys()])];
  const row = (flows: Flows, all: ReturnType<typeof seats>, from: string, to: string, protocol: (typeof PROTOCOLS)[number]) => {
    const [a, b] = [all.get(from), all.get(to)];
    const groups = a && b ? flows.row(a, b, protocol).groups : [];
    return (port: number) => (protocol === 'icmp' ? groups[0] : groups.find(({ ports }) => ports.includes(port)))?.verdict ?? null;
  };
  for (const protocol of PROTOCOLS)
    for (const from of names)
      for (const to of names) {
        if (from === to) continue;
        const [was, is] = [row(before, old, from, to, protocol), row(after, young, from, to, protocol)];
        for (const port of protocol === 'icmp' ? [0] : [...before.ports, before.otherPort]) {
          const [a, b] = [was(port), is(port)];
          if (a !== b && ((a !== null && b !== null) || a === 'REACHABLE' || b === 'REACHABLE')) told.set(`${from} ${to} ${protocol} ${port}`, `${a} > ${b}`);
        }
      }
  return told;
}

function byDiff(before: Flows, after: Flows): Told {
  const told: Told = new Map();
  for (const set of finished(changedFlows(before, after, () => true)))
    for (const from of set.sources)
      for (const to of set.targets)
        if (from.reference !== to.reference)
          for (const port of set.protocol === 'icmp' ? [0] : [...set.ports, ...(set.otherPorts ? [before.otherPort] : [])])
            told.set(`${from.reference} ${to.reference} ${set.protocol} ${port}`, `${set.before} > ${set.after}`);
  return told;
}

type Change = (facts: EstateFacts, dice: readonly number[]) => EstateFacts;

/** The nth fact of a source, on whatever host and namespace, rewritten. */
const rewritten =
  (sources: readonly string[], rewrite: (data: string, dice: number) => string): Change =>
  (facts, [which = 0, dice = 0]) => {
    const all = facts.flatMap((host) =>
      host.facts.filter((fact) => sources.includes(fact.source) && fact.status === 'ok' && fact.data !== rewrite(fact.data, dice)),
    );
    const chosen = all[which % Math.max(1, all.length)];
    return facts.map((host) => ({ ...host, facts: host.facts.map((fact) => (fact === chosen ? { ...fact, data: rewrite(fact.data, dice) } : fact)) }));
  };

const lines = (data: string, dice: number, fits: RegExp, to: (line: string) => string | null) => {
  const all = data.split('\n');
  const places = all.flatMap((line, i) => (fits.test(line) ? [i] : []));
  const place = places[dice % Math.max(1, places.length)];
  return all.flatMap((line, i) => (i === place ? (to(line) ?? []) : line)).join('\n');
};

const RULES = ['iptables-nft', 'iptables-legacy'];

const CHANGES: Readonly<Record<string, Change>> = {
  'a rule is gone': rewritten(RULES, (data, dice) => lines(data, dice, /-A /, () => null)),
  'a rule is new': rewritten(RULES, (data, dice) =>
    lines(data, dice, /-A (FORWARD|DOCKER-USER|INPUT) /, (line) => `-A ${/-A (\S+)/.exec(line)![1]} -p tcp -m tcp --dport 80 -j DROP\n${line}`),
  ),
  'a container stands still': rewritten(['docker.containers'], (data, dice) => {
    const all = JSON.parse(data) as { State: { Status: string } }[];
    const running = all.filter((c) => c.State.Status === 'running');
    const chosen = running[dice % Math.max(1, running.length)];
    return JSON.stringify(all.map((c) => (c === chosen ? { ...c, State: { ...c.State, Status: 'exited' } } : c)));
  }),
  'a container is gone': rewritten(['docker.containers'], (data, dice) => {
    const all = JSON.parse(data) as unknown[];
    return JSON.stringify(all.filter((_, i) => i !== dice % all.length));
  }),
  'forwarding is off': rewritten(['sysctl'], (data, dice) =>
    lines(data, dice, /^net\.ipv4\.(ip_forward|conf\.\S+\.forwarding) = 1$/, (line) => line.replace('= 1', '= 0')),
  ),
  'a route is gone': rewritten(['ip.route'], (data, dice) => {
    const all = JSON.parse(data) as unknown[];
    return JSON.stringify(all.filter((_, i) => i !== dice % Math.max(1, all.length)));
  }),
  'nobody listens': rewritten(['ss'], (data, dice) => lines(data, dice, /LISTEN|UNCONN/, () => null)),
};

const dice = fc.array(fc.nat(10_000), { minLength: 2, maxLength: 2 });

describe('the flows that changed are those of two whole matrices', () => {
  test.each(Object.keys(CHANGES))('%s, on a recorded host', async (name) => {
    const { facts } = await readRecorded('firewalls-6');
    const before = buildModel(facts);
    fc.assert(
      fc.property(dice, (rolled) => {
        const flows = pairOf(before, buildModel(CHANGES[name]!(facts, rolled)));
        expect(byDiff(...flows)).toEqual(byBoth(...flows));
      }),
      { numRuns: 3 },
    );
  });

  test.each(Object.keys(CHANGES))('%s, on one of several hosts', (name) => {
    const facts = syntheticEstate({ hosts: 3, containers: 6, networks: 2 });
    const before = buildModel(facts);
    fc.assert(
      fc.property(dice, (rolled) => {
        const flows = pairOf(before, buildModel(CHANGES[name]!(facts, rolled)));
        expect(byDiff(...flows)).toEqual(byBoth(...flows));
      }),
      { numRuns: 6 },
    );
  });

  test('a rule that drops closes what it drops, and only that', () => {
    const shape = { hosts: 2, containers: 4, networks: 2 };
    const flows = pairOf(buildModel(syntheticEstate(shape)), buildModel(syntheticEstate(shape, ['-s 10.64.0.0/20 -p tcp -m tcp --dport 5432 -j DROP'])));
    const told = byDiff(...flows);
    expect(told.get('container:h0/c0 container:h0/c2 tcp 5432')).toBe('REACHABLE > UNREACHABLE');
    expect([...told.keys()].filter((flow) => !flow.endsWith(' tcp 5432'))).toEqual([]);
  });

  test('of hosts that did not change nothing is asked', () => {
    const shape = { hosts: 6, containers: 4, networks: 2 };
    const [before, after] = pairOf(buildModel(syntheticEstate(shape)), buildModel(syntheticEstate(shape, ['-p udp -j DROP'])));
    finished(changedFlows(before, after, () => true));
    const asked = before.asked + after.asked;
    const whole = pairOf(before.model, after.model);
    for (const flows of whole) for (const from of flows.seats) for (const to of flows.seats) for (const protocol of PROTOCOLS) flows.row(from, to, protocol);
    expect(asked).toBeLessThan((whole[0].asked + whole[1].asked) / 4);
  });

  test('nothing changed: nothing is asked', () => {
    const facts = syntheticEstate({ hosts: 1, containers: 4, networks: 2 });
    const [before, after] = pairOf(buildModel(facts), buildModel(facts));
    expect(finished(changedFlows(before, after, () => true))).toEqual([]);
    expect(before.asked + after.asked).toBe(0);
  });
});
