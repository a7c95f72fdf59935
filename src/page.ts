/** The page: built files of src/web, served at `/` with a policy that lets nothing in from elsewhere. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import statics from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The same whether this runs from src or from dist/src. */
const root = path.join(path.resolve(import.meta.dirname, '..').replace(/[/\\]dist$/, ''), 'dist', 'web');

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GraphiQL's dialogs write a style element (how wide the scroll bar is that they hide), and its marks are data: pictures. Scripts stay as strict. */
const EXPLORER_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace("img-src 'self'", "img-src 'self' data:");

const NOT_BUILT = `<!doctype html><html lang="en"><title>netwhy</title><h1>The page is not built</h1>
<p>Run <code>npm run build</code> in netwhy's folder and reload. The service itself runs: <a href="graphql">/graphql</a>, <a href="api/v1/openapi.json">/api/v1</a>.</p>`;

export async function registerPage(app: FastifyInstance, folder = root): Promise<void> {
  await app.register(async (page) => {
    page.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    page.addHook('onSend', async (request, reply) => {
      const policy = request.routeOptions.url === '/explorer' ? EXPLORER_POLICY : POLICY;
      reply.headers({ 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    });
    if (!existsSync(path.join(folder, 'index.html'))) {
      page.get('/', async (_, reply) => reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT));
      return;
    }
    page.get('/explorer', async (_, reply) => reply.sendFile('explorer.html'));
    await page.register(statics, {
      root: folder,
      wildcard: false,
      preCompressed: true,
      cacheControl: false,
      // Names of assets hold a digest of what is in them.
      setHeaders: (reply, file) =>
        reply.header('cache-control', file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache'),
    });
  });
}
