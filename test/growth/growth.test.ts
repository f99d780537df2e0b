// Nothing costs more than its size: codecs, scalars and methods are held to hostile inputs of 1 KB, 32 KB and 1 MB, by counted
// steps. Methods have a budget of their own as well (`test/connect/mapping/budget.test.ts`). The lists come from the
// product, so that a new protocol, scalar or encoding without hostile inputs fails here.

import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createScalars } from '../../src/dossiers/scalars.ts';
import { formatKeys } from '../../src/manifest/format-keys.ts';
import { innerSchema } from '../../src/manifest-keys.ts';
import { redact } from '../../src/observe/redact.ts';
import { inflate, READ_ENCODINGS } from '../../src/upstream/inflate.ts';
import { CODEC_CASES } from './codec-cases.ts';
import { countSteps, superlinearPatterns } from './count-steps.ts';
import { scalarCases } from './scalar-cases.ts';
import { fill, SIZES } from './sizes.ts';

/** Steps per byte at most: an answer of 1 MB in a few hundred milliseconds even when each step were ten nanoseconds. */
const PER_BYTE = 60;
/** Steps that do not depend on the input, such as compiling a codec's patterns. */
const FIXED = 20_000;

/** Asserts that the steps grow at most like the size of the input. */
function expectLinear(prepare: (bytes: number) => () => unknown): void {
  // The first call compiles and fills caches.
  countSteps(prepare(SIZES[0]));
  const [, medium, large] = SIZES.map((bytes) => {
    const steps = countSteps(prepare(bytes));
    expect(steps).toBeLessThanOrEqual(FIXED + PER_BYTE * bytes);
    return steps;
  }) as [number, number, number];
  expect(large / SIZES[2]).toBeLessThanOrEqual((medium / SIZES[1]) * 1.1 + FIXED / SIZES[2]);
}

const optionsOf = (schema: z.ZodType): readonly string[] => {
  const inner = innerSchema(schema);
  return inner instanceof z.ZodEnum ? (inner.options as string[]) : [];
};

describe('codecs', { timeout: 120_000 }, () => {
  it.each(CODEC_CASES)('$name · steps as the input grows', ({ prepare }) => expectLinear(prepare));

  it('every protocol, in both directions · has hostile inputs', () => {
    const protocols = optionsOf(formatKeys.protocol);
    expect(protocols.length).toBeGreaterThan(5);
    for (const kind of ['decode', 'encode'] as const) {
      const covered = new Set<string>(
        CODEC_CASES.filter((row) => row.kind === kind).map((row) => row.protocol),
      );
      expect(protocols.filter((protocol) => !covered.has(protocol))).toEqual([]);
    }
  });

  it('every format of an embedded text · has hostile inputs', () => {
    const list = innerSchema(formatKeys.unwrap) as z.ZodArray<z.ZodObject<{ as: z.ZodType }>>;
    const formats = optionsOf(list.element.shape.as);
    expect(formats).toEqual(['xml', 'json']);
    const covered = new Set(CODEC_CASES.map((row) => row.unwraps));
    expect(formats.filter((format) => !covered.has(format as 'json'))).toEqual([]);
  });
});

describe('scalars', { timeout: 120_000 }, () => {
  const scalars = Object.entries(createScalars());

  it.each(scalars.map(([name]) => name))('%s · has hostile inputs', (name) => {
    expect(scalarCases(name).length).toBeGreaterThan(5);
  });

  it.each(scalars.flatMap(([scalar, code]) => scalarCases(scalar).map((row) => ({ scalar, code, ...row }))))(
    '$scalar of $name · steps as the input grows',
    ({ code, input }) => {
      expectLinear((bytes) => {
        const value = input(bytes);
        return () => code.parseValue(value);
      });
    },
  );
});

describe('compressed answers', () => {
  // Decompression is native code: it reads each byte once and ends at the limit of its output.
  const compress: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    gzip: gzipSync,
    'x-gzip': gzipSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
    deflate: deflateSync,
  };

  it('every encoding · has a bomb', () => {
    expect(Object.keys(compress).sort()).toEqual([...READ_ENCODINGS].sort());
  });

  it.each([...Object.entries(compress), ['deflate', deflateRawSync] as const])(
    '%s · a bomb of 64 MB · is refused at the limit of 1 KB, 32 KB and 1 MB',
    async (encoding, pack) => {
      const bomb = pack(Buffer.alloc(64 * 1024 * 1024));
      for (const limit of SIZES) {
        await expect(async () => inflate(bomb, encoding, limit)).rejects.toMatchObject({
          code: 'UPSTREAM_TOO_LARGE',
        });
      }
    },
  );

  it.each(Object.entries(compress))(
    '%s · a few bytes that grow to more than 1 MB · are decompressed outside the event loop',
    async (encoding, pack) => {
      const bytes = pack(Buffer.alloc(4 * 1024 * 1024));
      expect(bytes.length).toBeLessThan(16_384);
      const result = inflate(bytes, encoding, 8 * 1024 * 1024);
      expect(result).toBeInstanceOf(Promise);
      expect((await result).length).toBe(4 * 1024 * 1024);
    },
  );
});

describe('regular expressions', () => {
  it('those that ran above · begin with no open repetition that can fail later', () => {
    // `\s*x` tries each white space of a long row as its beginning, and reads the row to its end each time.
    expect(superlinearPatterns()).toEqual([]);
  });
});

describe('lines of the log', { timeout: 120_000 }, () => {
  // Begins without ends, ends without begins, and both inside texts of JSON.
  it.each([
    '-----BEGIN X-----"',
    '-----BEGIN X-----\\"',
    '-----BEGIN X-----',
    '-----BEGIN X----- -----END X-----',
    '"token":',
    '"token\\":',
    '"password":[',
    '"password":"a",',
    'cookie: a\\',
    '://@',
    'a@',
    'eyJaaaaa',
    'Bearer ',
    '\\"',
    '+84',
    '123456789 ',
  ])('%j, repeated · redacted · steps as the line grows', (unit) => {
    expectLinear((bytes) => {
      const line = `{"level":"info","text":"${fill(unit, bytes)}"}`;
      return () => redact(line);
    });
  });
});
