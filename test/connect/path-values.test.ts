// Values in the path of a request: every value stays in its segment of the template, or nothing is sent.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TemplateValueError } from '../../src/connect/request/template.ts';
import { namingArgument, valueError } from '../../src/connect/request/value-error.ts';
import { GatewayError } from '../../src/errors.ts';
import { anOperation } from './a-connector.ts';

const errorOf = (connect: string, args: Record<string, unknown>): GatewayError => {
  const operation = anOperation(`source: "api", http: { ${connect} }, selection: "id"`);
  try {
    operation.buildRequest({ args });
  } catch (error) {
    return valueError(error as TemplateValueError, operation);
  }
  throw new Error('expected the value to be refused');
};

const MOVES = [
  '',
  '.',
  '..',
  '/',
  '//',
  '../x',
  'x/..',
  'x/../y',
  './x',
  '/x',
  'x/',
  '..\\x',
  '\\',
  '%2e%2e',
  '%2E',
  '.%2e',
  '%252e%252e',
  '..%2fx',
  '%2e%2e%5cx',
  '..;a=b',
  '.;',
  ';a=b',
  '\u0000',
  'x\u0000.json',
  'a\r\nb',
  '\ud800',
  'a\udc00',
];

const PLACES: readonly [place: string, connect: string][] = [
  ['at the end', 'GET: "/things/{$args.id}"'],
  ['in the middle', 'GET: "/things/{$args.id}/parts"'],
  ['at the start', 'GET: "{$args.id}"'],
  ['before a query', 'GET: "/things/{$args.id}?a=1"'],
  ['in `path`', 'GET: "/things", path: "$([$args.id])"'],
  ['between segments of `path`', `GET: "/things", path: "$(['a', $args.id, 'b'])"`],
];

describe.each(PLACES)('a value %s', (_place, connect) => {
  it.each(MOVES)('%j · BAD_USER_INPUT that names the argument and not the value', (id) => {
    const error = errorOf(connect, { id });
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', connector: 'test', operation: 'Query.it' });
    expect(error.reason?.en).toMatch(/^Argument "id": expected /);
    expect(error.reason?.vi).toMatch(/^Đối số "id": cần /);
  });
});

describe('a segment of several expressions', () => {
  it.each([
    ['.', ''],
    ['', '.'],
    ['.', '.'],
    ['', ''],
  ])('%j and %j · refused', (id, name) => {
    if (id === '.' && name === '.')
      expect(() => errorOf('GET: "/a/{$args.id}-{$args.name}"', { id, name })).toThrow();
    expect(errorOf('GET: "/a/{$args.id}{$args.name}/b"', { id, name }).code).toBe('BAD_USER_INPUT');
  });

  it('an expression beside dots of the template · refused where the whole is a dot segment', () => {
    expect(errorOf('GET: "/a/.{$args.id}/b"', { id: '.' }).code).toBe('BAD_USER_INPUT');
    expect(errorOf('GET: "/a/%2e{$args.id}/b"', { id: '.' }).code).toBe('BAD_USER_INPUT');
    const operation = anOperation('source: "api", http: { GET: "/a/.{$args.id}" }, selection: "id"');
    expect(operation.buildRequest({ args: { id: 'well-known' } }).path).toBe('/v1/a/.well-known');
  });
});

it.each([
  ['12/QĐ-UBND', '/v1/things/12%2FQ%C4%90-UBND'],
  ['a.b', '/v1/things/a.b'],
  ['...', '/v1/things/...'],
  ['.a', '/v1/things/.a'],
  ['a..b', '/v1/things/a..b'],
  ['100%', '/v1/things/100%25'],
  [' ', '/v1/things/%20'],
  [0, '/v1/things/0'],
  [false, '/v1/things/false'],
])('%j · sent, encoded', (id, path) => {
  const operation = anOperation('source: "api", http: { GET: "/things/{$args.id}" }, selection: "id"');
  expect(operation.buildRequest({ args: { id } }).path).toBe(path);
});

/** What a careless server makes of a path: decodes it, reads backslashes and encoded slashes as slashes, resolves dots. */
function resolved(path: string): string[] {
  const segments: string[] = [];
  const decoded = decodeURIComponent(path).replaceAll('\\', '/');
  for (const part of decoded.split('/').slice(1)) {
    const name = part.replace(/;.*$/, '');
    if (name === '..') segments.pop();
    else if (name !== '.' && name !== '') segments.push(part);
  }
  return segments;
}

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '.',
      '/',
      '\\',
      '%',
      '2',
      'e',
      'E',
      'f',
      '5',
      'c',
      ';',
      'a',
      '\u0000',
      '\ud800',
      'ư',
    ),
  }),
  fc.constantFrom(...MOVES),
);

describe('any text', () => {
  const operation = anOperation(
    'source: "api", http: { GET: "/things/{$args.id}/of/{$args.name}.json?q={$args.id}" }, selection: "id"',
  );
  const build = (id: string, name: string): string | undefined => {
    try {
      return operation.buildRequest({ args: { id, name } }).path;
    } catch (error) {
      if (error instanceof TemplateValueError) return undefined;
      throw error;
    }
  };

  it('in a path · refused, or in its own segment for a URL parser', () => {
    fc.assert(
      fc.property(texts, texts, (id, name) => {
        const path = build(id, name);
        if (path === undefined) return;
        const { pathname, hash, searchParams } = new URL(path, 'http://h.example');
        const segments = pathname.split('/').map(decodeURIComponent);
        expect(segments).toEqual(['', 'v1', 'things', id, 'of', `${name}.json`]);
        expect([hash, searchParams.get('q')]).toEqual(['', id]);
      }),
    );
  });

  it('in a path · refused, or below the constants of the template for a careless server', () => {
    fc.assert(
      fc.property(texts, texts, (id, name) => {
        const path = build(id, name);
        if (path === undefined) return;
        const segments = resolved(path.slice(0, path.indexOf('?')));
        const parts = (text: string) => text.split(/[/\\]/);
        expect(segments).toEqual(['v1', 'things', ...parts(id), 'of', ...parts(`${name}.json`)]);
      }),
    );
  });
});

describe('a text that a codec refuses', () => {
  const refused = new GatewayError('BAD_USER_INPUT', {
    reason: { vi: 'Không gửi được.', en: 'Cannot be sent.' },
  });
  const reasonOf = (error: unknown, args: unknown) => (namingArgument(error, args) as GatewayError).reason;

  it('is among the arguments · the error names its path', () => {
    expect(reasonOf(refused, { id: 'a', input: { list: ['b', { c: 'x\u0001' }] } })).toEqual({
      vi: 'Đối số "input.list[1].c": Không gửi được.',
      en: 'Argument "input.list[1].c": Cannot be sent.',
    });
    expect(reasonOf(refused, { a: 'x\ud800' })?.en).toBe('Argument "a": Cannot be sent.');
  });

  it('is not among them, or the failure is another · the error itself', () => {
    expect(namingArgument(refused, { id: 'a' })).toBe(refused);
    expect(namingArgument(refused, undefined)).toBe(refused);
    const other = new GatewayError('UPSTREAM_TIMEOUT');
    expect(namingArgument(other, { id: '\u0001' })).toBe(other);
  });
});
