// A source on a loopback socket: answers what a test says and keeps what it was asked. One per test file; the wire is
// real, so that what these tests see is what leaves the gateway.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface Seen {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Reply {
  /** Default 200. */
  readonly status?: number;
  /** Default `application/json`; null sends none. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON; `undefined` sends nothing. */
  readonly body?: unknown;
}

export type Answer = (seen: Seen) => Reply;

export interface ASource {
  readonly origin: string;
  readonly close: () => Promise<void>;
  /** Answers by `answer` from now on; gives the list of what it is asked. */
  readonly serve: (answer: Answer) => Seen[];
}

export async function aSource(): Promise<ASource> {
  let answer: Answer = () => ({ status: 500 });
  let seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const asked = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(asked);
      const reply = answer(asked);
      const type = reply.type === undefined ? 'application/json' : reply.type;
      response.writeHead(reply.status ?? 200, {
        ...(type !== null && { 'content-type': type }),
        ...reply.headers,
      });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
    serve: (next) => {
      answer = next;
      seen = [];
      return seen;
    },
  };
}
