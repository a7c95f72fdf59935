/** Who has an address on which the service would listen. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Null: nobody; else the code of the operating system, for example EADDRINUSE or EACCES. */
export async function listenProblem(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  } finally {
    server.close();
  }
}

/** Whether the one that listens there is netwhy. */
export async function isNetwhy(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${name}:${port}/readyz`, { signal: AbortSignal.timeout(3000) });
    const body = (await response.json()) as { service?: unknown; database?: unknown };
    return typeof body.service === 'string' && typeof body.database === 'string';
  } catch {
    return false;
  }
}
