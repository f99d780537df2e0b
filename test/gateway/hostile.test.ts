// Systems that answer, but not what they should: whatever comes back, the store's part is whole, nothing that was said
// gets out, and every answer is either mapped, null, or an error that names the connector.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';
import { anEnvironment } from './an-environment.ts';
import { CONNECTORS, type ConnectorId } from './expected-page.ts';

type Behaviour = (response: ServerResponse) => void;

/** Stands in every hostile answer; must be seen nowhere. */
const MARK = 'xq7-upstream-text';

const SIGN_IN: Readonly<Record<string, unknown>> = {
  '/token': { access_token: 'a-token', token_type: 'Bearer', expires_in: 3600 },
  '/GetAccessToken': { success: true, token: 'a-token' },
};

let behave: Behaviour = (response) => response.end();
let folder: ConnectorsFolder;
let gate: TestGateway;

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const signIn = SIGN_IN[request.url ?? ''];
    if (signIn === undefined) behave(response);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(signIn));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await aConnectorsFolder({ attemptTimeoutMs: 20_000, maxWaitMs: 20_000, minimumCalls: 1_000_000 });
  gate = await aGateway({
    connectorsDir: folder.path,
    args: ['--no-simulators'],
    env: await anEnvironment(
      Object.fromEntries(CONNECTORS.map((id) => [id, url])) as Record<ConnectorId, string>,
    ),
  });
  for (let run = 0; run < 4; run++) await gate.ask(QUERY);
}, 120_000);

afterAll(async () => {
  await gate?.close();
  await folder?.remove();
  server.close();
  server.closeAllConnections();
});

const says =
  (
    body: string | Buffer,
    type = 'application/json',
    status = 200,
    headers: Record<string, string> = {},
  ): Behaviour =>
  (response) =>
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);

const json = (value: unknown): Behaviour => says(JSON.stringify(value));
const xml = (inside: string): Behaviour =>
  says(
    `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${inside}</soap:Body></soap:Envelope>`,
    'text/xml',
  );
const person = (inside: string): Behaviour =>
  xml(
    `<CongdanCollection xmlns="http://www.mic.gov.vn/dancu/1.0"><CongDan>${inside}</CongDan></CongdanCollection>`,
  );
const deep = (depth: number): string => `${'['.repeat(depth)}"${MARK}"${']'.repeat(depth)}`;

const ANSWERS: Readonly<Record<string, Behaviour>> = {
  'an empty body': says(''),
  'no content': (response) => response.writeHead(204).end(),
  'JSON null': json(null),
  'a JSON text': json(MARK),
  'a JSON array': json([MARK]),
  'an empty object': json({}),
  'JSON cut off': says(`{"Data": {"MainInformation": {"NAME": "${MARK}`),
  'JSON of another kind': json({
    Data: { MainInformation: MARK },
    data: MARK,
    error_code: MARK,
    success: MARK,
  }),
  'objects where texts should be': json({
    Data: {
      MainInformation: {
        ENTERPRISE_GDT_CODE: { a: MARK },
        NAME: { a: MARK },
        ENTERPRISE_STATUS_NAME: [MARK],
      },
      HOAdress: { AddressFullText: { a: MARK } },
      Representatives: [{ FULL_NAME: { a: MARK } }, MARK, null, 5],
    },
    error_code: '0',
    message: JSON.stringify({ MaThamChieu: { a: MARK }, TrangThaiGD: { a: MARK }, ThoiGianGD: [MARK] }),
    success: true,
    data: { itemCode: { a: MARK }, status: { a: MARK }, statusName: { a: MARK }, statusDate: { a: MARK } },
  }),
  'numbers, dates and codes that cannot be': json({
    Data: { MainInformation: { NAME: 5, ENTERPRISE_TYPE_NAME: true, ENTERPRISE_STATUS_NAME: 1e300 } },
    error_code: 0,
    message: JSON.stringify({ MaThamChieu: 1, TrangThaiGD: '1', ThoiGianGD: `99999999999999${MARK}` }),
    success: true,
    data: { itemCode: 1, status: 1e9, statusName: 3, statusDate: `31/02/2026 ${MARK}` },
  }),
  'JSON inside that cannot be read': json({
    error_code: '0',
    message: `{${MARK}`,
    success: true,
    data: [[MARK]],
  }),
  'keys that are traps': says(
    `{"__proto__": {"polluted": "${MARK}"}, "Data": {"__proto__": {"NAME": "${MARK}"}, "MainInformation": {"constructor": "${MARK}"}}, "success": true, "data": {"__proto__": {"status": 1}}, "error_code": "0", "message": "{\\"__proto__\\": {\\"status\\": 1}}"}`,
  ),
  'nesting without end': says(deep(50_000)),
  'more than the limit': says(`{"Data": "${MARK.repeat(100_000)}"}`),
  'bytes that are no UTF-8': says(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
  'a content encoding that was not asked for': says(gzipSync(`{"Data":"${MARK}"}`), 'application/json', 200, {
    'content-encoding': 'gzip',
  }),
  'a redirect elsewhere': says(MARK, 'text/plain', 302, { location: `http://169.254.169.254/${MARK}` }),
  'a status 404 with a page': says(`<html>${MARK}</html>`, 'text/html', 404),
  'a status 418': says(`{"error": "${MARK}"}`, 'application/json', 418),
  'a status 500 with its stack': says(`Error: ${MARK}\n    at ${MARK} (/srv/app.js:1:1)`, 'text/plain', 500),
  'throttled, for an absurd time': says(MARK, 'text/plain', 429, { 'retry-after': '99999999999' }),
  'throttled, for no time': says(MARK, 'text/plain', 429, { 'retry-after': '-5' }),
  'another XML': says(`<a>${MARK}</a>`, 'text/xml'),
  'XML cut off': says(`<soap:Envelope><soap:Body><CongdanCollection><CongDan>${MARK}`, 'text/xml'),
  'XML with entities of its own': says(
    `<!DOCTYPE x [<!ENTITY a "${MARK}"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><x>&c;</x>`,
    'text/xml',
  ),
  'XML that reads a file': says(
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
    'text/xml',
  ),
  'XML nested without end': xml(`${'<a>'.repeat(20_000)}${MARK}${'</a>'.repeat(20_000)}`),
  'a SOAP fault with 200': xml(
    `<soap:Fault xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>soap:Server</faultcode><faultstring>${MARK}</faultstring></soap:Fault>`,
  ),
  'a person without a name': person('<SoDinhDanh>1</SoDinhDanh>'),
  'a person twice': xml(
    `<CongdanCollection xmlns="http://www.mic.gov.vn/dancu/1.0">${`<CongDan><GioiTinh>${MARK}</GioiTinh></CongDan>`.repeat(2)}</CongdanCollection>`,
  ),
  'a person with elements where texts should be': person(
    `<HoVaTen><x>${MARK}</x></HoVaTen><GioiTinh><x>${MARK}</x></GioiTinh><NgayThangNamSinh>${MARK}</NgayThangNamSinh>` +
      `<ThuongTru>${MARK}</ThuongTru><QuocTich><x>${MARK}</x></QuocTich>`,
  ),
  'a person born on no day': person(
    '<NgayThangNamSinh><NgayThangNam>20261399</NgayThangNam><Nam>zwanzig</Nam></NgayThangNamSinh>',
  ),
  'a status line and then nothing': (response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n');
    response.socket?.end();
  },
  'something that is not HTTP': (response) => {
    response.socket?.end(`SSH-2.0-${MARK}\r\n`);
  },
  'a header that never ends': (response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${MARK.repeat(10_000)}\r\n\r\n`);
  },
  'more bytes than it promised': (response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}${MARK}`);
  },
};

const QUERY = `{ dossiers { edges { node {
  code applicant { personalId fullName birthDate { year month day } gender nationality
    permanentAddress { detail provinceCode } }
  business { code name type status headOffice representatives { fullName } }
  payments { reference amount status paidAt transactionId }
  deliveries { trackingCode status statusText statusAt events { at status statusText } } } } } }`;

interface Row {
  readonly code: string;
  readonly applicant: { readonly personalId: string };
  readonly business: { readonly code: string } | null;
  readonly payments: readonly { readonly reference: string; readonly amount: number }[];
  readonly deliveries: readonly { readonly trackingCode: string }[];
}

/** What the store knows, whatever the connectors said. */
const storePart = (data: { dossiers: { edges: { node: Row }[] } }): unknown =>
  data.dossiers.edges.map(({ node: { code, applicant, business, payments, deliveries } }) => ({
    code,
    person: applicant.personalId,
    enterprise: business?.code ?? null,
    payments: payments.map(({ reference, amount }) => [reference, amount]),
    parcels: deliveries.map(({ trackingCode }) => trackingCode),
  }));

// First: a source that has asked for fewer calls below is spared for a while.
it('a value that does not fit its type, under aliases and fragments · requested · then that field is null, and the error names the system', async () => {
  behave = json({
    Data: { MainInformation: { NAME: { a: MARK }, ENTERPRISE_STATUS_NAME: 'Đang hoạt động' } },
    success: true,
    data: { a: MARK },
  });
  const query = `{ list: dossiers(first: 1) { edges { node {
      firm: business { ...Names status }
      ... on Dossier { parcels: deliveries { code: trackingCode history: events { at } } } } } } }
    fragment Names on Business { title: name }`;
  for (const compiled of [false, true]) {
    if (compiled) for (let run = 0; run < 3; run++) await gate.ask(query);
    const { data, errors = [], extensions } = await gate.ask(query);
    const { firm, parcels } = data.list.edges[0].node;
    expect(firm).toEqual({ title: null, status: 'Đang hoạt động' });
    expect(parcels).toEqual([{ code: gate.city.dossiers[0]?.deliveries[0]?.trackingCode, history: null }]);
    const rows = errors.map(({ path, extensions: { connector, operation, code, fault, retryable } }) => {
      return [path?.slice(4).join('.'), connector, operation, code, fault, retryable];
    });
    expect(rows.sort()).toEqual([
      ['firm.title', 'business-registry', 'Business', 'UPSTREAM_INVALID', 'PROVIDER', true],
      ['parcels.0.history', 'postal', 'Delivery.events', 'UPSTREAM_INVALID', 'PROVIDER', true],
    ]);
    expect(extensions?.sources?.map(({ connector, status }) => [connector, status])).toEqual([
      ['business-registry', 'PARTIAL'],
      ['postal', 'PARTIAL'],
    ]);
  }
});

it.each(Object.entries(ANSWERS))(
  '%s from all four · page requested · then the data of the store is complete, and no text of a source is published',
  async (name, behaviour) => {
    behave = behaviour;
    gate.log.length = 0;
    // A document of its own is interpreted, the one that was asked before is compiled: both must hold.
    for (const query of [`# ${name}\n${QUERY}`, QUERY]) {
      const { status, data, errors = [], text } = await gate.ask(query);
      expect(status).toBe(200);
      expect(storePart(data)).toEqual(
        gate.city.dossiers.slice(0, 20).map((dossier) => ({
          code: dossier.code,
          person: dossier.applicant.personalId,
          enterprise: dossier.enterprise?.code ?? null,
          payments: dossier.payments.map(({ reference, amount }) => [reference, amount]),
          parcels: dossier.deliveries.map(({ trackingCode }) => trackingCode),
        })),
      );
      for (const repeated of errors) {
        // An error that repeats another one refers to it.
        const { sameAs } = repeated.extensions;
        const error = typeof sameAs === 'number' ? errors[sameAs] : repeated;
        if (error === undefined) throw new Error(`there is no errors[${sameAs}]`);
        expect(CONNECTORS).toContain(error.extensions.connector);
        expect(error.extensions.code).toMatch(/^UPSTREAM_/);
        expect(error.extensions.retryAfterMs ?? 0).toBeGreaterThanOrEqual(0);
        expect(error.extensions.retryAfterMs ?? 0).toBeLessThanOrEqual(24 * 3600_000);
      }
      // As a value of a field that the system supplies it may stand in the data, of course.
      expect(JSON.stringify(errors)).not.toContain(MARK);
      expect(text).not.toMatch(/root:|polluted|\n\s+at /);
    }
    expect(gate.log.join('')).not.toContain(MARK);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  },
);
