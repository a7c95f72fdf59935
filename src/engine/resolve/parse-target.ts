/** `web:80/udp`, `[::1]:80`, `host:h1:8080`, `http://db/`: the place, the port and the protocol that a person typed. */
import { UserError } from '../../model/errors.ts';
import type { Protocol } from '../../model/packet.ts';
import { familyOf } from '../../util/ip.ts';

export interface ParsedTarget {
  /** A reference for `resolveTarget`. */
  readonly to: string;
  readonly port: number | null;
  /** Null when it was not said. */
  readonly protocol: Protocol | null;
}

/** IANA service ports of the schemes that people paste. */
const SCHEME_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  ws: 80,
  https: 443,
  wss: 443,
  ftp: 21,
  ssh: 22,
  sftp: 22,
  smtp: 25,
  ldap: 389,
  ldaps: 636,
  mysql: 3306,
  mariadb: 3306,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  mongodb: 27017,
  mqtt: 1883,
  mqtts: 8883,
  nats: 4222,
  memcached: 11211,
  kafka: 9092,
};

function portNumber(text: string): number {
  const port = Number(text);
  if (port < 1 || port > 65535) throw new UserError('BAD_QUESTION', `port ${text.slice(0, 20)} does not exist`, 'ports are numbers from 1 to 65535');
  return port;
}

function parseUrl(scheme: string, text: string): ParsedTarget {
  // the parser knows only few schemes as ones with a host; the others are parsed as if they were http, whose default port it would hide
  const rest = text.slice(scheme.length + 3);
  const authority = (/^[^/?#]*/.exec(rest)?.[0] ?? '').replace(/^.*@/, '');
  const match = /^(\[[^\]]+\]|[^:]*)(?::(\d*))?$/.exec(authority);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  if (!host) throw new UserError('BAD_QUESTION', 'the URL names no host', 'write for example http://db:8080/');
  const port = match?.[2] ? portNumber(match[2]) : (SCHEME_PORTS[scheme] ?? null);
  return { to: familyOf(host) === null ? `dns:${host}` : host, port, protocol: scheme === 'udp' ? 'udp' : 'tcp' };
}

/** `host:h1:8080` and `netns:pid:17` have colons of their own. */
function splitPort(text: string): { readonly to: string; readonly port: number | null } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  if (bracketed?.[1]) return { to: bracketed[1], port: bracketed[2] === undefined ? null : portNumber(bracketed[2]) };
  if (familyOf(text) === 6) return { to: text, port: null };
  const prefix = /^(?:host|netns|container|dns):(?:(?:pid|inode):)?/.exec(text)?.[0] ?? '';
  const match = /^(.+):(\d+)$/s.exec(text.slice(prefix.length));
  if (!match?.[1] || !match[2]) return { to: text, port: null };
  return { to: prefix + match[1], port: portNumber(match[2]) };
}

/** Throws `BAD_QUESTION` for a port that cannot be. Credentials in a URL are dropped. */
export function parseTarget(text: string): ParsedTarget {
  const trimmed = text.trim();
  if (trimmed === '') throw new UserError('BAD_QUESTION', 'no target was given', 'name a container, a host (host:NAME), an address or a DNS name');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1];
  if (scheme) return parseUrl(scheme.toLowerCase(), trimmed);
  const suffix = /^(.+)\/(tcp|udp|icmp)$/is.exec(trimmed);
  const protocol = (suffix?.[2]?.toLowerCase() as Protocol | undefined) ?? null;
  return { ...splitPort(suffix?.[1] ?? trimmed), protocol };
}
