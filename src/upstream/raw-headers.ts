// Headers on the wire: which a request may carry, and how large those of an answer are.

import { isTransportHeader } from '../header-names.ts';

/**
 * The headers of a request without those that only the transport sets. A `host` from a mapping, from credentials or from a signature
 * would send the request to another system behind the same address.
 */
export function withoutTransportHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.keys(headers);
  const sent = headers as Record<string, string>;
  return names.some(isTransportHeader)
    ? Object.fromEntries(
        names.filter((name) => !isTransportHeader(name)).map((name) => [name, headers[name] ?? '']),
      )
    : sent;
}

/** Size of a header list as HTTP/2 counts it (RFC 9113 section 6.5.2), without the overhead per field. */
export function sizeOf(headers: Readonly<Record<string, unknown>>): number {
  let size = 0;
  for (const name in headers) size += name.length + String(headers[name]).length;
  return size;
}
