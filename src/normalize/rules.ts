/** `ip -j -4|-6 rule show` → policy rules. ip-rule(8); words as in iproute2 ip/iprule.c print_rule. */
import { z } from 'zod';
import type { FactSource } from '../model/facts.ts';
import type { PolicyRule } from '../model/network.ts';
import { jsonList } from './fact.ts';
import { dsfield, ipProtocol, prefix } from './words.ts';

const text = z.union([z.string(), z.number()]).transform(String);

const ruleSchema = z.looseObject({
  priority: z.number().default(0),
  src: z.string().default('all'),
  srclen: z.number().optional(),
  dst: z.string().default('all'),
  dstlen: z.number().optional(),
  fwmark: text.optional(),
  fwmask: text.optional(),
  iif: z.string().optional(),
  oif: z.string().optional(),
  tos: text.optional(),
  ipproto: text.optional(),
  sport: z.number().optional(),
  sport_start: z.number().optional(),
  sport_end: z.number().optional(),
  dport: z.number().optional(),
  dport_start: z.number().optional(),
  dport_end: z.number().optional(),
  uid_start: z.number().optional(),
  uid_end: z.number().optional(),
  table: text.optional(),
  goto: z.union([z.number(), z.string()]).optional(),
  action: z.string().optional(),
  suppress_prefixlen: z.number().optional(),
  suppress_ifgroup: text.optional(),
});

/** Words that are understood, or that do not change what the rule matches and does. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...Object.keys(ruleSchema.shape),
  'not',
  'nop',
  'protocol',
  'unresolved',
  'iif_detached',
  'oif_detached',
  'flow_from',
  'flow_to',
]);

const ALL_BITS = 0xffffffff;

function range(one: number | undefined, from: number | undefined, to: number | undefined): readonly [number, number] | null {
  if (one !== undefined) return [one, one];
  return from === undefined || to === undefined ? null : [from, to];
}

function side(value: string, length: number | undefined, family: 4 | 6): string | null {
  if (value === 'all') return null;
  return prefix(length === undefined ? value : `${value}/${length}`, family);
}

type RuleJson = z.infer<typeof ruleSchema>;

function act(rule: RuleJson, notModelled: string[]): PolicyRule['action'] {
  if ('nop' in rule) return 'nop';
  if (rule.goto !== undefined) return 'goto';
  switch (rule.action) {
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return rule.action;
    case undefined:
      if (rule.table === undefined && !('l3mdev' in rule)) notModelled.push('no action');
      return 'lookup';
    default:
      notModelled.push(`action ${rule.action}`);
      return 'lookup';
  }
}

export function parsePolicyRules(data: string, family: 4 | 6, source: FactSource): readonly PolicyRule[] {
  return jsonList(data, ruleSchema).map(({ at, value: r }): PolicyRule => {
    const notModelled = Object.keys(r).filter((word) => !UNDERSTOOD.has(word));
    const ipproto = r.ipproto === undefined ? null : ipProtocol(r.ipproto);
    if (r.ipproto !== undefined && ipproto === null) notModelled.push(`ipproto ${r.ipproto}`);
    const action = act(r, notModelled);
    return {
      family,
      priority: r.priority,
      not: 'not' in r,
      from: side(r.src, r.srclen, family),
      to: side(r.dst, r.dstlen, family),
      fwmark: r.fwmark === undefined ? null : { value: Number(r.fwmark), mask: r.fwmask === undefined ? ALL_BITS : Number(r.fwmask) },
      iif: r.iif ?? null,
      oif: r.oif ?? null,
      tos: r.tos === undefined ? null : dsfield(r.tos),
      ipproto,
      sport: range(r.sport, r.sport_start, r.sport_end),
      dport: range(r.dport, r.dport_start, r.dport_end),
      uidRange: range(undefined, r.uid_start, r.uid_end),
      action,
      table: r.table ?? null,
      gotoPriority: r.goto === undefined ? null : Number(r.goto),
      suppressPrefixLength: r.suppress_prefixlen ?? null,
      suppressIfGroup: r.suppress_ifgroup ?? null,
      notModelled,
      source: { source, locator: at },
    };
  });
}
