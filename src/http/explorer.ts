// Serves the explorer, GraphiQL, at / and /explorer, from the files that `scripts/build-explorer.ts` built. Guarantees
// that the page loads nothing from another host: all files come from here, and the content security policy allows no
// other source.

import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { EXPLORER_PATH } from './explorer-path.ts';

export interface ExplorerOptions {
  readonly endpoint: string;
  /** Query of a first visit. */
  readonly query: string;
  /** Path of the people as whom the explorer can ask; null where callers sign in elsewhere. */
  readonly people: string | null;
}

const FILES = new URL('../../explorer/dist/', import.meta.url);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
};

/** The only inline script is the settings, which are data and not run. Monaco writes style elements of its own. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const decompress = promisify(gunzip);

const HEAD_TOO = { exposeHeadRoute: true };

/** Registers the routes of the explorer's page and of its assets. */
export async function addExplorerRoutes(app: FastifyInstance, options: ExplorerOptions): Promise<void> {
  const html = await readPage(options);
  const assets = new Set(await readdir(new URL('assets/', FILES)));

  const sendPage = (_request: unknown, reply: FastifyReply) => {
    secured(reply)
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(html);
  };
  app.get('/', HEAD_TOO, sendPage);
  app.get(EXPLORER_PATH, HEAD_TOO, sendPage);
  app.get(`${EXPLORER_PATH}/`, HEAD_TOO, sendPage);

  app.get<{ Params: { name: string } }>(`${EXPLORER_PATH}/assets/:name`, async (request, reply) => {
    const { name } = request.params;
    if (!assets.has(`${name}.gz`)) return reply.callNotFound();
    const compressed = await readFile(new URL(`assets/${name}.gz`, FILES));
    secured(reply)
      .header('content-type', CONTENT_TYPES[extname(name)] ?? 'application/octet-stream')
      // The name of an asset contains a digest of its content.
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding');
    if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(await decompress(compressed));
    return reply.header('content-encoding', 'gzip').send(compressed);
  });
}

/** The page with its settings; `<` is escaped, so that no text can end the element that holds them. */
async function readPage(settings: ExplorerOptions): Promise<string> {
  const html = await readFile(new URL('index.html', FILES), 'utf8');
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c');
  const start = '<script type="application/json" id="settings">';
  const [before, after, ...more] = html.split(`${start}{}`);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('explorer/dist/index.html has no place for the settings.');
  return `${before}${start}${json}${after}`;
}

const secured = (reply: FastifyReply): FastifyReply =>
  reply
    // On assets, too: a worker has the policy of its own file.
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin');

/** Whether an `Accept-Encoding` header allows gzip. */
function acceptsGzip(header: string | undefined): boolean {
  return (header ?? '').split(',').some((part) => {
    const [coding, weight = ''] = part.split(';').map((text) => text.trim());
    return (coding === 'gzip' || coding === '*') && !/^q=0(\.0*)?$/.test(weight);
  });
}
