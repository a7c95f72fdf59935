/** `dnat`, `snat`, `masquerade`, `redirect` and `tproxy` of `nft -j`. */
import type { NatStatement, Statement } from '../../model/firewall.ts';
import { unknownEffect } from '../build.ts';
import { type Guards, toExpr } from './expression.ts';
import { type Json, member, strings, verbatim } from './json.ts';
import { statementText } from './text.ts';
import { value } from './values.ts';

type Part = Pick<NatStatement, 'address' | 'addressExpr' | 'port' | 'portExpr' | 'family'>;

function address(json: Json, guards: Guards): Part | null {
  if (json === undefined) return {};
  const fixed = value(json, 'ip_addr');
  if (fixed) return 'from' in fixed ? { address: fixed } : null;
  const { expr } = toExpr(json, guards, 'ip_addr');
  return expr.kind === 'unknown' ? null : { addressExpr: expr };
}

function port(json: Json, guards: Guards): Part | null {
  if (json === undefined) return {};
  const fixed = value(json, 'inet_service');
  if (fixed) return 'from' in fixed && fixed.to <= 65535n ? { port: { from: Number(fixed.from), to: Number(fixed.to) } } : null;
  const { expr } = toExpr(json, guards, 'inet_service');
  return expr.kind === 'unknown' ? null : { portExpr: expr };
}

/** nft_nat.c, nft_masq.c, nft_redir.c */
export function natStatements(kind: 'dnat' | 'snat' | 'masquerade' | 'redirect', body: Json, json: Json): readonly Statement[] {
  const guards: Guards = [];
  const to = address(member(body, 'addr'), guards);
  const ports = port(member(body, 'port'), guards);
  if (!to || !ports) return [unknownEffect(kind, statementText(json) ?? verbatim(json))];
  const flags = strings(member(body, 'flags'));
  const family = member(body, 'family');
  const netmap = flags.includes('netmap') || strings(member(body, 'type_flags')).includes('prefix');
  const nat: NatStatement = {
    kind: 'nat',
    nat: netmap ? 'netmap' : kind,
    ...to,
    ...ports,
    ...(family === 'ip' ? { family: 4 as const } : family === 'ip6' ? { family: 6 as const } : {}),
    flags: flags.filter((flag) => flag !== 'netmap').map((flag) => (flag === 'fully-random' ? 'random-fully' : flag)),
  };
  return [...guards, nat];
}

export function tproxyStatements(body: Json, json: Json): readonly Statement[] {
  const text = statementText(json) ?? verbatim(json);
  const [to, ports] = [address(member(body, 'addr'), []), port(member(body, 'port'), [])];
  const at = to?.address;
  const number = ports?.port;
  if (!to || !ports || to.addressExpr || ports.portExpr) return [unknownEffect('tproxy', text)];
  return [{ kind: 'tproxy', ...(at ? { address: at.from } : {}), ...(number ? { port: number.from } : {}), text }];
}
