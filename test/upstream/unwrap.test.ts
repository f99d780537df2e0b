// XML and JSON inside a text, over real sockets: how facades wrap what an older system said, and what happens when they cannot.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import { compileUnwrap } from '../../src/upstream/codecs/unwrap.ts';
import type { ManifestInput } from '../a-manifest.ts';
import { anUpstream, aRequest, aSource, type Behaviour, json, live, text } from './a-source.ts';
import { anUpstreamSpec, type SpecParts } from './a-spec.ts';

type Unwrap = NonNullable<ManifestInput['unwrap']>[number];

async function attempt(behaviour: Behaviour, spec: SpecParts) {
  const source = await aSource(behaviour);
  return anUpstream(spec).attempt(aRequest(source.origin, { body: spec.soap && {} }), live());
}
const bodyOf = async (behaviour: Behaviour, unwrap: Unwrap[], more: SpecParts = {}) =>
  (await attempt(behaviour, { ...more, unwrap })).body;
const errorOf = (behaviour: Behaviour, spec: SpecParts): Promise<GatewayError> =>
  attempt(behaviour, spec).then(
    () => expect.unreachable(),
    (error) => error,
  );

const CITIZEN =
  '<?xml version="1.0" encoding="utf-16"?><CongdanCollection xmlns="http://x"><CongDan><SoDinhDanh>001092000001</SoDinhDanh><DanToc>01</DanToc><Ten>Nguyễn &amp; Ánh</Ten></CongDan></CongdanCollection>';
const DECODED = { SoDinhDanh: '001092000001', DanToc: '01', Ten: 'Nguyễn & Ánh' };
const SOAP: SpecParts = { protocol: 'soap11', soap: { namespace: 'urn:x' } };
const escaped = (xml: string): string => xml.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const soap = (result: string): Behaviour =>
  text(`<E:Envelope xmlns:E="e"><E:Body><R><Result>${result}</Result></R></E:Body></E:Envelope>`, 'text/xml');

describe('a text that holds', () => {
  it('XML, in JSON · is an object with its root; codes keep their zeros', async () => {
    const body = await bodyOf(json({ error_code: 0, message: CITIZEN }), [{ at: 'message', as: 'xml' }]);
    expect(body).toEqual({ error_code: 0, message: { CongdanCollection: { CongDan: DECODED } } });
  });

  it('XML, with declared lists · has them as lists', async () => {
    const body = await bodyOf(json({ message: CITIZEN }), [{ at: 'message', as: 'xml', lists: ['CongDan'] }]);
    expect(body).toEqual({ message: { CongdanCollection: { CongDan: [DECODED] } } });
  });

  it.each<[string, Behaviour]>([
    ['application/json', json(JSON.stringify({ a: [1, '001'] }))],
    ['text/plain', text('{"a":[1,"001"]}', 'text/plain')],
    ['text/plain with a mark inside', text('\ufeff\ufeff{"a":[1,"001"]}', 'text/plain; charset=utf-8')],
  ])('JSON, as the whole body of %s · is the body', async (_, behaviour) => {
    expect(await bodyOf(behaviour, [{ at: '$', as: 'json' }])).toEqual({ a: [1, '001'] });
    expect(await bodyOf(behaviour, [{ at: '', as: 'json' }])).toEqual({ a: [1, '001'] });
  });

  it('JSON, in an element of SOAP, escaped or as CDATA · is read', async () => {
    const unwrap: Unwrap[] = [{ at: 'R.Result', as: 'json' }];
    const content = JSON.stringify({ name: 'A<B' });
    const read = { R: { Result: { name: 'A<B' } } };
    expect(await bodyOf(soap(escaped(content)), unwrap, SOAP)).toEqual(read);
    expect(await bodyOf(soap(`<![CDATA[${content}]]>`), unwrap, SOAP)).toEqual(read);
  });

  it('XML in JSON in SOAP · is read by two steps in their order', async () => {
    const inner = escaped(JSON.stringify({ data: { xml: CITIZEN } }));
    const unwrap: Unwrap[] = [
      { at: 'R.Result', as: 'json' },
      { at: 'R.Result.data.xml', as: 'xml' },
    ];
    const body = await bodyOf(soap(inner), unwrap, SOAP);
    expect(body).toEqual({ R: { Result: { data: { xml: { CongdanCollection: { CongDan: DECODED } } } } } });
  });

  it('JSON twice · is read by the same step twice', async () => {
    const twice = json(JSON.stringify(JSON.stringify({ a: 1 })));
    const step: Unwrap = { at: '$', as: 'json' };
    expect(await bodyOf(twice, [step, step])).toEqual({ a: 1 });
  });

  it('each item of a list on the way, and of a list of texts · is read', async () => {
    const rows = json({ rows: [{ x: '{"a":1}' }, { x: '{"a":2}' }, {}], texts: ['[1]', '', '[2]'] });
    const unwrap: Unwrap[] = [
      { at: 'rows.x', as: 'json' },
      { at: 'texts', as: 'json' },
    ];
    expect(await bodyOf(rows, unwrap)).toEqual({
      rows: [{ x: { a: 1 } }, { x: { a: 2 } }, {}],
      texts: [[1], '', [2]],
    });
    expect(await bodyOf(json(['{}', '{}']), [{ at: '1', as: 'json' }])).toEqual(['{}', {}]);
    expect(await bodyOf(json(['{}']), [{ at: '4000000000', as: 'json' }])).toEqual(['{}']);
  });
});

describe('unchanged', () => {
  it.each([
    ['nothing at that place', { other: 1 }],
    ['null', { data: null }],
    ['an empty text', { data: '' }],
    ['a text of space', { data: ' \n' }],
    ['what is no text already', { data: { a: 1 } }],
    ['a number', { data: 5 }],
    ['a bare number in a text, which may be a code', { data: '0100109106'.slice(1) }],
    ['a bare truth value in a text', { data: 'true' }],
  ])('%s', async (_, body) => {
    expect(await bodyOf(json(body), [{ at: 'data', as: 'json' }])).toEqual(body);
  });

  it('a SOAP Fault · stays a Fault', async () => {
    const fault = text(
      '<E:Envelope xmlns:E="e"><E:Body><E:Fault><faultcode>E:Server</faultcode><faultstring>{}</faultstring></E:Fault></E:Body></E:Envelope>',
      'text/xml',
      500,
    );
    const error = await errorOf(fault, { ...SOAP, unwrap: [{ at: 'Fault.faultstring', as: 'json' }] });
    expect(error.code).toBe('UPSTREAM_FAULT');
  });
});

describe('a text that cannot be read', () => {
  const step: Unwrap = { at: 'message', as: 'xml' };

  it.each<[string, string, Unwrap]>([
    ['broken XML', '<a>SECRET</b>', step],
    ['no XML', 'SECRET', step],
    ['a document type', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///SECRET">]><a>&x;</a>', step],
    ['an entity', '<a>&SECRET;</a>', step],
    ['XML with `__proto__`', '<a><__proto__>SECRET</__proto__></a>', step],
    ['a web page', '<html><body>SECRET</body></html>', step],
    ['another root', '<SECRET/>', { ...step, responseRoots: ['CongdanCollection'] }],
    ['broken JSON', '{"a": SECRET', { at: 'message', as: 'json' }],
    ['a code with a leading zero', '001', { at: 'message', as: 'json' }],
  ])('%s · UPSTREAM_INVALID, without its text', async (_, message, one) => {
    for (const outcome of [undefined, { at: 'error_code', success: [0] }]) {
      const error = await errorOf(json({ error_code: 0, message }), { unwrap: [one], outcome });
      expect(error).toMatchObject({ code: 'UPSTREAM_INVALID' });
      expect(error.message).toContain('"message"');
      expect(JSON.stringify([error.message, error.reason, error.extensions, error.cause])).not.toContain(
        'SECRET',
      );
    }
  });

  it.each([
    [-1, 'UPSTREAM_FAULT'],
    [303, 'UPSTREAM_THROTTLED'],
    [12, 'UPSTREAM_REFUSED'],
  ])('beside the code %i · is the outcome of the code: %s', async (error_code, code) => {
    const outcome = { at: 'error_code', success: [0], refused: [12], throttled: [303], notFound: [404] };
    const failed = json({ error_code, message: 'Failed to connect to Adapter' });
    expect((await errorOf(failed, { unwrap: [step], outcome })).code).toBe(code);
    const none = await attempt(json({ error_code: 404, message: 'Không tìm thấy' }), {
      unwrap: [step],
      outcome,
    });
    expect(none.notFound).toBe(true);
  });

  it('that should contain the code itself · UPSTREAM_INVALID and not the outcome of a missing code', async () => {
    const outcome = { at: 'message.Answer.code', success: ['00'], missing: 'notFound' } as const;
    const spec = { unwrap: [step], outcome };
    const saying = (message: string) => json({ message });
    expect((await errorOf(saying('Failed to connect to Adapter'), spec)).code).toBe('UPSTREAM_INVALID');
    const good = saying('<Answer><code>00</code></Answer>');
    expect((await attempt(good, spec)).body).toEqual({ message: { Answer: { code: '00' } } });
    const bad = saying('<Answer><code>99</code></Answer>');
    expect((await errorOf(bad, spec)).code).toBe('UPSTREAM_FAULT');
  });

  it('with `optional` · stays a text', async () => {
    const body = { error_code: 0, message: 'Thành công' };
    expect(await bodyOf(json(body), [{ ...step, optional: true }])).toEqual(body);
  });

  it('with status 500 · is the status', async () => {
    const error = await errorOf(json({ message: 'x' }, 500), { unwrap: [step] });
    expect(error.code).toBe('UPSTREAM_FAULT');
  });
});

describe('bounds', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const elements = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);

  it.each<[string, Unwrap['as'], (depth: number) => string]>([
    ['JSON', 'json', nested],
    ['XML', 'xml', elements],
  ])('depth of %s · counts from the outermost', async (_, as, of) => {
    const spec = { unwrap: [{ at: 'a.b', as }], limits: { maxDepth: 10 } };
    const body = (depth: number) => json({ a: { b: of(depth) } });
    await expect(attempt(body(8), spec)).resolves.toBeDefined();
    expect((await errorOf(body(9), spec)).code).toBe('UPSTREAM_INVALID');
  });

  it('100,000 lists in a text · UPSTREAM_INVALID', async () => {
    const error = await errorOf(json({ a: nested(100_000) }), { unwrap: [{ at: 'a', as: 'json' }] });
    expect(error.code).toBe('UPSTREAM_INVALID');
  });

  it('an answer above the limit · UPSTREAM_TOO_LARGE before its text is read', async () => {
    const error = await errorOf(json({ a: `[${'1,'.repeat(5_000)}1]` }), {
      unwrap: [{ at: 'a', as: 'json' }],
      limits: { maxResponseBytes: 5_000 },
    });
    expect(error.code).toBe('UPSTREAM_TOO_LARGE');
  });
});

describe('hostile keys', () => {
  it('__proto__ on the way and within · is data, and no prototype changes', async () => {
    const raw = `{"__proto__":${JSON.stringify('{"__proto__":{"bad":1}}')},"a":"{\\"__proto__\\":{\\"bad\\":2}}"}`;
    const body = (await bodyOf(text(raw, 'application/json'), [
      { at: '__proto__', as: 'json' },
      { at: '__proto__.__proto__.bad', as: 'json' },
      { at: 'a', as: 'json' },
      { at: 'constructor.name', as: 'json' },
    ])) as Record<string, object>;
    expect(({} as { bad?: unknown }).bad).toBeUndefined();
    for (const value of [body, body.a as object]) {
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.hasOwn(value, '__proto__')).toBe(true);
    }
  });
});

it('any value that a source wraps in JSON · is unwrapped', () => {
  const unwrap = compileUnwrap(anUpstreamSpec({ unwrap: [{ at: 'data', as: 'json' }] }).unwrap, 64);
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const sent = JSON.stringify(value);
      const { body, unreadable } = unwrap({ body: { data: sent } });
      expect(unreadable).toBeUndefined();
      const plain = typeof value === 'number' || typeof value === 'boolean';
      expect(body).toEqual({ data: plain ? sent : JSON.parse(sent) });
    }),
  );
});
