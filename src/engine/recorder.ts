/** Collects hops and steps of a walk as it goes. */
import type { Step } from '../model/answer.ts';
import type { Evidence, SourceRef } from '../model/evidence.ts';
import { factKey } from '../model/facts.ts';
import type { Chain, Rule } from '../model/firewall.ts';
import type { Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';

export interface RecordedHop {
  readonly netns: Netns;
  iif: string | null;
  oif: string | null;
  readonly steps: Step[];
}

export interface Recorder {
  hops: RecordedHop[];
  /** True while packets that only serve this one (ARP, neighbour discovery, tunnels) are walked. */
  quiet: number;
}

export function newRecorder(): Recorder {
  return { hops: [], quiet: 0 };
}

export function enterHop(recorder: Recorder, netns: Netns, iif: string | null): void {
  if (recorder.quiet > 0) return;
  const last = recorder.hops.at(-1);
  if (last && last.netns === netns && iif === 'lo') return;
  recorder.hops.push({ netns, iif, oif: null, steps: [] });
}

export function leaveBy(recorder: Recorder, netns: Netns, oif: string): void {
  const last = recorder.hops.at(-1);
  if (recorder.quiet === 0 && last?.netns === netns) last.oif = oif;
}

export function step(
  recorder: Recorder,
  netns: Netns,
  stage: string,
  action: string,
  evidence: readonly Evidence[] = [],
  change?: { before: Packet; after: Packet },
): void {
  if (recorder.quiet > 0) return;
  if (recorder.hops.at(-1)?.netns !== netns) enterHop(recorder, netns, null);
  recorder.hops.at(-1)!.steps.push({ stage, action, certainty: 'certain', evidence, ...change });
}

export function evidenceOf(model: Model, netns: Netns, source: SourceRef, excerpt: string, counters?: Evidence['counters']): Evidence {
  const host = model.hosts.find((h) => h.name === netns.host);
  return {
    host: netns.host,
    netns: netns.key,
    collector: source.source,
    locator: source.locator,
    excerpt,
    collectedAt: host?.earlier?.[factKey({ source: source.source, netns: netns.inode })] ?? host?.collectedAt ?? '',
    ...(counters ? { counters } : {}),
  };
}

export function ruleEvidence(model: Model, netns: Netns, chain: Chain, rule: Rule | null): Evidence {
  if (rule) return evidenceOf(model, netns, rule.source, rule.text, rule.counters);
  return evidenceOf(model, netns, chain.source, `policy of ${chain.table.name} ${chain.name}: ${chain.base?.policy ?? 'none'}`, chain.base?.policyCounters);
}
