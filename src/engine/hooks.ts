/** Netfilter hooks: every base chain at a hook by priority, conntrack and NAT in their places (include/uapi/linux/netfilter_ipv4.h). */
import type { ChainRun } from '../firewall/context.ts';
import { runChain } from '../firewall/run-chain.ts';
import type { Chain, Hook, Table } from '../model/firewall.ts';
import type { Netns } from '../model/network.ts';
import { confirm, track } from './conntrack.ts';
import { death } from './death.ts';
import { type Arp, BROADCAST, type Frame } from './frame.ts';
import { contextOf, type HookDevices } from './hook-context.ts';
import { rejectPacket } from './icmp.ts';
import { chainsAt, type HookedChain } from './index-netns.ts';
import { apply, bind, manipAt } from './nat.ts';
import { ruleEvidence, step } from './recorder.ts';
import { NO_PACKET, newSkb } from './skb.ts';
import type { Death, Skb, World } from './types.ts';
import { caveat, MissingFact } from './world.ts';

const CONNTRACK = -200;
const NAT_DST = -100;
const NAT_SRC = 100;

/** Runs the ip or ip6 hook; null: the packet goes on (perhaps changed). */
export function runHook(world: World, ns: Netns, hook: Hook, skb: Skb, dev: HookDevices): Death | null {
  const family = skb.packet.family === 4 ? 'ip' : 'ip6';
  world.reads.namespaces.add(ns);
  for (const { families, gap } of ns.firewall.gaps) if (families.includes(family) || families.includes('inet')) throw new MissingFact(gap);
  const chains = chainsAt(ns, family, hook);
  const tracking = hook === 'prerouting' || hook === 'output';
  const natPriority = manipAt(hook) === 'dst' ? NAT_DST : NAT_SRC;
  const nats = chains.filter((c) => c.chain.base?.type === 'nat');
  let tracked = !tracking;
  let translated = false;
  const upTo = (priority: number): Death | null => {
    if (!tracked && priority >= CONNTRACK) {
      tracked = true;
      track(world, ns, skb);
    }
    if (!translated && priority >= natPriority) {
      translated = true;
      return translate(world, ns, hook, skb, dev, nats);
    }
    return null;
  };
  for (const hooked of chains) {
    if (hooked.chain.base?.type === 'nat') continue;
    // At the same priority as NAT, a filter chain that was registered later runs later: engines register NAT first.
    const dead = upTo(hooked.priority) ?? runOne(world, ns, hook, skb, dev, hooked);
    if (dead) return dead;
  }
  const dead = upTo(Number.MAX_SAFE_INTEGER);
  if (dead) return dead;
  if (hook === 'input' || hook === 'postrouting') confirm(skb);
  return null;
}

function translate(world: World, ns: Netns, hook: Hook, skb: Skb, dev: HookDevices, nats: readonly HookedChain[]): Death | null {
  if (hook === 'forward' || !skb.ct?.entry || skb.notrack) return null;
  const { entry, state } = skb.ct;
  const manip = manipAt(hook);
  const before = skb.packet;
  if (!skb.packet.error && (state === 'new' || state === 'related') && !entry.initialized[manip]) {
    for (const hooked of nats) {
      const dead = runOne(world, ns, hook, skb, dev, hooked);
      if (dead) return dead;
      if (entry.initialized[manip]) break;
    }
    entry.initialized[manip] = true;
  }
  apply(skb, hook);
  if (
    skb.packet !== before &&
    (skb.packet.src !== before.src || skb.packet.dst !== before.dst || skb.packet.sport !== before.sport || skb.packet.dport !== before.dport)
  ) {
    const back = skb.ct.direction === 'reply' || skb.packet.error !== null;
    step(
      world.recorder,
      ns,
      hook,
      `${back ? 'conntrack turns the translation back: ' : ''}${before.src}:${before.sport} > ${before.dst}:${before.dport} becomes ${skb.packet.src}:${skb.packet.sport} > ${skb.packet.dst}:${skb.packet.dport}`,
      [],
      { before, after: skb.packet },
    );
  }
  return null;
}

const jumpOf = (effect: string): string | undefined => /^(?:jump|goto) (\S+)$/.exec(effect)?.[1];

function noteChains(world: World, table: Table, base: Chain, run: ChainRun): void {
  world.reads.chains.set(base, table);
  for (const { effect } of run.matched) {
    const target = table.chains.get(jumpOf(effect) ?? '');
    if (target) world.reads.chains.set(target, table);
  }
}

/** The chains on the way from the base chain to the one that decided. */
function pathOf(base: Chain, last: Chain, run: ChainRun): readonly string[] {
  const path = [base.name];
  for (const { chain, effect } of run.matched) {
    const to = jumpOf(effect);
    if (to === undefined) continue;
    path.length = Math.max(path.lastIndexOf(chain.name) + 1, 1);
    path.push(to);
  }
  path.length = path.lastIndexOf(last.name) + 1 || 1;
  return path;
}

function runOne(world: World, ns: Netns, hook: Hook, skb: Skb, dev: HookDevices, hooked: HookedChain): Death | null {
  const { table, chain } = hooked;
  const ctx = contextOf(world, ns, hook, skb, dev);
  const before = skb.packet;
  const run = runChain({ table, ipsets: ns.firewall.ipsets }, chain, ctx);
  noteChains(world, table, chain, run);
  skb.packet = ctx.packet;
  if (ctx.notrack && !skb.ct) skb.notrack = true;
  if (skb.ct?.entry) skb.ct.entry.mark = ctx.ctMark;
  const name = `${table.backend === 'nftables' ? `${table.family} ` : ''}${table.name}`;
  for (const m of run.matched) {
    if (/^(jump|goto|return|drop|reject)/.test(m.effect)) continue;
    step(
      world.recorder,
      ns,
      hook,
      `${name} ${m.chain.name} rule ${m.rule.position}: ${m.effect}`,
      [ruleEvidence(world.model, ns, m.chain, m.rule)],
      before === ctx.packet ? undefined : { before, after: ctx.packet },
    );
  }
  const { outcome } = run;
  const stopped = (rejected: boolean, error: Skb | null): Death | null => {
    const rule = 'rule' in outcome ? outcome.rule : null;
    const key = `${ns.id}|${table.backend}|${table.family}|${table.name}|${outcome.chain.name}|${rule?.position ?? 'policy'}`;
    const evidence = [ruleEvidence(world.model, ns, outcome.chain, rule)];
    if (world.lifted.has(key)) return null;
    const disposition = rejected ? 'rejected-by-rule' : rule ? 'dropped-by-rule' : 'dropped-by-policy';
    step(world.recorder, ns, hook, `${name} ${outcome.chain.name} ${rule ? `rule ${rule.position}` : 'policy'}: ${rejected ? 'reject' : 'drop'}`, evidence);
    return death(
      ns,
      {
        key,
        disposition,
        text: `${disposition.replaceAll('-', ' ')} in ${name} ${outcome.chain.name}`,
        chain: outcome.chain,
        rule,
        packet: skb.packet,
        evidence,
        detail: hook,
        path: pathOf(chain, outcome.chain, run),
        iif: dev.iif,
        oif: dev.oif,
      },
      { errno: hook === 'output' || (hook === 'postrouting' && skb.owner !== null) ? 'EPERM' : null, error },
    );
  };
  switch (outcome.kind) {
    case 'accept':
      return null;
    case 'drop':
      return stopped(false, null);
    case 'reject':
      return stopped(true, rejectPacket(ns, skb, outcome.with));
    case 'queue':
      // nfqnl_enqueue: with no program listening the packet is dropped unless bypass is set
      if (outcome.bypass) {
        caveat(world, 'QUEUE_BYPASSED', `a rule hands packets to a program (${outcome.rule.text}); none is assumed to listen`);
        return null;
      }
      caveat(world, 'QUEUE_WITHOUT_PROGRAM', `a rule hands packets to a program (${outcome.rule.text}); none is assumed to listen`);
      return stopped(false, null);
    case 'tproxy':
      throw new MissingFact({
        host: ns.host,
        netns: ns.key,
        source: outcome.chain.source.source,
        reason: `a transparent proxy takes the packet (${outcome.rule.text}); where it goes from there is not modelled`,
      });
    case 'nat': {
      if (!skb.ct?.entry) return null;
      const manip = manipAt(hook);
      if (skb.ct.entry.initialized[manip]) return null;
      if (!bind(world, ns, skb, outcome.nat, hook, dev, dev.nexthop ?? null)) return stopped(false, null);
      skb.ct.entry.initialized[manip] = true;
      return null;
    }
  }
}

/** For chains outside ip and ip6 (bridge, netdev): filter only; no conntrack, no NAT. `skb` null: the frame holds no IP packet. */
export function runLinkHook(world: World, ns: Netns, family: 'bridge' | 'netdev', hook: Hook, skb: Skb | null, dev: HookDevices): Death | null {
  for (const { families, gap } of ns.firewall.gaps) if (families.includes(family)) throw new MissingFact(gap);
  for (const hooked of chainsAt(ns, family, hook)) {
    // nft_do_chain_inet_ingress: what is not IP goes by
    if (hooked.table.family === 'inet' && dev.frame?.payload.kind === 'arp') continue;
    if (family === 'netdev' && !isAttached(world, ns, hooked, dev.iif ?? dev.oif ?? '')) continue;
    const dead = runOne(world, ns, hook, skb ?? newSkb(NO_PACKET), dev, hooked);
    if (dead) return dead;
  }
  return null;
}

/** A device that has gone, or that nft did not tell, is not known. */
function isAttached(world: World, ns: Netns, { table, chain }: HookedChain, dev: string): boolean {
  const devices = chain.base?.devices ?? [];
  if (devices.length > 0) return devices.includes(dev);
  return world.choose({
    key: `netdev ${ns.id} ${table.name} ${chain.name} ${dev}`,
    why: 'missing',
    text: `whether chain ${table.name} ${chain.name} of family netdev is attached to ${dev} (nft does not say)`,
  });
}

/** Chains of the arp family, at INPUT and OUTPUT. */
export function runArpHook(world: World, ns: Netns, hook: 'input' | 'output', arp: Arp, dev: HookDevices): Death | null {
  for (const { families, gap } of ns.firewall.gaps) if (families.includes('arp')) throw new MissingFact(gap);
  const chains = chainsAt(ns, 'arp', hook);
  if (chains.length === 0) return null;
  const frame: Frame = { src: arp.senderMac, dst: arp.targetMac ?? BROADCAST, vlan: null, payload: { kind: 'arp', arp } };
  for (const hooked of chains) {
    const dead = runOne(world, ns, hook, newSkb({ ...NO_PACKET, src: arp.senderIp, dst: arp.targetIp }), { ...dev, frame }, hooked);
    if (dead) return dead;
  }
  return null;
}
