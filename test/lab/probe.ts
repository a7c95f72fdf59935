/** Asks the kernel: real packets from real namespaces, and the rules that saw them. */
import { join } from 'node:path';
import { execa } from 'execa';
import type { Symptom, Verdict } from '../../src/model/answer.ts';
import type { Protocol } from '../../src/model/packet.ts';
import { labFolder } from './engines.ts';
import { enter, type Place } from './namespaces.ts';

export interface Probe {
  readonly id: string;
  readonly place: Place;
  readonly protocol: Protocol;
  readonly to: string;
  /** 0 for icmp. */
  readonly port: number;
  /** Of the source: port, or the echo's identifier. Marks the packets in the trace. */
  readonly sport: number;
  readonly source?: string;
}

/** What the program at the source saw. `connected` without `data`: accepted and then silent or hung up, as by docker-proxy. */
export interface ProbeResult {
  readonly connected?: true;
  readonly data?: true;
  /** errno(3) name; ETIMEDOUT when nothing came in time, EOF when the other end hung up without a byte. */
  readonly errno?: string;
  /** The source's own kernel refused to send. */
  readonly local?: true;
}

/** A rule or policy that a probe's packet passed. */
export interface TraceEvent {
  /** Name of the traced place. */
  readonly at: string;
  /** Protocol, source and destination port. Of an ICMP error or a reset: of the packet that it answers. */
  readonly flow: readonly [Protocol | 'neighbour', number, number, 'error'?];
  /** The probe's id, where each was sent alone. */
  readonly probe?: string;
  readonly backend: 'nft' | 'iptables-legacy';
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly what: 'rule' | 'policy' | 'return';
  /** nft: the rule's handle. iptables-legacy: its position. */
  readonly number: number;
  /** nft only. */
  readonly dropped?: boolean;
}

let sport = 20_000;
/** Below the ephemeral ports, so that masquerading keeps it; new for every probe, so that conntrack has not met it. */
export function nextSourcePort(): number {
  sport = sport >= 32_000 ? 20_001 : sport + 1;
  return sport;
}

/**
 * All probes at once, or one after the other with neighbours and connections forgotten in between (`apart`), traced in the given places;
 * waits at most `timeout` seconds for answers.
 */
export async function shoot(
  probes: readonly Probe[],
  timeout: number,
  trace: Readonly<Record<string, Place>> = {},
  apart = false,
): Promise<{ readonly results: Readonly<Record<string, ProbeResult>>; readonly events: readonly TraceEvent[] }> {
  if (probes.length === 0) return { results: {}, events: [] };
  const input = JSON.stringify({ timeout, probes, trace, apart });
  const done = await execa('/usr/bin/python3', [join(labFolder, 'kernel.py')], { input, timeout: 30_000, maxBuffer: 256 * 1024 * 1024 });
  return JSON.parse(done.stdout) as { results: Record<string, ProbeResult>; events: TraceEvent[] };
}

/** The address that a program in the container would be given for a name (getaddrinfo(3) by busybox ping), or null. */
export async function lookUp(place: Place, name: string): Promise<string | null> {
  const argv = [...enter.container(place), '/bin/busybox', 'ping', '-4', '-c', '1', '-W', '1', name];
  const done = await execa('nsenter', argv, { reject: false, timeout: 15_000 });
  return /^PING \S+ \(([\d.]+)\)/.exec(done.stdout)?.[1] ?? null;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly symptom: Symptom;
  /** The connection was accepted, yet no byte of the service came: the symptom is CONNECTED. */
  readonly half: boolean;
}

const SYMPTOM_OF: Readonly<Record<string, Symptom>> = {
  ECONNREFUSED: 'REFUSED',
  ECONNRESET: 'CONNECTED',
  EOF: 'CONNECTED',
  ETIMEDOUT: 'TIMED_OUT',
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  ENETUNREACH: 'NET_UNREACHABLE',
  ENOPROTOOPT: 'PROTOCOL_UNREACHABLE',
  EPERM: 'PERMISSION_DENIED',
  EACCES: 'PERMISSION_DENIED',
  EINVAL: 'INVALID_ARGUMENT',
  EADDRNOTAVAIL: 'ADDRESS_NOT_AVAILABLE',
};

/** Null: the name was not found. */
export function outcomeOf(protocol: Protocol, result: ProbeResult | null): Outcome {
  if (result === null) return { verdict: 'UNREACHABLE', symptom: 'NAME_NOT_FOUND', half: false };
  if (result.data) return { verdict: 'REACHABLE', symptom: protocol === 'tcp' ? 'CONNECTED' : 'DELIVERED', half: false };
  const symptom = SYMPTOM_OF[result.errno ?? ''];
  if (!symptom) throw new Error(`lab: a probe ended in ${JSON.stringify(result)}`);
  // Only an accepted connection is hung up on or reset later.
  const half = result.connected === true || result.errno === 'EOF' || result.errno === 'ECONNRESET';
  return { verdict: 'UNREACHABLE', symptom: half ? 'CONNECTED' : symptom, half };
}
