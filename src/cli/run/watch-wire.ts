// Records the HTTP exchanges of the process through undici's diagnostics channels, so that `connector run` shows each request
// as it was sent, including credentials, signature and encoding.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** One request and its answer, if any. */
export interface Exchange {
  readonly method: string;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Lower-case names in the order of sending. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  status: number | undefined;
  answerHeaders: Readonly<Record<string, string | string[]>>;
  readonly chunks: Buffer[];
  /** Milliseconds from the request to the last byte received. */
  durationMs: number;
}

/** The documented parts of undici's request object. */
interface SeenRequest {
  readonly method: string;
  readonly origin: unknown;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: unknown;
}

/** Runs `task` and returns the exchanges that it made, in the order of their start. */
export async function watchWire<T>(task: () => Promise<T>): Promise<{ result: T; exchanges: Exchange[] }> {
  const exchanges: Exchange[] = [];
  const open = new Map<unknown, { exchange: Exchange; startedAt: number }>();

  const created = (message: unknown) => {
    const { request } = message as { request: SeenRequest };
    const exchange: Exchange = {
      method: request.method,
      origin: String(request.origin),
      path: request.path,
      headers: pairsOf(request.headers),
      body: textOf(request.body),
      status: undefined,
      answerHeaders: {},
      chunks: [],
      durationMs: 0,
    };
    exchanges.push(exchange);
    open.set(request, { exchange, startedAt: performance.now() });
  };
  const entry = (message: unknown) => open.get((message as { request: unknown }).request);
  const answered = (message: unknown) => {
    const found = entry(message);
    if (found === undefined) return;
    const { response } = message as { response: { statusCode: number; headers: readonly Buffer[] } };
    found.exchange.status = response.statusCode;
    found.exchange.answerHeaders = joined(pairsOf(response.headers.map(String)));
    found.exchange.durationMs = performance.now() - found.startedAt;
  };
  const received = (message: unknown) => {
    const found = entry(message);
    if (found === undefined) return;
    found.exchange.chunks.push(Buffer.from((message as { chunk: Buffer }).chunk));
    found.exchange.durationMs = performance.now() - found.startedAt;
  };

  const listeners = [
    ['undici:request:create', created],
    ['undici:request:headers', answered],
    ['undici:request:bodyChunkReceived', received],
  ] as const;
  for (const [channel, listener] of listeners) subscribe(channel, listener);
  try {
    return { result: await task(), exchanges };
  } finally {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener);
  }
}

const pairsOf = (flat: readonly string[]): (readonly [string, string])[] =>
  Array.from({ length: Math.floor(flat.length / 2) }, (_, i) => [
    String(flat[2 * i]).toLowerCase(),
    String(flat[2 * i + 1]),
  ]);

function joined(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const known = headers[name];
    headers[name] = known === undefined ? value : [known, value].flat();
  }
  return headers;
}

function textOf(body: unknown): string | undefined {
  if (body === null || body === undefined) return undefined;
  return typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString('utf8') : '(a stream)';
}
