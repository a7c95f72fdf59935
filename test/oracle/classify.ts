/** What the engine says of one probe, in the words of a judge of packets. */

import { explore } from '../../src/engine/choices.ts';
import { converse } from '../../src/engine/conversation.ts';
import type { Ending } from '../../src/engine/talk.ts';
import { newWorld } from '../../src/engine/walk.ts';
import type { Model } from '../../src/model/model.ts';
import { canonical } from '../../src/util/ip.ts';

export interface OracleProbe {
  readonly id: string;
  readonly src: string;
  readonly dst: string;
  readonly proto: 'tcp' | 'udp';
  readonly dport: number;
  readonly bind: string | null;
}

/** The sender's socket asks for soft errors, and what the send itself returns counts first. */
export function classOf(ending: Ending): string {
  if (ending.result === 'unknown') return 'UNDETERMINED';
  if (ending.reset) return 'UNREACHABLE';
  switch (ending.symptom) {
    case 'CONNECTED':
    case 'DELIVERED':
      return 'OPEN';
    case 'REFUSED':
      return 'REFUSED';
    case 'TIMED_OUT':
      return 'TIMEOUT';
    case 'PERMISSION_DENIED':
      return ending.errno === 'EPERM' ? 'TIMEOUT' : 'UNREACHABLE';
    default:
      return 'UNREACHABLE';
  }
}

export interface Judged {
  readonly result: string;
  readonly ending: Ending;
  readonly unknowns: readonly string[];
}

/** `index` is the probe's place in its list: its source port is 20000 + index. */
export function judge(model: Model, probe: OracleProbe, index: number): Judged {
  const netns = [...model.namespaces.values()].find((n) => n.names.includes(probe.src));
  if (!netns) throw new Error(`no namespace ${probe.src}`);
  const { walks, complete } = explore((choose) =>
    converse(newWorld({ model, choose, lifted: new Set() }), {
      origin: { kind: 'netns', netns, address: probe.bind && canonical(probe.bind) },
      dst: canonical(probe.dst),
      protocol: probe.proto,
      sport: 20_000 + index,
      dport: probe.dport,
      outsideTarget: false,
    }),
  );
  const classes = new Set(walks.map((w) => classOf(w.result)));
  const unknowns = walks.flatMap((w) => [...(w.result.gap ? [w.result.gap.reason] : []), ...w.assumed.map((a) => a.unknown.text)]);
  const missing = classes.has('UNDETERMINED') || !complete || walks.some((w) => w.assumed.some((a) => a.unknown.why === 'missing'));
  const result = classes.size === 1 && complete ? [...classes][0]! : missing ? 'UNDETERMINED' : 'AMBIGUOUS';
  return { result, ending: walks[0]!.result, unknowns: [...new Set(unknowns)] };
}
