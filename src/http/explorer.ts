// GraphiQL at / and /explorer, from the package `ruru`. Registered by `server.ts`. Guarantees that no request leaves the
// machine: page and assets come from here, and the content security policy allows nothing else.

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type RuruServerConfig, ruruHTML } from 'ruru/server';
import { getStaticFile } from 'ruru/static';

export interface ExplorerOptions {
  readonly endpoint: string;
  /** Shown when the browser keeps no earlier one. */
  readonly query: string;
}

export const EXPLORER_PATH = '/explorer';
const ASSETS = '/explorer/assets/';

/** Registers the explorer's page and its assets. */
export function addExplorerRoutes(app: FastifyInstance, { endpoint, query }: ExplorerOptions): void {
  const html = ruruHTML({
    endpoint,
    staticPath: ASSETS,
    clientConfig: { defaultQuery: query } as RuruServerConfig['clientConfig'],
    htmlParts: {
      titleTag: '<title>Liên Thông</title>',
      // Without it the browser asks for /favicon.ico.
      metaTags: (tags: string) => `${tags}\n<link rel="icon" href="data:," />`,
    },
  });
  const policy = contentSecurityPolicy(html);

  const sendPage = (_request: unknown, reply: FastifyReply) => {
    guarded(reply)
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('cache-control', 'no-cache')
      .send(html);
  };
  app.get('/', sendPage);
  app.get(EXPLORER_PATH, sendPage);

  app.get(`${ASSETS}*`, async (request, reply) => {
    const file = await getStaticFile({
      staticPath: ASSETS,
      urlPath: request.url,
      acceptEncoding: request.headers['accept-encoding'],
      // Source maps are ten megabytes that only ruru's own authors need.
      disallowDevAssets: true,
    });
    if (file === null) return reply.callNotFound();
    guarded(reply).headers(file.headers).header('cache-control', 'public, max-age=3600');
    if (request.headers['if-none-match'] === file.headers.etag) {
      return reply.removeHeader('content-length').removeHeader('content-encoding').code(304).send();
    }
    return reply.send(file.content);
  });
}

const guarded = (reply: FastifyReply): FastifyReply =>
  reply
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin');

/** Only this host; inline scripts by the hash of their text. The editor writes its own style elements and fonts. */
function contentSecurityPolicy(html: string): string {
  const hashes = [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
