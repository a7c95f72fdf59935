/** All facts of one engine. */
import type Docker from 'dockerode';
import type { Fact } from '../../model/facts.ts';
import { type Asked, absent, failed, ok } from '../fact.ts';
import { connect } from '../transport/docker.ts';
import type { DockerCollector } from './collector.ts';
import { containers } from './containers.ts';
import { explain, shown } from './failure.ts';
import { info } from './info.ts';
import type { Inspections } from './inspections.ts';
import { networks } from './networks.ts';
import { version } from './version.ts';

const DOCKER_COLLECTORS: readonly DockerCollector[] = [version, info, networks, containers];

interface Target {
  readonly endpoint: string;
  /** Below which unix sockets are looked for first. */
  readonly root: string;
  readonly timeoutMs: number;
  /** What need not be asked again. */
  readonly known?: Inspections | null;
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(`${ms / 1000} s passed`), { code: 'ETIMEDOUT' })), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The call with the engine's address as its second word. */
function about({ name, command: [method = '', path = ''] }: DockerCollector, { endpoint }: Target): Asked {
  return { source: name, netns: null, command: [method, shown(endpoint), path] };
}

async function ask(collector: DockerCollector, engine: Docker, target: Target): Promise<Fact> {
  const asked = about(collector, target);
  try {
    const reply = await within(target.timeoutMs, collector.read(engine, target.known ?? null));
    return ok(asked, JSON.stringify(reply.value), reply.partial);
  } catch (error) {
    return failed(asked, explain(target.endpoint, error));
  }
}

/** Never throws. When the first question fails the engine is not there, and the others share its reason. */
export async function dockerFacts(target: Target): Promise<Fact[]> {
  const all = (make: (asked: Asked) => Fact): Fact[] => DOCKER_COLLECTORS.map((c) => make(about(c, target)));
  if (target.endpoint === 'none') return all((asked) => absent(asked, 'the configuration says docker: none'));
  let engine: Docker;
  try {
    engine = await connect(target.endpoint, target.root, target.timeoutMs);
  } catch (error) {
    return all((asked) => failed(asked, explain(target.endpoint, error)));
  }
  const [first, ...rest] = DOCKER_COLLECTORS;
  if (!first) return [];
  const answer = await ask(first, engine, target);
  if (answer.status === 'failed') return all((asked) => failed(asked, answer.reason ?? 'failed'));
  return [answer, ...(await Promise.all(rest.map((collector) => ask(collector, engine, target))))];
}
