// What an answer may be made of, over real sockets: compression, charsets, depth, size of headers, hostile keys.
import type { OutgoingHttpHeaders } from 'node:http';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import { isNestedDeeper } from '../../src/upstream/codecs/nesting.ts';

import { anUpstream, aRequest, aSource, type Behaviour, live } from './a-source.ts';
import type { SpecParts } from './a-spec.ts';

const NAME = 'Nguyễn Thị Ngọc Ánh';

const bytes =
  (body: Uint8Array, headers: OutgoingHttpHeaders = {}): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
  };

async function ask(behaviour: Behaviour, spec: SpecParts = {}) {
  const source = await aSource(behaviour);
  const attempt = anUpstream(spec).attempt(aRequest(source.origin, { body: spec.soap && {} }), live());
  const outcome = await attempt.then(
    (answer) => answer.body,
    (error: GatewayError) => error.code,
  );
  return { outcome, asked: source.asked[0] };
}
const outcomeOf = async (behaviour: Behaviour, spec?: SpecParts) => (await ask(behaviour, spec)).outcome;

describe('a compressed answer', () => {
  const body = Buffer.from(JSON.stringify({ name: NAME, list: Array(50).fill('quận') }));
  const ENCODERS: [string, (raw: Buffer) => Buffer][] = [
    ['gzip', zlib.gzipSync],
    ['x-gzip', zlib.gzipSync],
    ['GZIP', zlib.gzipSync],
    ['br', zlib.brotliCompressSync],
    ['zstd', zlib.zstdCompressSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['identity', (raw) => raw],
  ];

  it.each(ENCODERS)('%s · is read', async (encoding, encode) => {
    const outcome = await outcomeOf(bytes(encode(body), { 'content-encoding': encoding }));
    expect(outcome).toMatchObject({ name: NAME });
  });

  it('large enough for another thread · is read', async () => {
    const noise = Array.from({ length: 20_000 }, (_, i) => (i * 2_654_435_761) % 4_294_967_296);
    const packed = zlib.gzipSync(JSON.stringify(noise));
    expect(packed.length).toBeGreaterThan(16_384);
    expect(await outcomeOf(bytes(packed, { 'content-encoding': 'gzip' }))).toEqual(noise);
  });

  it.each(ENCODERS.slice(0, 7))(
    '%s bomb · UPSTREAM_TOO_LARGE, and little of it is inflated',
    async (encoding, encode) => {
      const bomb = encode(Buffer.alloc(64 * 1024 * 1024, 32));
      const before = process.memoryUsage().arrayBuffers;
      const outcome = await outcomeOf(bytes(bomb, { 'content-encoding': encoding }), {
        limits: { maxResponseBytes: 256 * 1024 },
      });
      expect(outcome).toBe('UPSTREAM_TOO_LARGE');
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    },
  );

  it.each([
    ['cut short', 'gzip', zlib.gzipSync(body).subarray(0, 40)],
    ['none at all', 'gzip', body],
    ['broken br', 'br', body],
    ['broken zstd', 'zstd', body],
    ['unknown', 'compress', body],
    ['two at once', 'gzip, br', body],
  ])('%s · UPSTREAM_INVALID', async (_, encoding, raw) => {
    expect(await outcomeOf(bytes(raw, { 'content-encoding': encoding }))).toBe('UPSTREAM_INVALID');
  });

  it('is requested unless the manifest disables it', async () => {
    const plain = bytes(Buffer.from('{}'));
    expect((await ask(plain)).asked?.headers['accept-encoding']).toBe('gzip, br, zstd');
    expect((await ask(plain, { compression: false })).asked?.headers).not.toHaveProperty('accept-encoding');
  });
});

describe('charset of JSON', () => {
  const text = JSON.stringify({ name: NAME });
  const utf16 = Buffer.from(text, 'utf16le');
  const utf16be = Buffer.from(utf16).swap16();
  const mark = Buffer.from([0xff, 0xfe]);

  it.each<[string, Uint8Array, string]>([
    ['UTF-8, not declared', Buffer.from(text), 'application/json'],
    ['UTF-8 in quotes and capitals', Buffer.from(text), 'application/json; Charset="UTF-8"'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'application/json'],
    ['UTF-16LE with a mark', Buffer.concat([mark, utf16]), 'application/json'],
    ['UTF-16BE with a mark', Buffer.concat([mark, utf16]).swap16(), 'application/json; charset=utf-16'],
    ['UTF-16LE, not declared', utf16, 'application/json'],
    ['UTF-16BE, not declared', utf16be, 'application/json'],
    ['UTF-16LE by header', utf16, 'application/json; charset=utf-16le'],
    [
      'a mark takes precedence over a wrong header',
      Buffer.from(`\ufeff${text}`),
      'application/json; charset=windows-1258',
    ],
  ])('%s · is read', async (_, raw, type) => {
    expect(await outcomeOf(bytes(raw, { 'content-type': type }))).toEqual({ name: NAME });
  });

  it.each([
    ['windows-1252', Buffer.from([0x22, 0x93, 0xe9, 0x22]), '“é'],
    ['iso-8859-1', Buffer.from([0x22, 0xe0, 0xe9, 0x22]), 'àé'],
    // "Ngọc Ánh" as windows-1258 writes it: o + dot below, A + acute.
    [
      'windows-1258',
      Buffer.from([0x22, 0x4e, 0x67, 0x6f, 0xf2, 0x63, 0x20, 0xc1, 0x6e, 0x68, 0x22]),
      'Ngọc Ánh',
    ],
  ])('%s · is read, tones as part of their letters', async (charset, raw, expected) => {
    const outcome = await outcomeOf(bytes(raw, { 'content-type': `application/json; charset=${charset}` }));
    expect(outcome).toBe(expected);
    expect(outcome).toBe(expected.normalize('NFC'));
  });

  it.each([
    ['unknown charset', Buffer.from('{}'), 'application/json; charset=tcvn-5712'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xe9, 0x22]), 'application/json'],
    ['half a UTF-16 character', Buffer.from([0x22, 0, 0x41, 0, 0x22]), 'application/json; charset=utf-16le'],
    ['text/plain that is not UTF-8', Buffer.from([0xe9]), 'text/plain'],
  ])('%s · UPSTREAM_INVALID', async (_, raw, type) => {
    expect(await outcomeOf(bytes(raw, { 'content-type': type }))).toBe('UPSTREAM_INVALID');
  });
});

describe('charset of XML', () => {
  const SOAP: SpecParts = { protocol: 'soap11', soap: { namespace: 'urn:x' } };
  const envelope = (name: string, encoding?: string): string =>
    `${encoding === undefined ? '' : `<?xml version='1.0' encoding='${encoding}'?>`}<E:Envelope xmlns:E="e"><E:Body><R><Ten>${name}</Ten></R></E:Body></E:Envelope>`;
  const latin = Buffer.from(envelope('Hué', 'ISO-8859-1'), 'latin1');

  it.each<[string, Uint8Array, string, string]>([
    ['by declaration', latin, 'text/xml', 'Hué'],
    ['by header', Buffer.from(envelope('Hué'), 'latin1'), 'text/xml; charset=iso-8859-1', 'Hué'],
    ['UTF-8 by declaration', Buffer.from(envelope(NAME, 'UTF-8')), 'application/xml', NAME],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${envelope(NAME, 'UTF-8')}`), 'text/xml', NAME],
    [
      'a mark against the header',
      Buffer.from(`\ufeff${envelope(NAME)}`),
      'text/xml; charset=iso-8859-1',
      NAME,
    ],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${envelope(NAME, 'UTF-16')}`, 'utf16le'), 'text/xml', NAME],
    ['UTF-16 without a mark', Buffer.from(envelope(NAME, 'UTF-16'), 'utf16le'), 'text/xml', NAME],
    ['declared as UTF-16 and is not', Buffer.from(envelope(NAME, 'utf-16')), 'text/xml', NAME],
  ])('%s · is read', async (_, raw, type, name) => {
    expect(await outcomeOf(bytes(raw, { 'content-type': type }), SOAP)).toEqual({ R: { Ten: name } });
  });

  it('declaration against the header · the header wins, and bytes that do not fit it are refused', async () => {
    expect(await outcomeOf(bytes(latin, { 'content-type': 'text/xml; charset=utf-8' }), SOAP)).toBe(
      'UPSTREAM_INVALID',
    );
  });

  it('unknown in the declaration · UPSTREAM_INVALID', async () => {
    const raw = Buffer.from(envelope('a', 'x-viscii'));
    expect(await outcomeOf(bytes(raw, { 'content-type': 'text/xml' }), SOAP)).toBe('UPSTREAM_INVALID');
  });

  it('deeper than the limit · UPSTREAM_INVALID', async () => {
    const raw = Buffer.from(envelope('<a>'.repeat(20) + '</a>'.repeat(20)));
    const type = { 'content-type': 'text/xml' };
    expect(await outcomeOf(bytes(raw, type), SOAP)).toHaveProperty('R');
    expect(await outcomeOf(bytes(raw, type), { ...SOAP, limits: { maxDepth: 20 } })).toBe('UPSTREAM_INVALID');
  });
});

describe('nesting of JSON', () => {
  const nested = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;

  it.each([
    [JSON.parse(nested(64)), 64, false],
    [JSON.parse(nested(66)), 64, true],
    [Array(500).fill({ a: [1] }), 3, false],
    [Array(500).fill({ a: [1] }), 2, true],
    [{ a: '['.repeat(500), b: null }, 1, false],
    [{ a: 1, b: {} }, 1, true],
    ['text', 0, false],
    [null, 0, false],
  ])('case %#', (value, most, deeper) => {
    expect(isNestedDeeper(value, most)).toBe(deeper);
  });

  it('100,000 lists · UPSTREAM_INVALID; a lower limit · applies', async () => {
    const deep = bytes(Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)));
    expect(await outcomeOf(deep)).toBe('UPSTREAM_INVALID');
    const ten = bytes(Buffer.from(nested(10)));
    expect(await outcomeOf(ten, { limits: { maxDepth: 10 } })).not.toBe('UPSTREAM_INVALID');
    expect(await outcomeOf(ten, { limits: { maxDepth: 9 } })).toBe('UPSTREAM_INVALID');
  });
});

describe('hostile keys', () => {
  it('__proto__ and constructor · are data, and no prototype changes', async () => {
    const raw = Buffer.from(
      '{"__proto__":{"bad":1},"constructor":{"prototype":{"bad":2}},"a":{"__proto__":3}}',
    );
    const outcome = (await outcomeOf(bytes(raw))) as Record<string, unknown>;
    expect(Object.getPrototypeOf(outcome)).toBe(Object.prototype);
    expect(outcome.bad).toBeUndefined();
    expect(({} as { bad?: unknown }).bad).toBeUndefined();
    expect(Object.hasOwn(outcome, '__proto__')).toBe(true);
  });

  it('an outcome table · reads own keys only', async () => {
    const outcome = await outcomeOf(bytes(Buffer.from('{}')), {
      outcome: { at: 'constructor.name', success: ['Object'], missing: 'notFound', otherwise: 'fault' },
    });
    expect(outcome).toEqual({});
  });
});

describe('headers of an answer', () => {
  const large: Behaviour = (response) =>
    void response
      .writeHead(200, { 'content-type': 'application/json', 'x-large': 'a'.repeat(20_000) })
      .end('{}');

  it('above 16 KiB · UPSTREAM_TOO_LARGE; a larger limit · is read', async () => {
    expect(await outcomeOf(large)).toBe('UPSTREAM_TOO_LARGE');
    expect(await outcomeOf(large, { limits: { maxHeaderBytes: 32_768 } })).toEqual({});
  });
});
