// A client of raw bytes, for what HTTP clients do not let a test do.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawClient {
  readonly socket: Socket;
  /** What was received so far. */
  text(): string;
  /** Status lines received so far. */
  statuses(): string[];
  /** Resolves when the connection has closed, in either way. */
  readonly ended: Promise<unknown>;
  /** Writes the text in pieces, one each `everyMs`, until the connection ends. */
  drip(pieces: Iterable<string>, everyMs: number): void;
}

/** @param reads whether it reads what it is sent. Default: yes */
export async function aSocket(origin: string, { reads = true } = {}): Promise<RawClient> {
  const { port, hostname } = new URL(origin);
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  let text = '';
  socket.setEncoding('utf8');
  if (reads) {
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
  }
  socket.on('error', () => {});
  const ended = once(socket, 'close');
  await once(socket, 'connect');
  return {
    socket,
    text: () => text,
    statuses: () => text.match(/HTTP\/1\.1 \d+/g) ?? [],
    ended,
    drip: (pieces, everyMs) => {
      const rest = pieces[Symbol.iterator]();
      const timer = setInterval(() => {
        const next = rest.next();
        if (next.done || !socket.writable) clearInterval(timer);
        else socket.write(next.value);
      }, everyMs);
      socket.once('close', () => clearInterval(timer));
    },
  };
}

/** The bytes of a POST of a GraphQL request. */
export function aPost(query: string, variables: Record<string, unknown> = {}): string {
  const body = JSON.stringify({ query, variables });
  return [
    'POST /graphql HTTP/1.1',
    'host: a',
    'content-type: application/json',
    'accept-language: en',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
