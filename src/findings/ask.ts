/** What the engine says: a rule that says "does not arrive" has asked it. */
import { explain, newReads, resolvePlace, resolveSource, tell } from '../engine/index.ts';
import type { Answer, Verdict } from '../model/answer.ts';
import type { Container } from '../model/docker.ts';
import { UserError } from '../model/errors.ts';
import type { Host, Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';

/** Null where the question cannot be asked, as with two containers of one name. */
function unlessRefused<T>(asked: () => T): T | null {
  try {
    return asked();
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

export const ask = (model: Model, from: string, to: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Answer | null =>
  unlessRefused(() => explain(model, { from, to, protocol, port }));

export const ping = (model: Model, from: string, to: string): Answer | null => unlessRefused(() => explain(model, { from, to, protocol: 'icmp', port: null }));

/** How outsiders fare at ports of a host. Asked of many ports, this is much cheaper than `ask`. */
export function fromInternet(model: Model, host: Host): (port: number, protocol: 'tcp' | 'udp') => Verdict | null {
  const source = unlessRefused(() => resolveSource(model, 'internet'));
  const target = source && unlessRefused(() => resolvePlace(model, source, host, null));
  return (port, protocol) => {
    const question: Question = { from: 'internet', to: `host:${host.name}`, port, protocol };
    return source && target && unlessRefused(() => tell(model, question, source, target, newReads()).verdict);
  };
}

export const placeOf = (container: Container) => `${container.host}/${container.name}`;
