/** Connections to an engine, by dockerode. */
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { resolveBelow } from './below.ts';

/** Set one by one: dockerode would fill what is left out from DOCKER_HOST, which may name another engine. */
const NOTHING = { socketPath: undefined, host: undefined, port: undefined, username: undefined, ca: undefined, cert: undefined, key: undefined };

function overTcp(url: URL, timeout: number): Docker {
  const folder = process.env.DOCKER_CERT_PATH;
  const tls = (process.env.DOCKER_TLS_VERIFY ?? '') !== '' || url.protocol === 'https:';
  const pem = (file: string): Buffer | undefined => (tls && folder ? readFileSync(join(folder, file)) : undefined);
  return new Docker({
    ...NOTHING,
    timeout,
    protocol: tls ? 'https' : 'http',
    host: url.hostname,
    port: url.port || (tls ? 2376 : 2375),
    ca: pem('ca.pem'),
    cert: pem('cert.pem'),
    key: pem('key.pem'),
  });
}

/** `timeout` in milliseconds without an answer. Throws for an address that is none, and for certificates that cannot be read. */
export async function connect(endpoint: string, root: string, timeout: number): Promise<Docker> {
  if (endpoint.startsWith('unix://')) {
    const path = endpoint.slice('unix://'.length);
    // The engine inside the host comes before one of ours that listens on the same path (Docker in Docker).
    const inside = root === '/' ? null : await resolveBelow(root, path).catch(() => null);
    return new Docker({ ...NOTHING, timeout, protocol: 'http', socketPath: inside && existsSync(inside) ? inside : path });
  }
  const url = new URL(endpoint);
  switch (url.protocol) {
    case 'tcp:':
    case 'http:':
    case 'https:':
      return overTcp(url, timeout);
    case 'ssh:':
      return new Docker({
        ...NOTHING,
        timeout,
        protocol: 'ssh',
        host: url.hostname,
        port: url.port || 22,
        username: url.username ? decodeURIComponent(url.username) : undefined,
        sshOptions: { agent: process.env.SSH_AUTH_SOCK, readyTimeout: timeout },
      });
    default:
      throw new Error(`docker: ${endpoint} is none of unix://, tcp://, ssh://, none`);
  }
}

/** Whether the engine runs on this machine, so that its containers' namespaces are to be found here. */
export function isHere(endpoint: string): boolean {
  if (endpoint === 'none' || endpoint.startsWith('unix://')) return true;
  if (!URL.canParse(endpoint)) return true;
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === 'ssh:') return false;
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some((a) => a.address === host));
}
