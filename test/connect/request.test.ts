import { describe, expect, it } from 'vitest';
import { headerLists } from '../../src/connect/request/headers.ts';
import { TemplateValueError } from '../../src/connect/request/template.ts';
import { DiagnosticsError } from '../../src/diagnostic.ts';
import { anAnswer, anOperation } from './a-connector.ts';

const pathOf = (connect: string, args: Record<string, unknown> = {}, options = {}) =>
  anOperation(`${connect}, selection: "id"`, options).buildRequest({ args }).path;

describe('the URL of a request', () => {
  it.each([
    ['a slash on both sides', 'source: "api", http: { GET: "/things" }', '/v1/things'],
    ['no slash in the connect URL', 'source: "api", http: { GET: "things" }', '/v1/things'],
    ['a trailing slash of the connect URL', 'source: "api", http: { GET: "/things/" }', '/v1/things/'],
    ['an absolute URL', 'http: { GET: "https://other.example:8443/a/b?c=d" }', '/a/b?c=d'],
    ['a fragment', 'source: "api", http: { GET: "/things?a=1#part" }', '/v1/things?a=1'],
    ['a constant with spaces', 'source: "api", http: { GET: "/my things" }', '/v1/my%20things'],
    ['a constant that is encoded already', 'source: "api", http: { GET: "/a%20b" }', '/v1/a%20b'],
  ])('%s · built · one clean path', (_name, connect, expected) => {
    expect(pathOf(connect)).toBe(expected);
  });

  it('an absolute URL · built · its own origin', () => {
    const operation = anOperation('http: { GET: "https://other.example:8443/a" }, selection: "id"');
    expect(operation.buildRequest({}).origin).toBe('https://other.example:8443');
  });

  it('values of arguments · in path and query · percent-encoded once', () => {
    const connect = 'source: "api", http: { GET: "/things/{$args.id}?q={$args.name}" }';
    expect(pathOf(connect, { id: 'a/b?c', name: 'Nguyễn & Sons 100%' })).toBe(
      '/v1/things/a%2Fb%3Fc?q=Nguy%E1%BB%85n%20%26%20Sons%20100%25',
    );
  });

  it('null or missing · in a template · the empty text', () => {
    const connect = 'source: "api", http: { GET: "/things?a={$args.id}&b={$args.name}" }';
    expect(pathOf(connect, { id: null })).toBe('/v1/things?a=&b=');
  });

  it('an object or a list · in a template · an error that names the expression and no value', () => {
    const connect = 'source: "api", http: { GET: "/things/{$args.list->slice(0)}" }';
    expect(() => pathOf(connect, { list: ['secret'] })).toThrow(TemplateValueError);
    expect(() => pathOf(connect, { list: ['secret'] })).toThrow(
      '{$args.list->slice(0)} must be a string, number or boolean, not a list',
    );
  });

  it('a template over several lines · built · line breaks and indentation are layout', () => {
    const connect =
      'source: "api", http: { GET: """\n    /things\n      ?a={$args.id}\n      &b=2\n    """ }';
    expect(pathOf(connect, { id: 1 })).toBe('/v1/things?a=1&b=2');
  });

  it('braces and quotes inside an expression · built · read as part of it', () => {
    const connect = `source: "api", http: { GET: "/things/{$({ a: '}' }).a}" }`;
    expect(pathOf(connect)).toBe('/v1/things/%7D');
  });

  it('path and queryParams of source and connect · merged · in the order of the spec', () => {
    const source = `@source(name: "api", http: {
      baseURL: "http://127.0.0.1:9/v1?s=1"
      path: "$(['tenant', null, 'a b'])"
      queryParams: "t: $('x')"
    })`;
    const connect = `source: "api", http: {
      GET: "/things?c=1&c=2"
      path: "$([$args.id])"
      queryParams: "list: $args.list gone: $(null)"
    }`;
    expect(pathOf(connect, { id: 7, list: ['p', 'q'] }, { source })).toBe(
      '/v1/tenant/a%20b/things/7?s=1&t=x&c=1&c=2&list=p&list=q',
    );
  });

  it('a base URL from $config · compiled · fixed at registration', () => {
    const source = '@source(name: "api", http: { baseURL: "{$config.baseUrl}/api" })';
    const options = { source, config: { baseUrl: 'http://10.0.0.1:8080/' } };
    const request = anOperation('source: "api", http: { GET: "/a" }, selection: "id"', options).buildRequest(
      {},
    );
    expect([request.origin, request.path]).toEqual(['http://10.0.0.1:8080', '/api/a']);
  });

  it.each([
    ['ftp', 'ftp://host/', 'InvalidUrlScheme'],
    ['nothing', '', 'InvalidUrl'],
  ])('a base URL of %s · compiled · refused', (_name, baseUrl, code) => {
    const source = '@source(name: "api", http: { baseURL: "{$config.baseUrl}" })';
    const compile = () =>
      anOperation('source: "api", http: { GET: "/a" }, selection: "id"', { source, config: { baseUrl } });
    expect(compile).toThrow(DiagnosticsError);
    expect(compile).toThrow(code);
  });
});

describe('headers of a request', () => {
  const source = `@source(name: "api", http: { baseURL: "http://127.0.0.1:9/" headers: [
    { name: "X-Static", value: "one" }, { name: "X-Both", value: "source" }, { name: "X-From", from: "X-Client" }
  ] })`;
  const connect = `source: "api", http: { GET: "/a", headers: [
    { name: "x-both", value: "connect" }, { name: "X-Id", value: "id-{$args.id}" }
  ] }, selection: "id"`;

  it('source and connect · merged · the connect wins, names in lower case', () => {
    const vars = { args: { id: 5 }, request: { headers: { 'x-client': 'web' } } };
    expect(anOperation(connect, { source }).buildRequest(vars).headers).toEqual({
      'x-static': 'one',
      'x-both': 'connect',
      'x-id': 'id-5',
      'x-from': 'web',
    });
  });

  it.each([
    ['a line break', 'a\r\nX-Evil: 1'],
    ['a line feed', 'a\n'],
    ['a NUL', 'a\u0000b'],
    ['a delete', 'a\u007f'],
    ['white space at its end, which HTTP removes', 'a '],
    ['half a surrogate pair', 'a\ud800'],
  ])('a value with %s · refused: it would arrive as another', (_name, id) => {
    expect(() => anOperation(connect, { source }).buildRequest({ args: { id } })).toThrow(TemplateValueError);
  });

  it.each(['a; admin=1', 'a,b', 'a b', '"a"', 'a\\b', 'ư'])(
    '%j in a cookie · refused: it would end the cookie',
    (id) => {
      const cookie =
        'source: "api", http: { GET: "/a", headers: [{ name: "Cookie", value: "session={$args.id}; lang=vi" }] }, selection: "id"';
      expect(() => anOperation(cookie).buildRequest({ args: { id } })).toThrow(TemplateValueError);
      expect(anOperation(cookie).buildRequest({ args: { id: 'a=b' } }).headers.cookie).toBe(
        'session=a=b; lang=vi',
      );
    },
  );

  it('text outside ASCII · sent as the bytes of its UTF-8 form', () => {
    const { headers } = anOperation(connect, { source }).buildRequest({ args: { id: 'Hà Nội 😀' } });
    expect(Buffer.from(headers['x-id'] ?? '', 'latin1').toString('utf8')).toBe('id-Hà Nội 😀');
  });

  it('a header copied from the client · the same bytes, from the raw header and from the list of a mapping', () => {
    const bytes = Buffer.from('Hà Nội', 'utf8').toString('latin1');
    for (const received of [bytes, 'caf\xe9']) {
      const vars = { args: { id: 5 }, request: { headers: { 'x-client': received } } };
      expect(anOperation(connect, { source }).buildRequest(vars).headers['x-from']).toBe(received);
    }
    const lists = headerLists({ 'x-client': bytes });
    expect(lists['x-client']).toEqual(['Hà Nội']);
    const vars = { args: { id: 5 }, request: { headers: lists } };
    expect(anOperation(connect, { source }).buildRequest(vars).headers['x-from']).toBe(bytes);
  });

  it('a reserved header · compiled · refused', () => {
    const reserved =
      'source: "api", http: { GET: "/a", headers: [{ name: "Host", value: "x" }] }, selection: "id"';
    expect(() => anOperation(reserved)).toThrow('InvalidHeader');
  });
});

describe('body and answer', () => {
  it('a body mapping · built · the mapped value, order kept', () => {
    const connect = `source: "api", http: { POST: "/a", body: """
      z: $args.id
      a: $args.input { a b }
      fixed: $("x")
    """ }, selection: "id"`;
    const { body, method } = anOperation(connect).buildRequest({
      args: { id: 1, input: { a: 'v', b: [1] } },
    });
    expect(method).toBe('POST');
    expect(JSON.stringify(body)).toBe('{"z":1,"a":{"a":"v","b":[1]},"fixed":"x"}');
  });

  it('an answer · mapped · the value and its problems', () => {
    const operation = anOperation('source: "api", http: { GET: "/a" }, selection: "id name: title"');
    const { value, problems } = operation.mapAnswer(anAnswer({ id: 1 }), {});
    expect(value).toEqual({ id: 1 });
    expect(problems.count).toBe(1);
  });

  it('an answer that means not found · mapped · null without a problem', () => {
    const operation = anOperation('source: "api", http: { GET: "/a" }, selection: "id"');
    expect(operation.mapAnswer(anAnswer({ error: 'x' }, { notFound: true }), {})).toEqual({
      value: null,
      problems: { count: 0, described: [] },
    });
  });

  it('isSuccess and errors · of source and connect · the connect overrides and extends', () => {
    const source = `@source(name: "api", http: { baseURL: "http://127.0.0.1:9/" },
      isSuccess: "$status->eq(200)", errors: { message: "$.text", extensions: "a: $('s') b: $('s')" })`;
    const connect = `source: "api", http: { GET: "/a" }, selection: "id",
      isSuccess: "$.ok->eq(true)", errors: { extensions: "b: $.code" }`;
    const request = anOperation(connect, { source }).buildRequest({});
    expect(request.isSuccess?.(anAnswer({ ok: true }, { status: 500 }))).toBe(true);
    expect(request.isSuccess?.(anAnswer({ ok: false }))).toBe(false);
    expect(request.describeError?.(anAnswer({ text: 'no', code: 7 }))).toEqual({
      message: 'no',
      extensions: { a: 's', b: 7 },
    });
  });

  it('$status and $response · in a selection · read from the answer', () => {
    const operation = anOperation(
      `source: "api", http: { GET: "/a" }, selection: "id: $status name: $response.headers.'x-name'->first"`,
    );
    const answer = anAnswer({}, { status: 201, headers: { 'x-name': 'n' } });
    expect(operation.mapAnswer(answer, {}).value).toEqual({ id: 201, name: 'n' });
  });
});
