// Decompresses an answer with a Content-Encoding. At most `limit` bytes are produced or held: a decompression bomb is stopped
// at the limit.
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { GatewayError } from '../errors.ts';
import type { Turns } from './turns.ts';

/** Encodings requested when the manifest allows compression. `deflate` is read but not requested: servers disagree on its format. */
export const ACCEPTED_ENCODINGS = 'gzip, br, zstd';

interface Inflater {
  sync(bytes: Buffer, options: { maxOutputLength: number }): Buffer;
  /** Runs on libuv's thread pool. */
  async(bytes: Buffer, options: { maxOutputLength: number }): Promise<Buffer>;
}

const gzip: Inflater = { sync: zlib.gunzipSync, async: promisify<Buffer, object, Buffer>(zlib.gunzip) };
const br: Inflater = {
  sync: zlib.brotliDecompressSync,
  async: promisify<Buffer, object, Buffer>(zlib.brotliDecompress),
};
const zstd: Inflater = {
  sync: zlib.zstdDecompressSync,
  async: promisify<Buffer, object, Buffer>(zlib.zstdDecompress),
};
const deflate: Inflater = { sync: zlib.inflateSync, async: promisify<Buffer, object, Buffer>(zlib.inflate) };
const rawDeflate: Inflater = {
  sync: zlib.inflateRawSync,
  async: promisify<Buffer, object, Buffer>(zlib.inflateRaw),
};

const INFLATERS: ReadonlyMap<string, Inflater> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['br', br],
  ['zstd', zstd],
  ['deflate', deflate],
]);

/** The names of all encodings that are read. */
export const READ_ENCODINGS: readonly string[] = [...INFLATERS.keys()];

/** Compressed bytes up to which decompressing in place is cheaper than handing over to another thread: 16 KiB. */
const SYNC_BYTES = 16_384;
/** Decompressed bytes up to which that holds: 1 MiB. A few bytes can grow to any size, which must not block the event loop. */
const SYNC_OUTPUT = 1_048_576;

const UNBOUNDED: Turns = { run: (work) => work() };

/**
 * @param turns bounds the work of one source on the thread pool, which all sources share
 * @throws GatewayError UPSTREAM_TOO_LARGE above `limit`, UPSTREAM_INVALID for another or a broken encoding.
 */
export function inflate(
  bytes: Buffer,
  encoding: string | string[],
  limit: number,
  turns: Turns = UNBOUNDED,
): Buffer | Promise<Buffer> {
  const name = String(encoding).trim().toLowerCase();
  if (name === 'identity' || name === '' || bytes.length === 0) return bytes;
  const known = INFLATERS.get(name);
  if (known === undefined) {
    throw invalid('expected one of gzip, br, zstd, deflate as content-encoding, found another or several');
  }
  // RFC 9110 specifies the zlib format, but some servers send raw deflate. The first byte of zlib names method 8.
  const inflater = known === deflate && ((bytes[0] ?? 0) & 0x0f) !== 8 ? rawDeflate : known;
  const inThread = (): Promise<Buffer> =>
    turns
      .run(() => inflater.async(bytes, { maxOutputLength: limit }))
      .catch((error: unknown) => {
        throw failure(error, name, limit);
      });
  if (bytes.length > SYNC_BYTES) return inThread();
  try {
    return inflater.sync(bytes, { maxOutputLength: Math.min(limit, SYNC_OUTPUT) });
  } catch (error) {
    if (limit > SYNC_OUTPUT && isTooLarge(error)) return inThread();
    throw failure(error, name, limit);
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';

const failure = (error: unknown, name: string, limit: number): GatewayError =>
  isTooLarge(error)
    ? new GatewayError('UPSTREAM_TOO_LARGE', {
        detail: `the answer is larger than ${limit} bytes when decompressed; raise limits.maxResponseBytes if that is right for this source`,
      })
    : invalid(`the answer's ${name} encoding is broken or cut short`);

const invalid = (detail: string): GatewayError => new GatewayError('UPSTREAM_INVALID', { detail });
