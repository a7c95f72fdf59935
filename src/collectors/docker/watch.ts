/** What an engine did to its containers and networks while its host was read. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { messageOf } from '../fact.ts';
import { connect } from '../transport/docker.ts';
import { explain } from './failure.ts';

/** Events of Docker's API after which other namespaces, addresses or rules stand on the host. */
const EVENTS = {
  type: ['container', 'network'],
  event: ['create', 'start', 'die', 'destroy', 'pause', 'unpause', 'rename', 'connect', 'disconnect'],
};

export interface Watch {
  /** What was done since the last call, as `container web: die`, each once, in order. */
  changes(): readonly string[];
  /** Why nothing can be known about changes, for a person; null while events come. */
  problem(): string | null;
  close(): void;
}

const eventSchema = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.object({ name: z.string().optional() }).nullish() }),
});

function shown(line: string): string {
  try {
    const { Type, Action, Actor } = eventSchema.parse(JSON.parse(line));
    return `${Type} ${Actor.Attributes?.name ?? Actor.ID.slice(0, 12)}: ${Action}`;
  } catch (error) {
    return `an event that is not understood (${messageOf(error)})`;
  }
}

/** Never throws. `onChange` is called as often as something is done. `timeoutMs` is for the connection; the stream itself may be silent for ever. */
export async function watchEngine(endpoint: string, root: string, timeoutMs: number, onChange: () => void = () => {}): Promise<Watch> {
  const seen = new Set<string>();
  let problem: string | null = null;
  let stream: IncomingMessage | null = null;
  if (endpoint === 'none') return { changes: () => [], problem: () => null, close: () => {} };
  try {
    const engine = await connect(endpoint, root, timeoutMs);
    stream = (await engine.getEvents({ filters: JSON.stringify(EVENTS) })) as IncomingMessage;
    stream.socket?.setTimeout(0); // dockerode's, against an engine that does not answer
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((l) => l.trim() !== '')) seen.add(shown(line));
      if (lines.length > 0) onChange();
    });
    const ended = (why: string) => () => {
      problem ??= why;
      onChange();
    };
    stream.on('error', (error) => ended(messageOf(error))());
    stream.on('close', ended('the engine ended its list of events'));
  } catch (error) {
    problem = explain(endpoint, error);
  }
  return {
    changes() {
      const all = [...seen];
      seen.clear();
      return all;
    },
    problem: () => problem,
    close: () => stream?.destroy(),
  };
}
