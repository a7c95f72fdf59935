/** Does a night of changes to real hosts, and after each one reads the hosts and asks the kernel which flows work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { collectEstate } from '../../src/collectors/index.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import type { HostConfig } from '../../src/model/host-config.ts';
import type { Question } from '../../src/model/question.ts';
import { BRIEF, prepare } from './batch.ts';
import { DEEDS, type Deed } from './changes.ts';
import type { Lab, LabHost } from './hosts.ts';
import { inventoryOf } from './inventory.ts';
import { outcomeOf, shoot } from './probe.ts';
import type { Ask } from './scenario.ts';
import { takeAll } from './steps.ts';

export interface Chapter {
  /** Null: nothing yet, or a host was lost or came back. */
  readonly deed: Deed | null;
  readonly host: string;
  /** A host that could not be read. */
  readonly lost: string | null;
  readonly facts: EstateFacts;
  /** By the text of the flow: whether data came through. */
  readonly works: ReadonlyMap<string, boolean>;
}

export interface Flow {
  readonly text: string;
  readonly question: Question;
}

/** On each host. */
const FLOWS: readonly Ask[] = [
  { from: '@www', to: '@db', port: 80 },
  { from: '@plain', to: '@other', port: 80 },
  { from: 'laptop', to: 'host', port: 8080 },
  { from: 'laptop', to: 'host', port: 8090 },
  { from: '@api', to: 'laptop', port: 7000 },
  { from: 'host', to: '@db', port: 80 },
  { from: 'host', to: '@plain', port: 80 },
  { from: 'host', to: 'peer', port: 9000 },
];

/** Milliseconds in which a program that was started listens, and a link that came up carries. */
const SETTLE = 700;

const textOf = ({ from, to, port }: Question) => `${from} > ${to}:${port}`;

/** Nobody is there: as when a machine does not answer. */
const gone = (config: HostConfig): HostConfig => ({ ...config, docker: 'unix:///nowhere/docker.sock', namespaceOf: 4_194_303 });

export interface Story {
  readonly flows: readonly Flow[];
  /** The first is how it began. */
  readonly chapters: readonly Chapter[];
}

export async function live(lab: Lab): Promise<Story> {
  const configs = [...lab.hosts.map(({ config }) => config), lab.outside.config];
  const flows = new Map<string, Flow>();
  const chapters: Chapter[] = [];

  const look = async (deed: Deed | null, host: LabHost, lost: string | null) => {
    const facts = await collectEstate(configs.map((config) => (config.name === lost ? gone(config) : config)));
    const inventories = new Map(await Promise.all(lab.hosts.map(async (each) => [each.name, await inventoryOf(lab, each)] as const)));
    const cases = await Promise.all(
      lab.hosts.flatMap((each) =>
        FLOWS.map(async (ask) => {
          const asked = await prepare({ name: '', ask: [] }, ask, inventories.get(each.name)!, inventories);
          return { question: asked.question, probe: asked.probe };
        }),
      ),
    );
    const { results } = await shoot(
      cases.flatMap(({ probe }) => (typeof probe === 'string' ? [] : [probe])),
      BRIEF,
    );
    const works = new Map<string, boolean>();
    for (const { question, probe } of cases) {
      const text = textOf(question);
      flows.set(text, { text, question });
      works.set(text, typeof probe !== 'string' && outcomeOf('tcp', results[probe.id]!).verdict === 'REACHABLE');
    }
    chapters.push({ deed, host: host.name, lost, facts, works });
  };

  const [first, second] = lab.hosts;
  await look(null, first!, null);
  for (const host of lab.hosts) {
    for (const deed of DEEDS) {
      await takeAll(lab, host, deed.steps);
      await sleep(SETTLE);
      await look(deed, host, null);
    }
  }
  await look(null, second!, second!.name);
  await look(null, second!, null);
  return { flows: [...flows.values()], chapters };
}
