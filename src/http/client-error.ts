// Requests that Node's parser ends: too slow, too large headers, or not HTTP. The answer is written to the socket, in the form
// of all other failures, and the connection closes. Answers to earlier requests of the connection are sent first.

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { GatewayError, type LocalizedText } from '../errors.ts';
import { formatError } from '../graph/format-error.ts';
import { localeOf } from '../request/headers.ts';
import { type Connection, type Connections, hasBegun } from './connections.ts';
import { JSON_TYPE } from './media-type.ts';

interface Refusal {
  readonly status: number;
  readonly phrase: string;
  readonly reason: LocalizedText;
}

const TOO_SLOW: Refusal = {
  status: 408,
  phrase: 'Request Timeout',
  reason: {
    vi: 'Yêu cầu được gửi quá chậm.',
    en: 'The request was sent too slowly.',
  },
};
const HEADERS_TOO_LARGE: Refusal = {
  status: 431,
  phrase: 'Request Header Fields Too Large',
  reason: { vi: 'Phần đầu yêu cầu quá lớn.', en: 'The headers are too large.' },
};
const NOT_HTTP: Refusal = {
  status: 400,
  phrase: 'Bad Request',
  reason: { vi: 'Yêu cầu không phải HTTP hợp lệ.', en: 'The request is not valid HTTP.' },
};

const REFUSALS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
  HPE_HEADER_OVERFLOW: HEADERS_TOO_LARGE,
};

/** Time for the client to read the answer before its connection is destroyed, ms. */
const LINGER_MS = 500;

/** Creates the listener of `clientError`. Node emits the event again with each further byte or check. */
export function createClientErrorHandler(
  all: Connections['all'],
  onRefused: (status: number) => void,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  const ending = new WeakSet<Socket>();

  const end = (connection: Connection, refusal: Refusal): void => {
    const { socket } = connection;
    const unread = connection.open.at(-1);
    // The answer has begun, before the request was read.
    if (unread?.headersSent) {
      socket.destroySoon();
      return;
    }
    onRefused(refusal.status);
    socket.end(rawAnswer(refusal, unread?.req.headers['accept-language']));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };

  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    if (ending.has(socket)) return;
    ending.add(socket);
    const connection = all.get(socket);
    if (connection === undefined) {
      socket.destroy();
      return;
    }
    const refusal = REFUSALS[error.code ?? ''] ?? NOT_HTTP;
    if (refusal === TOO_SLOW && connection.open.length === 0 && !hasBegun(connection)) {
      // Opened and never used: a client would take an answer for that of its first request.
      socket.destroySoon();
      return;
    }
    const earlier = connection.open.findLast((response) => response.req.complete);
    if (earlier === undefined) end(connection, refusal);
    // The answer of a later request must not be taken for that of an earlier one.
    else earlier.once('close', () => end(connection, refusal));
  };
}

function rawAnswer({ status, phrase, reason }: Refusal, languages: string | undefined): string {
  const requestId = randomUUID();
  const error = new GatewayError('BAD_REQUEST', { reason });
  const body = JSON.stringify({ errors: [formatError(error, { locale: localeOf(languages), requestId })] });
  return [
    `HTTP/1.1 ${status} ${phrase}`,
    `content-type: ${JSON_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
