// Skips interim answers (1xx: 100 Continue, 102, 103) in front of an HTTP/1.1 answer. RFC 9110 section 15.2 requires that a client
// reads them even when it has not asked for one; undici closes the socket at an unasked 100.
import type { Socket } from 'node:net';

/** `HTTP/1.1 100`, without 101: that one ends the protocol. */
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d[ \r\n]/;

/** Bytes after which the start of an answer is known to be interim or not. */
const START_BYTES = 13;

/** The first digit of the status stands at this place: almost every answer is decided by one comparison. */
const STATUS_AT = 'HTTP/1.1 '.length;

function mayBeInterim(bytes: Buffer): boolean {
  if (bytes.length > STATUS_AT && bytes[STATUS_AT] !== 0x31) return false;
  const start = bytes.toString('latin1', 0, START_BYTES);
  // Fewer bytes than decide may be the start of an interim answer.
  return start.length < START_BYTES ? BEGINNING.test(start) : INTERIM.test(start);
}

/** A beginning of `HTTP/1.1 1`, and anything behind that. */
const BEGINNING = /^H(T(T(P(\/(1(\.([01]( (1.*)?)?)?)?)?)?)?)?)?$/;

/**
 * @param maxBytes of one interim answer; a longer one is left to the parser, which refuses it
 * @returns call it when a request is written: the bytes that follow are the start of an answer
 */
export function skipInterimAnswers(socket: Socket, maxBytes: number): () => void {
  let isAtStart = false;
  let held: Buffer | undefined;
  const read = socket.read.bind(socket);

  /** What remains for the parser; `undefined`: more bytes are needed. */
  const rest = (chunk: Buffer): Buffer | undefined => {
    let bytes = held === undefined ? chunk : Buffer.concat([held, chunk]);
    held = undefined;
    while (bytes.length > 0 && mayBeInterim(bytes)) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) {
        if (bytes.length > maxBytes) break;
        held = bytes;
        return undefined;
      }
      bytes = bytes.subarray(end + 4);
    }
    if (bytes.length === 0) return undefined;
    isAtStart = false;
    return bytes;
  };

  socket.read = (size?: number) => {
    for (;;) {
      const chunk: unknown = read(size);
      if (!isAtStart || !Buffer.isBuffer(chunk)) return chunk;
      const bytes = rest(chunk);
      if (bytes !== undefined) return bytes;
    }
  };

  return () => {
    isAtStart = true;
    held = undefined;
  };
}
