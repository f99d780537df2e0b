// The protocols beside JSON and the population's SOAP 1.1 (soap.test.ts), over real sockets: SOAP 1.2, headers and several
// operations of one SOAP source, plain XML, text.
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import type { UpstreamRequest } from '../../src/upstream/upstream.ts';
import { anUpstream, aRequest, aSource, type Behaviour, json, live, text } from './a-source.ts';
import type { SpecParts } from './a-spec.ts';

const NS12 = 'http://www.w3.org/2003/05/soap-envelope';
const SOAP12: SpecParts = {
  protocol: 'soap12',
  soap: { namespace: 'urn:post', operation: 'GetOrder', action: 'urn:post/GetOrder' },
};

function envelope12(body: string, prefix = 'env:'): string {
  const xmlns = prefix === '' ? `xmlns="${NS12}"` : `xmlns:${prefix.slice(0, -1)}="${NS12}"`;
  return `<${prefix}Envelope ${xmlns}><${prefix}Body>${body}</${prefix}Body></${prefix}Envelope>`;
}

async function ask(
  behaviour: Behaviour,
  spec: SpecParts,
  more: Partial<UpstreamRequest> = { body: { Code: 'A1' } },
) {
  const source = await aSource(behaviour);
  const run = anUpstream(spec).attempt(aRequest(source.origin, { method: 'POST', ...more }), live());
  const outcome = await run.then(
    (answer) => answer.body,
    (error: GatewayError) => error,
  );
  return { asked: source.asked[0], outcome };
}

describe('SOAP 1.2', () => {
  const good = text(envelope12('<R><Code>001</Code></R>'), 'application/soap+xml; charset=utf-8');

  it('a request · has its namespace, and its action in the content type', async () => {
    const { asked } = await ask(good, SOAP12);
    expect(asked?.body).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${NS12}"><soap:Body><GetOrder xmlns="urn:post"><Code>A1</Code></GetOrder></soap:Body></soap:Envelope>`,
    );
    expect(asked?.headers['content-type']).toBe(
      'application/soap+xml; charset=utf-8; action="urn:post/GetOrder"',
    );
    expect(asked?.headers).not.toHaveProperty('soapaction');
  });

  it.each(['env:', 'S:', 'soapenv:', ''])('an answer with the prefix "%s" · is read', async (prefix) => {
    const behaviour = text(envelope12('<n:R xmlns:n="urn:x"><n:Code>001</n:Code></n:R>', prefix), 'text/xml');
    expect((await ask(behaviour, SOAP12)).outcome).toEqual({ R: { Code: '001' } });
  });

  const fault = (value: string, subcode = ''): string =>
    envelope12(
      `<env:Fault><env:Code><env:Value>${value}</env:Value>${subcode}</env:Code><env:Reason><env:Text xml:lang="vi">SECRET</env:Text></env:Reason></env:Fault>`,
    );
  const subcode = '<env:Subcode><env:Value>Server.ClientProxy.NetworkError</env:Value></env:Subcode>';

  it.each([
    ['env:Receiver', '', 500, 'UPSTREAM_FAULT', 'PROVIDER'],
    ['env:Receiver', '', 200, 'UPSTREAM_FAULT', 'PROVIDER'],
    ['env:Receiver', subcode, 500, 'UPSTREAM_FAULT', 'BUS'],
    ['env:DataEncodingUnknown', '', 500, 'UPSTREAM_FAULT', 'PROVIDER'],
  ])('a Fault %s %s with status %i · %s, %s', async (value, inner, status, code, whose) => {
    const { outcome } = await ask(text(fault(value, inner), 'application/soap+xml', status), SOAP12);
    expect(outcome).toMatchObject({ code, fault: whose });
    expect(JSON.stringify([(outcome as Error).message])).not.toContain('SECRET');
  });
});

describe('a SOAP source with several operations', () => {
  const spec: SpecParts = {
    protocol: 'soap11',
    soap: {
      namespace: 'urn:x',
      operation: 'Default',
      action: 'urn:default',
      operations: {
        Citizen: { element: 'LookUp', action: 'urn:look' },
        Verification: { element: 'Verify' },
      },
    },
  };
  const ok = text('<E:Envelope xmlns:E="e"><E:Body><R/></E:Body></E:Envelope>', 'text/xml');

  it.each([
    ['Citizen', 'LookUp', '"urn:look"'],
    ['Verification', 'Verify', '"urn:default"'],
    ['Other', 'Default', '"urn:default"'],
  ])('%s · is sent as its own element and action', async (operation, element, action) => {
    const { asked } = await ask(ok, spec, { operation, body: { a: 1 } });
    expect(asked?.body).toContain(`<soap:Body><${element} xmlns="urn:x"><a>1</a></${element}></soap:Body>`);
    expect(asked?.headers.soapaction).toBe(action);
  });

  it('with the timestamped scheme · keeps its action', async () => {
    const credentials = { type: 'timestampedBasic', user: () => 'u', secret: () => 's' } as const;
    const { asked } = await ask(ok, { ...spec, credentials }, { operation: 'Citizen', body: {} });
    expect(asked?.headers.soapaction).toBe('"urn:look"');
    expect(asked?.headers.timestamp).toMatch(/^\d{13}$/);
  });

  it("the manifest's headers · are elements of Header, with the value of the moment", async () => {
    let token = 'one & two';
    const soap = { namespace: 'urn:x', operation: 'O', headers: { Token: () => token, System: () => 'H26' } };
    expect((await ask(ok, { protocol: 'soap11', soap })).asked?.body).toContain(
      '<soap:Header><Token xmlns="urn:x">one &amp; two</Token><System xmlns="urn:x">H26</System></soap:Header><soap:Body>',
    );
    token = 'three';
    expect((await ask(ok, { protocol: 'soap12', soap })).asked?.body).toContain('>three</Token>');
  });
});

describe('plain XML', () => {
  const XML: SpecParts = { protocol: 'xml', xml: { lists: ['Item'] } };
  const good = text(
    '<?xml version="1.0"?><a:Orders xmlns:a="urn:a" n="1"><a:Item>001</a:Item></a:Orders>',
    'application/xml',
  );

  it('a request · is a document whose root can have a namespace', async () => {
    const body = { Order: { '@v': 2, Code: 'A & B', Fees: { Fee: [1, 2] } } };
    const { asked } = await ask(good, XML, { body });
    expect(asked?.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Order v="2"><Code>A &amp; B</Code><Fees><Fee>1</Fee><Fee>2</Fee></Fees></Order>',
    );
    expect(asked?.headers['content-type']).toBe('application/xml; charset=utf-8');
    const named = await ask(good, { protocol: 'xml', xml: { namespace: 'urn:q?a=1&b="2"' } }, { body });
    expect(named.asked?.body).toContain('<Order xmlns="urn:q?a=1&amp;b=&quot;2&quot;" v="2">');
  });

  it('an answer · is the content of its root, text unchanged, lists as declared', async () => {
    expect((await ask(good, XML)).outcome).toEqual({ Orders: { '@n': '1', Item: ['001'] } });
  });

  it.each([
    ['nothing', text('', 'application/xml'), null],
    ['status 204', text('', 'application/xml', 204), null],
  ])('%s · is null', async (_, behaviour, body) => {
    expect((await ask(behaviour, XML)).outcome).toBe(body);
  });

  it.each([
    ['a web page', text('<html><body>SECRET</body></html>', 'text/html')],
    ['JSON', json({})],
    ['half a document', text('<a><b>SECRET', 'text/xml')],
    [
      'an external entity',
      text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'text/xml'),
    ],
    ['an entity bomb', text('<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>', 'text/xml')],
    ['another root', text('<Other/>', 'text/xml')],
  ])('%s · UPSTREAM_INVALID', async (_, behaviour) => {
    const spec = { ...XML, xml: { responseRoots: ['Orders', 'a', 'html'] } };
    const { outcome } = await ask(behaviour, spec);
    expect(outcome).toMatchObject({ code: 'UPSTREAM_INVALID' });
    expect((outcome as Error).message).not.toContain('SECRET');
  });

  it.each([[[1]], ['x'], [{ a: 1, b: 2 }], [null]])('%j as a body · is refused', async (body) => {
    expect((await ask(good, XML, { body })).outcome).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });
});

describe('text', () => {
  const TEXT: SpecParts = { protocol: 'text' };

  it('is sent and read as it is', async () => {
    const { asked, outcome } = await ask(text('001|Đà Nẵng', 'text/csv; charset=utf-8'), TEXT, {
      body: 'mã=1',
    });
    expect(asked?.body).toBe('mã=1');
    expect(asked?.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(outcome).toBe('001|Đà Nẵng');
  });

  it('an outcome table · may read the whole text with `$`', async () => {
    const spec: SpecParts = {
      ...TEXT,
      outcome: { at: '$', success: ['OK'], notFound: ['NONE'] },
    };
    expect((await ask(text('OK', 'text/plain'), spec, {})).outcome).toBe('OK');
    expect((await ask(text('?', 'text/plain'), spec, {})).outcome).toMatchObject({ code: 'UPSTREAM_FAULT' });
  });

  it.each([
    ['a web page', text('<html>', 'text/html'), { code: 'UPSTREAM_INVALID' }],
    ['nothing', text('', 'text/plain'), null],
  ])('%s', async (_, behaviour, expected) => {
    const { outcome } = await ask(behaviour, TEXT, {});
    if (expected === null) expect(outcome).toBeNull();
    else expect(outcome).toMatchObject(expected);
  });

  it('an object as a body · is refused', async () => {
    expect((await ask(text('', 'text/plain'), TEXT)).outcome).toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
    });
  });
});
