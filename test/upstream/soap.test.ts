// SOAP 1.1 over a real socket, in the form of the population database (see connectors/population/README.md).
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';

import { anUpstream, aRequest, aSource, type Behaviour, live, text } from './a-source.ts';
import type { SpecParts } from './a-spec.ts';

const SOAP: SpecParts = {
  protocol: 'soap11',
  soap: {
    namespace: 'http://dancuquocgia.bca',
    contentType: 'application/xml',
    operation: 'TraCuuThongTinCongDan',
    lists: ['DinhDanh'],
    responseRoots: ['CongdanCollection'],
  },
};

const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header/><S:Body>${body}</S:Body></S:Envelope>`;
const answers = (body: string, status = 200): Behaviour =>
  text(envelope(body), 'text/xml; charset=utf-8', status);
const FAULT =
  '<S:Fault><faultcode>S:Server</faultcode><faultstring>SECRET at 10.0.0.1</faultstring><detail>SECRET</detail></S:Fault>';

async function ask(
  behaviour: Behaviour,
  spec: SpecParts = SOAP,
  body: unknown = { SoDinhDanh: '001092000001' },
) {
  const source = await aSource(behaviour);
  const run = anUpstream(spec).attempt(
    aRequest(source.origin, { method: 'POST', path: '/dancu', body }),
    live(),
  );
  return { source, answer: await run.catch((error: GatewayError) => error) };
}

describe('a request', () => {
  it('is one operation element in its namespace, its children in the order of the value', async () => {
    const { source } = await ask(answers('<CongdanCollection/>'), SOAP, {
      MaYeuCau: 'u-1',
      MaDVC: '1.001193',
      MaTichHop: '037',
      SoCMND: undefined,
      HoVaTen: 'NGUYỄN VĂN <A>',
      NgayThangNamSinh: { NgayThangNam: '19920101' },
    });
    expect(source.asked[0]?.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
        '<TraCuuThongTinCongDan xmlns="http://dancuquocgia.bca"><MaYeuCau>u-1</MaYeuCau><MaDVC>1.001193</MaDVC>' +
        '<MaTichHop>037</MaTichHop><HoVaTen>NGUYỄN VĂN &lt;A&gt;</HoVaTen>' +
        '<NgayThangNamSinh><NgayThangNam>19920101</NgayThangNam></NgayThangNamSinh></TraCuuThongTinCongDan>' +
        '</soap:Body></soap:Envelope>',
    );
    expect(source.asked[0]?.headers).toMatchObject({
      'content-type': 'application/xml; charset=utf-8',
      soapaction: '""',
    });
  });

  it('without a named operation takes the keys of the body as elements', async () => {
    const { source } = await ask(
      answers('<pong/>'),
      { protocol: 'soap11', soap: { namespace: 'urn:a&b', action: 'do' } },
      { ping: { a: 1 } },
    );
    expect(source.asked[0]?.body).toContain(
      '<soap:Body><ping xmlns="urn:a&amp;b"><a>1</a></ping></soap:Body>',
    );
    expect(source.asked[0]?.headers).toMatchObject({
      soapaction: '"do"',
      'content-type': 'text/xml; charset=utf-8',
    });
  });
});

describe('an answer', () => {
  it('is the content of Body: without prefixes, 001 unchanged, declared lists always lists', async () => {
    const { answer } = await ask(
      answers(
        '<d:CongdanCollection xmlns:d="http://www.mic.gov.vn/dancu/1.0"><d:CongDan><d:SoDinhDanh>001092000001</d:SoDinhDanh>' +
          '<d:DanToc>01</d:DanToc><d:SoCMND/><d:HoVaTen><d:Ten>Nguyễn Văn An</d:Ten></d:HoVaTen><d:DinhDanh>1</d:DinhDanh>' +
          '</d:CongDan></d:CongdanCollection>',
      ),
    );
    expect(answer).toMatchObject({
      status: 200,
      body: {
        CongdanCollection: {
          CongDan: {
            SoDinhDanh: '001092000001',
            DanToc: '01',
            SoCMND: '',
            HoVaTen: { Ten: 'Nguyễn Văn An' },
            DinhDanh: ['1'],
          },
        },
      },
    });
  });

  it('without a person is an empty document, not an error', async () => {
    const { answer } = await ask(answers('<CongdanCollection/>'));
    expect(answer).toMatchObject({ body: { CongdanCollection: {} } });
  });

  it('with a business element called Fault · is read as data, since it is in another namespace', async () => {
    const { answer } = await ask(
      answers('<CongdanCollection xmlns="urn:app"><Ten>x</Ten></CongdanCollection><Fault xmlns="urn:app"/>'),
      { ...SOAP, soap: { namespace: 'http://dancuquocgia.bca' } },
    );
    expect(answer).toMatchObject({ body: { CongdanCollection: { Ten: 'x' }, Fault: {} } });
  });

  it('with a byte order mark is read', async () => {
    const { answer } = await ask(text(`\ufeff${envelope('<CongdanCollection/>')}`, 'text/xml'));
    expect(answer).toMatchObject({ body: { CongdanCollection: {} } });
  });

  it.each([
    ['Fault with 500', answers(FAULT, 500), 'UPSTREAM_FAULT'],
    ['Fault with 200', answers(FAULT), 'UPSTREAM_FAULT'],
    ['Fault beside other things', answers(`<CongdanCollection/>${FAULT}`), 'UPSTREAM_FAULT'],
    ['503 without XML', text('SECRET', 'text/plain', 503), 'UPSTREAM_FAULT'],
    ['maintenance page with 200', text('<html><body>SECRET</body></html>', 'text/html'), 'UPSTREAM_INVALID'],
    ['page declared as XML', text('<html><br></html>', 'text/xml'), 'UPSTREAM_INVALID'],
    ['other document', text('<a/>', 'text/xml'), 'UPSTREAM_INVALID'],
    ['nothing', text('', 'text/xml'), 'UPSTREAM_INVALID'],
    ['empty Body', answers(''), 'UPSTREAM_INVALID'],
    ['another response element', answers('<OtherResponse/>'), 'UPSTREAM_INVALID'],
    ['truncated', text(envelope('<CongdanCollection>').slice(0, -20), 'text/xml'), 'UPSTREAM_INVALID'],
    [
      'external entity',
      text(
        `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${envelope('<CongdanCollection>&x;</CongdanCollection>')}`,
        'text/xml',
      ),
      'UPSTREAM_INVALID',
    ],
    ['unknown entity', answers('<CongdanCollection>&SECRET;</CongdanCollection>'), 'UPSTREAM_INVALID'],
    [
      '__proto__',
      answers('<CongdanCollection><__proto__><a>1</a></__proto__></CongdanCollection>'),
      'UPSTREAM_INVALID',
    ],
  ])('%s · %s', async (_, behaviour, code) => {
    const { answer } = await ask(behaviour);
    expect(answer).toMatchObject({ code });
    expect(JSON.stringify([(answer as GatewayError).message, answer])).not.toContain('SECRET');
    expect(JSON.stringify([(answer as GatewayError).message, answer])).not.toContain('10.0.0.1');
  });

  it.each([
    ['SOAP-ENV:Server.ClientProxy.NetworkError', 'UPSTREAM_FAULT', 'BUS'],
    ['Server.ServerProxy.ServiceFailed', 'UPSTREAM_FAULT', 'BUS'],
    ['server.serverproxy.servicefailed', 'UPSTREAM_FAULT', 'BUS'],
    ['SERVER.CLIENTPROXY.NETWORKERROR', 'UPSTREAM_FAULT', 'BUS'],
    ['client.internalerror', 'UPSTREAM_REFUSED', 'BUS'],
    ['S:Server', 'UPSTREAM_FAULT', 'PROVIDER'],
    ['S:Client', 'UPSTREAM_REFUSED', 'CALLER'],
    ['<b>x</b>', 'UPSTREAM_FAULT', 'PROVIDER'],
  ])('fault code %s · %s, the fault of %s', async (code, verdict, fault) => {
    const { answer } = await ask(answers(`<S:Fault><faultcode>${code}</faultcode></S:Fault>`, 500));
    expect(answer).toMatchObject({ code: verdict, fault });
  });
});

it('soap11 without a soap section · is refused when the source is made', () => {
  expect(() => anUpstream({ protocol: 'soap11' })).toThrow(/`soap` section/);
});
