/** One real packet beside an answer: where it can be sent at all, and whether it met what the answer says. */
import { endsOf } from '../engine/index.ts';
import type { Answer, Probe, Symptom } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import type { Errand, Sent } from '../model/probe.ts';
import type { Question } from '../model/question.ts';
import { parseNamespaces } from '../normalize/places.ts';
import { never } from '../util/invariant.ts';
import type { Context } from './context.ts';
import type { Estate } from './estate.ts';
import { guarded } from './guarded.ts';

const impossible = (message: string, hint: string) => new UserError('BAD_ARGUMENT', message, hint);

/** Throws UserError UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED, and BAD_ARGUMENT where no packet can be sent. Each is a line of the audit log. */
export async function probe(context: Context, estate: Estate, answer: Answer): Promise<Probe> {
  const { from, to, port, protocol } = answer.question;
  const target = `${from} to ${to}${port === null ? '' : `:${port}`}/${protocol}`.slice(0, 200);
  const found = await guarded(context, { door: 'http', operation: 'probe', target, scope: 'probe', heavy: true }, async () => {
    if (context.probe === 'off') throw impossible('Probes are off here.', 'Set `probes: true` in the configuration of the service, and start it again.');
    if (!context.probe || estate.snapshot) throw impossible('A probe needs hosts that are there now.', 'Ask without a snapshot and without a recording.');
    const errand = errandOf(estate, answer.question);
    return compare(answer, errand, await context.probe(errand));
  });
  context.telemetry?.saw({ kind: 'probed', agrees: found.agrees });
  return found;
}

function errandOf(estate: Estate, question: Question): Errand {
  const { protocol, port } = question;
  if (protocol === 'icmp' || port === null) throw impossible('A probe is a TCP connection or a UDP datagram, and no ICMP echo.', 'Ask for a port.');
  const { source, addresses } = endsOf(estate.model, question);
  if (source.kind !== 'netns')
    throw impossible(
      `Nothing can be sent from ${source.label}: it is no namespace that is read here.`,
      'Name a running container, `host:NAME` or `netns:NAME`.',
    );
  const [address] = addresses;
  if (address === undefined)
    throw impossible(`There is no address of ${question.to} to send to.`, 'Ask without a probe: the answer says why, or name an address.');
  const { inode, host } = source.netns;
  return {
    namespace: { inode, paths: pathsOf(estate, host, inode) },
    ...{ protocol, address, port },
    sourcePort: question.sourcePort ?? null,
    sourceAddress: question.sourceAddress ?? null,
  };
}

function pathsOf({ facts }: Estate, host: string, inode: string): readonly string[] {
  const fact = facts.find((read) => read.host === host)?.facts.find(({ source }) => source === 'host.namespaces');
  const entry = fact?.status === 'ok' ? parseNamespaces(fact.data).find((listed) => listed.inode === inode) : undefined;
  if (entry) return entry.paths;
  throw impossible(`Nothing can be sent from ${host}: its namespaces could not be read.`, '`netwhy doctor` says what is missing to read them.');
}

/** errno(3) names of connect(2), bind(2) and send(2). */
const SYMPTOM_OF: Readonly<Record<string, Symptom>> = {
  ECONNREFUSED: 'REFUSED',
  ETIMEDOUT: 'TIMED_OUT',
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  ENETUNREACH: 'NET_UNREACHABLE',
  ENOPROTOOPT: 'PROTOCOL_UNREACHABLE',
  EPERM: 'PERMISSION_DENIED',
  EACCES: 'PERMISSION_DENIED',
  EINVAL: 'INVALID_ARGUMENT',
  EADDRNOTAVAIL: 'ADDRESS_NOT_AVAILABLE',
};

function symptomOf({ outcome, errno }: Sent, protocol: Errand['protocol']): Symptom {
  switch (outcome) {
    case 'ANSWERED':
      return protocol === 'tcp' ? 'CONNECTED' : 'DELIVERED';
    case 'SILENT':
      return protocol === 'tcp' ? 'TIMED_OUT' : 'UNKNOWN';
    case 'FAILED':
      return SYMPTOM_OF[errno ?? ''] ?? 'UNKNOWN';
    default:
      return never(outcome);
  }
}

/** That nobody answers for a neighbour is known after three seconds (mcast_solicit times retrans_time_ms), and routers may hold their errors back. */
const LATE: ReadonlySet<Symptom> = new Set(['HOST_UNREACHABLE', 'NET_UNREACHABLE']);

function agreement({ verdict, symptom }: Answer, met: Symptom): boolean | null {
  if (verdict === 'AMBIGUOUS' || verdict === 'UNDETERMINED' || met === 'UNKNOWN' || symptom === 'UNKNOWN') return null;
  if (met === 'TIMED_OUT' && LATE.has(symptom)) return null;
  // A proxy takes the connection and loses what follows: nothing is sent that would follow.
  if (met === 'CONNECTED' && symptom === 'CONNECTED' && verdict === 'UNREACHABLE') return null;
  return met === symptom;
}

function compare(answer: Answer, errand: Errand, sent: Sent): Probe {
  const symptom = symptomOf(sent, errand.protocol);
  const agrees = agreement(answer, symptom);
  const { outcome, milliseconds } = sent;
  return { outcome, symptom, milliseconds, agrees, text: wording(answer, errand, sent, symptom, agrees) };
}

function wording({ verdict, symptom: said }: Answer, errand: Errand, { outcome, errno, milliseconds }: Sent, symptom: Symptom, agrees: boolean | null): string {
  const { protocol, address, port } = errand;
  const ended = outcome === 'FAILED' && symptom === 'UNKNOWN' ? `failed with ${errno}` : outcome === 'SILENT' ? 'had no answer' : `ended ${symptom}`;
  const what = `${protocol === 'tcp' ? 'a connection' : 'a datagram'} to ${address} port ${port} ${ended} after ${Math.round(milliseconds)} ms`;
  if (agrees === true) return `The packet says the same: ${what}.`;
  if (agrees === null) return `The packet settles nothing: ${what}.`;
  return `The packet says otherwise: ${what}, where ${verdict} (${said}) was expected. Ask again with facts that are just read; if it stays so, please keep \`netwhy record\`: it is a defect.`;
}
