// The json and form codecs over a real socket: content types as the connect spec reads them, bodies as it writes them.
import { describe, expect, it } from 'vitest';
import { encodeForm } from '../../src/upstream/codecs/form.ts';
import { anUpstream, aRequest, aSource, type Behaviour, json, live, text } from './a-source.ts';

async function bodyOf(behaviour: Behaviour): Promise<unknown> {
  const source = await aSource(behaviour);
  return (await anUpstream().attempt(aRequest(source.origin), live())).body;
}

describe('an answer', () => {
  it.each<[string, Behaviour, unknown]>([
    ['application/json', text('{"a":1}', 'application/json; charset=UTF-8'), { a: 1 }],
    ['Application/JSON', text('[1]', 'Application/JSON'), [1]],
    ['application/problem+json', text('{"a":1}', 'application/problem+json'), { a: 1 }],
    ['no content type', (r) => void r.writeHead(200).end('{"a":1}'), { a: 1 }],
    ['a byte order mark', text('\ufeff{"a":1}', 'application/json'), { a: 1 }],
    ['a bare value', text('"x"', 'application/json'), 'x'],
    ['text/plain', text('{"a":1}', 'text/plain'), '{"a":1}'],
    ['empty body', text('', 'application/json'), null],
    ['only space', text(' \n', 'application/json'), null],
    ['204', (r) => void r.writeHead(204).end(), null],
  ])('%s', async (_, behaviour, body) => {
    expect(await bodyOf(behaviour)).toEqual(body);
  });

  it.each([
    'application/pdf',
    'text/csv',
    'application/xml',
    'text/html',
    'application/javascript',
    'made/up!',
  ])('of another media type, %s · is invalid, and no null', async (type) => {
    await expect(bodyOf(text('{"a":1}', type))).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it('of a media type that the manifest names · is read as JSON', async () => {
    const source = await aSource(text('{"a":1}', 'Application/JavaScript; charset=utf-8'));
    const upstream = anUpstream({ json: { mediaTypes: ['application/javascript', 'text/plain'] } });
    expect((await upstream.attempt(aRequest(source.origin), live())).body).toEqual({ a: 1 });
  });

  it('with numbers that a double cannot hold · keeps every digit', async () => {
    const sent = '{"id":9007199254740993,"fee":12345678901234567.89,"big":1e400,"n":[1,-0.5,2e3]}';
    const body = (await bodyOf(text(sent, 'application/json'))) as Record<string, unknown>;
    expect(String(body.id)).toBe('9007199254740993');
    expect(JSON.stringify(body)).toBe(
      '{"id":9007199254740993,"fee":12345678901234567.89,"big":1e400,"n":[1,-0.5,2000]}',
    );
  });

  it('with __proto__ as a key · changes no prototype', async () => {
    const body = (await bodyOf(text('{"__proto__":{"x":1},"a":2}', 'application/json'))) as { x?: number };
    expect(body.x).toBeUndefined();
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
  });
});

describe('a request', () => {
  it('has a JSON body and its content type', async () => {
    const source = await aSource(json({}));
    await anUpstream().attempt(aRequest(source.origin, { method: 'POST', body: { tên: 'Ẩn' } }), live());
    expect(source.asked[0]).toMatchObject({ method: 'POST', body: '{"tên":"Ẩn"}' });
    expect(source.asked[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
    });
  });

  it('keeps its own content type and accept', async () => {
    const source = await aSource(json({}));
    const headers = { 'content-type': 'application/vnd.x+json', accept: 'application/vnd.x+json' };
    await anUpstream().attempt(aRequest(source.origin, { method: 'PUT', body: 1, headers }), live());
    expect(source.asked[0]?.headers).toMatchObject(headers);
    expect(source.asked[0]?.body).toBe('1');
  });

  it('is a form if the content type or the protocol requires it', async () => {
    const source = await aSource(json({}));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await anUpstream().attempt(
      aRequest(source.origin, { method: 'POST', body: { a: '1 2' }, headers }),
      live(),
    );
    await anUpstream({ protocol: 'form' }).attempt(
      aRequest(source.origin, { method: 'POST', body: { a: 'ệ' } }),
      live(),
    );
    expect(source.asked.map((a) => a.body)).toEqual(['a=1+2', 'a=%E1%BB%87']);
    expect(source.asked[1]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('nested values of a form', () => {
    const form = encodeForm({ a: { b: 1, c: { d: [true, 'x'] } }, n: null, u: undefined, e: '' });
    expect(decodeURIComponent(form)).toBe('a[b]=1&a[c][d][0]=true&a[c][d][1]=x&e=');
    expect(() => encodeForm([1])).toThrow(/found a list/);
    expect(() => encodeForm('x')).toThrow(/found string/);
  });
});
