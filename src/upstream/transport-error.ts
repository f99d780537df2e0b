// Maps a transport failure to a code of the error table. Only the failure's error code is kept; its message names hosts and
// addresses and is dropped.
import { errors } from 'undici';
import { type ErrorCode, GatewayError } from '../errors.ts';

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

export function transportError(error: unknown): GatewayError {
  if (error instanceof errors.HTTPParserError) {
    return new GatewayError('UPSTREAM_INVALID', { detail: 'what arrived is not HTTP/1.1' });
  }
  const found = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  const code = typeof found === 'string' && SAFE_CODE.test(found) ? found : 'UNKNOWN';
  const row =
    CODES[code] ??
    (OUR_CERTIFICATE.test(code) ? 'UPSTREAM_UNAUTHORIZED' : undefined) ??
    'UPSTREAM_UNREACHABLE';
  if (row === 'BAD_USER_INPUT') {
    return new GatewayError(row, {
      detail: 'the request was not sent: its path or a header contains a character that HTTP does not allow',
    });
  }
  return new GatewayError(row, { detail: `transport failed (${code})` });
}
