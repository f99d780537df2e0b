// Maps a transport failure to a code of the error table. Only the failure's error code is kept; its message names hosts and
// addresses and is dropped.
import { constants } from 'node:http2';
import { errors } from 'undici';
import { type ErrorCode, GatewayError, isGatewayError } from '../errors.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  UND_ERR_HEADERS_OVERFLOW: 'UPSTREAM_TOO_LARGE',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'UPSTREAM_TOO_LARGE',
  UND_ERR_HEADERS_TIMEOUT: 'UPSTREAM_TIMEOUT',
  UND_ERR_BODY_TIMEOUT: 'UPSTREAM_TIMEOUT',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'UPSTREAM_INVALID',
  // A path or header contains a character that HTTP forbids, e.g. a line break. Nothing was sent.
  UND_ERR_INVALID_ARG: 'BAD_USER_INPUT',
  // The connector sets a header that belongs to the transport.
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'INTERNAL_SERVER_ERROR',
  UND_ERR_NOT_SUPPORTED: 'INTERNAL_SERVER_ERROR',
  UND_ERR_ABORTED: 'CANCELLED',
  UND_ERR_CLOSED: 'CANCELLED',
  UND_ERR_DESTROYED: 'CANCELLED',
};

/** TLS alerts by which a source rejects our certificate. */
const OUR_CERTIFICATE = /^ERR_SSL_.*ALERT.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

const SAFE_CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/** @param isUnprocessed the source certainly did not process the request: nothing was sent, or it said so */
export function transportError(error: unknown, isUnprocessed: boolean): GatewayError {
  const certain = isUnprocessed || NEVER_CONNECTED.has(codeOf(error)) ? NOT_MADE : {};
  if (isGatewayError(error)) return error.outcomeUnknown && isUnprocessed ? error.amend(NOT_MADE) : error;
  if (error instanceof errors.HTTPParserError) {
    return new GatewayError('UPSTREAM_INVALID', { detail: 'what arrived is not HTTP/1.1' });
  }
  const code = codeOf(error);
  const row =
    CODES[code] ??
    (OUR_CERTIFICATE.test(code) ? 'UPSTREAM_UNAUTHORIZED' : undefined) ??
    'UPSTREAM_UNREACHABLE';
  if (row === 'BAD_USER_INPUT') {
    return new GatewayError(row, {
      detail: 'the request was not sent: its path or a header contains a character that HTTP does not allow',
    });
  }
  return new GatewayError(row, { detail: `transport failed (${code})`, ...certain });
}

const NOT_MADE = { outcomeUnknown: false } as const;

function codeOf(error: unknown): string {
  const found = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof found === 'string' && SAFE_CODE.test(found) ? found : 'UNKNOWN';
}

/** Failures that occur while a socket is opened, and only then. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']);

/** What became of the sessions of a connection. */
interface Sessions {
  readonly isH2: boolean;
  readonly goAways: number;
  readonly isBroken: boolean;
}

/**
 * Over HTTP/2, the server certainly did not process the request (RFC 9113 sections 5.1.1, 6.8 and 8.7): it refused the stream, the
 * stream is above the last one of a GOAWAY, or its headers were not sent any more. A lost session, a reset with another code and an
 * error of the server's do not qualify: the request may have been processed.
 */
export function isRefusedUnprocessed(
  error: Error & { readonly http2ErrorCode?: unknown },
  connection: Sessions | undefined,
): boolean {
  if (error.http2ErrorCode === constants.NGHTTP2_REFUSED_STREAM || UNSENT_STREAM.test(error.message))
    return true;
  if (connection === undefined || !connection.isH2) return false;
  // undici compares the streams of all sessions of a client with the last id of a GOAWAY: only the first one's verdict holds.
  if (ABOVE_GOAWAY.test(error.message)) return connection.goAways === 0;
  return isSentByClientAgain(error) && connection.goAways <= 1 && !connection.isBroken;
}

// undici's messages: its errors have no codes that tell these from others.
const UNSENT_STREAM = /^HTTP\/2: "frameError" received - type 1,/;
const ABOVE_GOAWAY = /^HTTP\/2: "GOAWAY" frame received/;

const SENT_AGAIN = 'the HTTP client would have sent the request again';

/** Ends a request that undici is about to send a second time. */
export const sentByClientAgain = (): Error => new errors.InformationalError(SENT_AGAIN);

export const isSentByClientAgain = (error: Error): boolean => error.message === SENT_AGAIN;

/** Is this the end of a session by GOAWAY? */
export const isGoAway = (error: unknown): boolean =>
  error instanceof Error && ABOVE_GOAWAY.test(error.message);
