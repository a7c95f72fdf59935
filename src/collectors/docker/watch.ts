/** What an engine does to its containers and networks: while its host is read, and between readings. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { messageOf } from '../fact.ts';
import { connect } from '../transport/docker.ts';
import { explain } from './failure.ts';
import { Inspections, isDocker } from './inspections.ts';

/** After these, other namespaces, addresses or rules stand on the host. */
const UPSETTING = new Set(['create', 'start', 'die', 'destroy', 'pause', 'unpause', 'rename', 'connect', 'disconnect']);
/** Of containers, these change nothing of what is asked. The rest does, or may: health, limits, restart policies. */
const IDLE = /^(exec_(create|start|die|detach)\b|(top|attach|detach|resize|archive-path|extract-to-dir|export|copy|commit)$)/;

export interface Watch {
  /** What was done since the last call, as `container web: die`, each once, in order. */
  changes(): readonly string[];
  /** Why nothing can be known about changes, for a person; null while events come. */
  problem(): string | null;
  /** What need not be asked again; null where that cannot be known. */
  readonly inspections: Inspections | null;
  close(): void;
}

export interface WatchOptions {
  readonly endpoint: string;
  /** Below which unix sockets are looked for first. */
  readonly root: string;
  /** For the connection, in milliseconds; the stream itself may be silent for ever. */
  readonly timeoutMs: number;
  /** It is to outlive a reading: what need not be asked again is remembered. */
  readonly remember?: boolean;
  /** Called as often as something is done. */
  readonly onChange?: () => void;
  /** Called with the id of a container whose processes have ended. */
  readonly onDeath?: (containerId: string) => void;
  /** Called when no more events come. */
  readonly onEnd?: () => void;
}

const eventSchema = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.object({ name: z.string().optional(), container: z.string().optional() }).nullish() }),
});
type Event = z.infer<typeof eventSchema>;

function parse(line: string): Event | string {
  try {
    return eventSchema.parse(JSON.parse(line));
  } catch (error) {
    return `an event that is not understood (${messageOf(error)})`;
  }
}

/** True when what was remembered of its subject was used in the reading that is on. */
function forget(inspections: Inspections, { Type, Action, Actor }: Event): boolean {
  if (Type === 'container') return !IDLE.test(Action) && inspections.forget(Actor.ID);
  const container = Actor.Attributes?.container;
  return container === undefined ? inspections.forgetAll() : inspections.forget(container);
}

/** Never throws. */
export async function watchEngine(options: WatchOptions): Promise<Watch> {
  const { endpoint, root, timeoutMs, remember = false, onChange = () => {}, onDeath = () => {}, onEnd = () => {} } = options;
  const seen = new Set<string>();
  let problem: string | null = null;
  let stream: IncomingMessage | null = null;
  let inspections: Inspections | null = null;
  if (endpoint === 'none') return { changes: () => [], problem: () => null, inspections, close: () => {} };

  const hear = (line: string): void => {
    const event = parse(line);
    if (typeof event === 'string') {
      inspections?.forgetAll();
      seen.add(event);
      return;
    }
    const stale = inspections !== null && forget(inspections, event);
    const { Type, Action, Actor } = event;
    if (Type === 'container' && Action === 'die') onDeath(Actor.ID);
    if (stale || (Type !== 'daemon' && UPSETTING.has(Action))) seen.add(`${Type} ${Actor.Attributes?.name ?? Actor.ID.slice(0, 12)}: ${Action}`);
  };
  try {
    const engine = await connect(endpoint, root, timeoutMs);
    stream = (await engine.getEvents({ filters: JSON.stringify({ type: ['container', 'network', 'daemon'] }) })) as IncomingMessage;
    stream.socket?.setTimeout(0); // dockerode's, against an engine that does not answer
    stream.socket?.setKeepAlive(true, 10_000);
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((l) => l.trim() !== '')) hear(line);
      if (lines.length > 0) onChange();
    });
    const ended = (why: string) => () => {
      problem ??= why;
      inspections?.end();
      onEnd();
      onChange();
    };
    stream.on('error', (error) => ended(messageOf(error))());
    stream.on('close', ended('the engine ended its list of events'));
    if (remember && (await isDocker(engine)) && problem === null) inspections = new Inspections();
  } catch (error) {
    problem = explain(endpoint, error);
  }
  return {
    changes() {
      const all = [...seen];
      seen.clear();
      inspections?.begin();
      return all;
    },
    problem: () => problem,
    inspections,
    close: () => stream?.destroy(),
  };
}
