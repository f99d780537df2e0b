// Names of HTTP headers that a connector must not set, and names of headers of a client's request that no source receives.

/** Of the connection itself (RFC 9110, 9112), of the host, and of proxies: only the transport sets them. */
const TRANSPORT: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Credentials of the client towards the gateway. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'set-cookie']);

/** What proxies before the gateway report about the client. */
const OF_PROXIES: ReadonlySet<string> = new Set(['via', 'x-real-ip']);

/** True for a header that nothing but the transport sets on a request to a source. `name` in any case. */
export function isTransportHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return TRANSPORT.has(lower) || lower.startsWith('proxy-');
}

/**
 * True for a header of a client's request that no source receives: credentials, addresses and certificates of the client, and
 * headers of the connection. `name` in any case.
 */
export function isWithheldHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    isTransportHeader(lower) ||
    CREDENTIALS.has(lower) ||
    OF_PROXIES.has(lower) ||
    lower.startsWith('x-forwarded-') ||
    /client-?cert/.test(lower)
  );
}
