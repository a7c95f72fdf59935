/** Statements and rules in nft's own syntax, without counters' numbers and handles. */
import type { TableFamily } from '../../model/firewall.ts';
import { type Json, member, strings, tagged, verbatim } from './json.ts';
import { expressionText, styleOf, valueText, verdictText } from './text-expression.ts';

const quoted = (json: Json) => `"${String(json)}"`;
const spaced = (...parts: readonly (string | null | undefined | false)[]) => parts.filter((part) => typeof part === 'string' && part !== '').join(' ');

/** Null: not understood; the caller shows the JSON. */
export function statementText(json: Json, family?: TableFamily): string | null {
  const tag = tagged(json);
  if (!tag) return null;
  const [kind, body] = tag;
  const at = (key: string) => member(body, key);
  switch (kind) {
    case 'match':
    case 'vmap':
      return expressionText(json);
    case 'accept':
    case 'drop':
    case 'continue':
    case 'return':
    case 'jump':
    case 'goto':
      return verdictText(json);
    case 'counter':
      return typeof body === 'string' ? `counter name ${quoted(body)}` : 'counter';
    case 'dnat':
    case 'snat':
    case 'masquerade':
    case 'redirect':
      return natText(kind, body);
    case 'tproxy':
      return `tproxy${member(body, 'family') === undefined ? '' : ` ${at('family')}`} to ${at('addr') ?? ''}${at('port') === undefined ? '' : `:${valueText(at('port'), styleOf(null))}`}`;
    case 'mangle':
      return mangleText(body);
    case 'reject':
      return rejectText(body, family);
    case 'limit':
      return limitText(body);
    case 'quota':
      return typeof body === 'string' ? `quota name ${quoted(body)}` : spaced('quota', at('inv') === true && 'over', `${at('val')} ${at('val_unit')}`);
    case 'ct count':
      return spaced('ct count', at('inv') === true && 'over', String(at('val')));
    case 'log':
      return logText(body);
    case 'queue':
      return spaced(
        'queue',
        strings(at('flags')).length > 0 && `flags ${strings(at('flags')).join(',')}`,
        at('num') !== undefined && `to ${valueText(at('num'), styleOf(null)) ?? ''}`,
      );
    case 'set':
      return setText(body);
    case 'meter':
      return `meter ${at('name')}${at('size') === undefined ? '' : ` size ${at('size')}`} { ${expressionText(at('key'))} ${statementText(at('stmt'))} }`;
    case 'ct helper':
    case 'ct timeout':
    case 'ct expectation':
      return `${kind} set ${quoted(body)}`;
    case 'flow':
      return `flow ${at('op')} ${at('flowtable')}`;
    case 'dup':
    case 'fwd':
      return spaced(
        `${kind} to`,
        at('addr') === undefined
          ? undefined
          : at('dev') === undefined && /[^\d.:a-f]/.test(String(at('addr')))
            ? quoted(at('addr'))
            : (expressionText(at('addr')) ?? ''),
        at('dev') !== undefined && (kind === 'fwd' ? quoted(at('dev')) : `device ${quoted(at('dev'))}`),
      );
    case 'synproxy':
      return typeof body === 'string' ? `synproxy name ${quoted(body)}` : spaced(`synproxy mss ${at('mss')} wscale ${at('wscale')}`, ...strings(at('flags')));
    case 'notrack':
      return 'notrack';
    case 'xt':
      return `xt ${at('type')} ${quoted(at('name'))}`;
    default:
      return null;
  }
}

function natText(kind: string, body: Json): string {
  const [address, port, family] = [member(body, 'addr'), member(body, 'port'), member(body, 'family')];
  const flags = strings(member(body, 'flags')).filter((flag) => flag !== 'netmap');
  const prefix = strings(member(body, 'type_flags')).includes('prefix') && 'prefix';
  const to = address === undefined ? '' : (expressionText(address) ?? verbatim(address));
  const bracketed = port !== undefined && to.includes(':') && typeof address === 'string' ? `[${to}]` : to;
  const ports = port === undefined ? '' : `:${expressionText(port) ?? verbatim(port)}`;
  const target = `${bracketed}${ports}`;
  return spaced(kind, target === '' ? undefined : spaced(family === undefined ? undefined : String(family), prefix, 'to', target), flags.join(','));
}

function mangleText(body: Json): string | null {
  const key = member(body, 'key');
  const [left, right] = [expressionText(key), valueText(member(body, 'value'), styleOf(key))];
  return left === null || right === null ? null : `${left} set ${right}`;
}

/** The answer that a table's family gives when none is named is not printed. */
function rejectText(body: Json, family: TableFamily | undefined): string {
  const [type, code] = [member(body, 'type'), member(body, 'expr')];
  if (type === 'tcp reset') return 'reject with tcp reset';
  const usual = family === 'ip' ? 'icmp' : family === 'ip6' ? 'icmpv6' : 'icmpx';
  return type === undefined || (type === usual && code === 'port-unreachable') ? 'reject' : `reject with ${type} ${code}`;
}

function limitText(body: Json): string {
  if (typeof body === 'string') return `limit name ${quoted(body)}`;
  const at = (key: string) => member(body, key);
  const unit = at('rate_unit') === undefined || at('rate_unit') === 'packets' ? '' : ` ${at('rate_unit')}`;
  // five packets are the default
  const burst = at('burst') && !(at('burst') === 5 && unit === '') ? `burst ${at('burst')} ${at('burst_unit') ?? 'packets'}` : '';
  return spaced('limit rate', at('inv') === true && 'over', `${at('rate')}${unit}/${at('per')}`, burst);
}

function logText(body: Json): string {
  const at = (key: string) => member(body, key);
  const flags = strings(at('flags'));
  return spaced(
    'log',
    at('prefix') !== undefined && `prefix ${quoted(at('prefix'))}`,
    at('group') !== undefined && `group ${at('group')}`,
    at('snaplen') !== undefined && `snaplen ${at('snaplen')}`,
    at('queue-threshold') !== undefined && `queue-threshold ${at('queue-threshold')}`,
    at('level') !== undefined && `level ${at('level')}`,
    flags.length > 0 && `flags ${flags.join(',')}`,
  );
}

function setText(body: Json): string | null {
  const element = member(body, 'elem');
  const inner = member(element, 'elem');
  const timeout = member(inner, 'timeout');
  const value = expressionText(inner === undefined ? element : member(inner, 'val'));
  const more = member(body, 'stmt');
  const statements = Array.isArray(more) ? more.map((part) => statementText(part) ?? verbatim(part)) : [];
  return value === null
    ? null
    : `${member(body, 'op')} ${member(body, 'set')} { ${spaced(value, timeout !== undefined && `timeout ${timeout}s`, ...statements)} }`;
}

/** A rule as `nft list ruleset` prints it. */
export function ruleText(statements: readonly Json[], comment: string | null, family: TableFamily): string {
  const parts = statements.map((json) => statementText(json, family) ?? verbatim(json));
  if (comment !== null) parts.push(`comment ${quoted(comment)}`);
  return parts.join(' ');
}
