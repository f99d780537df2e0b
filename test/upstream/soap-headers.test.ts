// Elements of the SOAP Header over a real socket: nested, namespaced, from references and from headers of the request. What arrives is
// also read by fast-xml-parser, a second implementation.
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../src/diagnostic.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import type { UpstreamRequest } from '../../src/upstream/upstream.ts';
import { type Asked, anUpstream, aRequest, aSource, live, text } from './a-source.ts';
import type { SpecParts } from './a-spec.ts';

const ANSWER =
  '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><a/></e:Body></e:Envelope>';

async function ask(soap: SpecParts['soap'], request: Partial<UpstreamRequest> = {}): Promise<Asked> {
  const source = await aSource(text(ANSWER, 'text/xml'));
  const upstream = anUpstream({ protocol: 'soap11', soap });
  await upstream.attempt(aRequest(source.origin, { method: 'POST', body: { ping: {} }, ...request }), live());
  return source.asked[0] as Asked;
}

const headerOf = ({ body }: Asked): string => /<soap:Header>(.*)<\/soap:Header>/s.exec(body)?.[1] ?? '';
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, parseAttributeValue: false });
const readByAnother = ({ body }: Asked) => parser.parse(body)['soap:Envelope']['soap:Header'];

describe('elements of the Header', () => {
  it('a text · is an element in the namespace of the source', async () => {
    const asked = await ask({ namespace: 'urn:x', headers: { Token: () => 'T<1>' } });
    expect(headerOf(asked)).toBe('<Token xmlns="urn:x">T&lt;1&gt;</Token>');
  });

  it('nested, in other namespaces, with attributes and lists', async () => {
    const asked = await ask({
      namespace: 'urn:x',
      prefixes: { sec: 'urn:sec?a=1&b=2', add: 'urn:add', unused: 'urn:unused' },
      headers: {
        'sec:Auth': {
          '@soap:mustUnderstand': '1',
          '@sec:level': 2,
          'sec:User': () => 'gw',
          'sec:Roles': { 'sec:Role': ['a', 'b'] },
          'add:To': { '@lang': 'vi', '#text': 'Sở "Tư pháp" & <X>' },
        },
        Plain: { Inner: true, 'add:Also': 7 },
      },
    });
    expect(headerOf(asked)).toBe(
      '<sec:Auth xmlns:sec="urn:sec?a=1&amp;b=2" xmlns:add="urn:add" soap:mustUnderstand="1" sec:level="2">' +
        '<sec:User>gw</sec:User><sec:Roles><sec:Role>a</sec:Role><sec:Role>b</sec:Role></sec:Roles>' +
        '<add:To lang="vi">Sở "Tư pháp" &amp; &lt;X&gt;</add:To></sec:Auth>' +
        '<Plain xmlns="urn:x" xmlns:add="urn:add"><Inner>true</Inner><add:Also>7</add:Also></Plain>',
    );
    const header = readByAnother(asked);
    expect(header['sec:Auth']).toMatchObject({
      '@_soap:mustUnderstand': '1',
      'sec:User': 'gw',
      'sec:Roles': { 'sec:Role': ['a', 'b'] },
    });
    expect(header.Plain.Inner).toBe('true');
  });

  it('a list at the top · repeats the element, each with its namespace', async () => {
    const asked = await ask({ namespace: 'urn:x', headers: { Tag: ['a', { '#text': 'b' }] } });
    expect(headerOf(asked)).toBe('<Tag xmlns="urn:x">a</Tag><Tag xmlns="urn:x">b</Tag>');
  });

  it('a reference is read at each call', async () => {
    const source = await aSource(text(ANSWER, 'text/xml'));
    let token = 0;
    const upstream = anUpstream({
      protocol: 'soap11',
      soap: { namespace: 'urn:x', headers: { Auth: { Token: () => `t${++token}` } } },
    });
    for (let i = 0; i < 2; i++) {
      await upstream.attempt(aRequest(source.origin, { method: 'POST', body: { ping: {} } }), live());
    }
    expect(source.asked.map(({ body }) => /<Token>(.*)<\/Token>/.exec(body)?.[1])).toEqual(['t1', 't2']);
  });

  it('a header that the schema builds · becomes an element and is not sent as a header', async () => {
    const name = 'Nguyễn Văn Ấn <x>';
    const asked = await ask(
      {
        namespace: 'urn:x',
        headers: {
          Caller: {
            Name: '${header:X-Soap-Name}',
            Ref: 'case ${header:x-soap-case}',
            '@none': '${header:x-none}',
          },
          Absent: '${header:x-none}',
        },
      },
      {
        headers: {
          'x-soap-name': Buffer.from(name, 'utf8').toString('latin1'),
          'x-soap-case': 'H26-1',
          'x-kept': '1',
        },
      },
    );
    expect(headerOf(asked)).toBe(
      '<Caller xmlns="urn:x"><Name>Nguyễn Văn Ấn &lt;x&gt;</Name><Ref>case H26-1</Ref></Caller>',
    );
    expect(asked.headers['x-kept']).toBe('1');
    expect(asked.headers).not.toHaveProperty('x-soap-name');
    expect(asked.headers).not.toHaveProperty('x-soap-case');
  });
});

describe('a wrong tree', () => {
  const refusals = (soap: string): string[] => {
    try {
      readManifest(
        `id: thing
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "https://lgsp.city.example" }
protocol: soap11
soap:
  namespace: urn:x
  ${soap.startsWith('prefixes') ? '' : 'prefixes: { sec: urn:sec }'}
${soap.replace(/^/gm, '  ')}`,
        'connector.yaml',
      );
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      return error.diagnostics.map(({ line, coordinate, expected }) => `${line} ${coordinate}: ${expected}`);
    }
    return [];
  };

  it.each([
    [
      'an unknown prefix',
      'headers: { "sek:Token": x }',
      '9 soap.headers.sek:Token: a prefix of soap.prefixes: one of soap, sec',
    ],
    [
      'an unknown prefix inside',
      'headers:\n  Auth:\n    "sek:Token": x',
      '11 soap.headers.Auth.sek:Token: a prefix',
    ],
    [
      'a name with a space',
      'headers: { Auth: { "a b": x } }',
      'soap.headers.Auth.a b: the name of an element',
    ],
    ['an attribute at the top', 'headers: { "@a": x }', 'soap.headers.@a: the name of an element'],
    ['an attribute with elements', 'headers: { Auth: { "@a": { b: c } } }', 'soap.headers.Auth.@a: a text'],
    ['null', 'headers: { Auth: { Token: null } }', 'soap.headers.Auth.Token: a text, a number'],
    ['two colons', 'headers: { "a:b:c": x }', 'soap.headers.a:b:c: the name of an element'],
  ])('%s · is refused at its place', (_, soap, expected) => {
    const found = refusals(soap);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('a prefix of the envelope · cannot be declared', () => {
    expect(refusals('prefixes: { soap: urn:y }').join()).toContain(
      'soap.prefixes.soap: a prefix other than soap',
    );
  });

  it('a value that cannot stand there · is not shown', () => {
    const message = (() => {
      try {
        readManifest('soap: { namespace: n, headers: { Token: ~, "a b": hunter2 } }', 'connector.yaml');
      } catch (error) {
        return String(error);
      }
      return '';
    })();
    expect(message).toContain('soap.headers');
    expect(message).not.toContain('hunter2');
  });
});
