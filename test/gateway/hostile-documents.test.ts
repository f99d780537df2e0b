// Requests that try to cost more than their size, or to get a value of their own into the log: each is refused with its reason,
// in one language, and the gateway goes on.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aGateway, type TestGateway } from './a-gateway.ts';

let gate: TestGateway;

beforeAll(async () => {
  gate = await aGateway();
}, 120_000);
afterAll(() => gate?.close());

const nested = (levels: number): string =>
  `{ agencies { ${'parent { '.repeat(levels)} code ${'} '.repeat(levels)} } }`;

const doubled = (levels: number): string =>
  `{ agencies { ...F0 } } ${Array.from(
    { length: levels },
    (_, i) => `fragment F${i} on Agency { parent { ...F${i + 1} } p: parent { ...F${i + 1} } }`,
  ).join(' ')} fragment F${levels} on Agency { code }`;

const VI = { 'accept-language': 'vi' };

describe('documents', () => {
  it.each([
    [
      '22 levels of doubled spreads',
      doubled(22),
      'Số trường được chọn: tối đa 5.000 sau khi mở các fragment.',
    ],
    ['200 nested fields', nested(200), 'Lồng nhau: tối đa 100 cấp ngoặc.'],
    ['50 nested fields', nested(50), 'Lồng nhau: tối đa 40 cấp, kể cả qua fragment.'],
    ['2,400 nested lists', `{ dossiers(first: ${'['.repeat(2400)}`, 'Lồng nhau: tối đa 100 cấp ngoặc.'],
    ['a name of 90,000 characters', `{ ${'a'.repeat(90_000)} }`, 'Tên: tối đa 200 ký tự.'],
  ])('%s · requested twice · then refused with the limit', async (_what, query, reason) => {
    for (let run = 0; run < 2; run++) {
      const { status, data, errors } = await gate.ask(query, undefined, VI);
      expect([status, data]).toEqual([400, undefined]);
      expect(errors).toMatchObject([
        {
          message: `Câu truy vấn quá lớn. ${reason}`,
          extensions: { code: 'QUERY_TOO_COSTLY', fault: 'CALLER', retryable: false },
        },
      ]);
    }
  });

  it('as deep as allowed · requested · then answered', async () => {
    const { status, data, errors } = await gate.ask(nested(38));
    expect([status, errors]).toEqual([200, undefined]);
    expect(data.agencies.length).toBeGreaterThan(0);
  });
});

describe('the cost of a document', () => {
  const many = (count: number, field: string) =>
    Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ');

  it.each([
    ['150 aliases', `{ ${many(150, 'dossiers(first: 100) { edges { node { code } } }')} }`],
    [
      'pages of payments, 11 times',
      `{ ${many(11, 'dossiers(first: 100) { edges { node { payments { paidAt } } } }')} }`,
    ],
    [
      'a page of 100 with everything, 30 times',
      `{ ${many(30, 'dossiers(first: 100) { edges { node { applicant { fullName } deliveries { events { at } } } } }')} }`,
    ],
    ['duplicate fields', `{ agencies { ${'code '.repeat(4980)} } }`],
    ['a deep literal', `{ dossiers(first: ${'{a: '.repeat(99)}1${'}'.repeat(99)}) { edges { cursor } } }`],
    ['unknown directives', `{ agencies ${'@x '.repeat(2000)}{ code } }`],
  ])('%s · asked for · then no call, and an answer below 20 kB', async (_what, query) => {
    gate.resetCalls();
    const { status, text, data } = await gate.ask(query);
    if (status === 200) expect(data.agencies[0]).toEqual({ code: expect.any(String) });
    else {
      expect([status, data]).toEqual([400, undefined]);
      expect(text.length).toBeLessThan(20_000);
    }
    expect(gate.dataCalls()).toBe(0);
  });

  it('a variable of 100 levels, and one of 50,000 values · then refused at its place', async () => {
    const deep = JSON.parse(`${'['.repeat(150)}1${']'.repeat(150)}`);
    for (const first of [deep, Array.from({ length: 50_000 }, () => 1)]) {
      const { status, text, errors } = await gate.ask(
        'query ($first: Int) { dossiers(first: $first) { edges { cursor } } }',
        { first },
      );
      expect(status).toBe(400);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(text.length).toBeLessThan(2_000);
    }
  });

  it('the cost · asked for · then what was requested, allowed and used', async () => {
    for (const [body, headers] of [
      [{}, { 'x-query-cost': 'true' }],
      [{ extensions: { cost: true } }, {}],
    ] as const) {
      const response = await fetch(gate.report.graphqlUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: await gate.authorization(),
          ...headers,
        },
        body: JSON.stringify({
          query: '{ dossiers(first: 3) { edges { node { code applicant { fullName } } } } }',
          ...body,
        }),
      });
      const { extensions } = (await response.json()) as { extensions: { cost: unknown } };
      expect(extensions.cost).toEqual({
        requested: { total: expect.any(Number), connectorCalls: 3, objects: 10, bytes: expect.any(Number) },
        limit: { total: 50_000, connectorCalls: 2_000, objects: 20_000, bytes: 4_000_000 },
        actual: { connectorCalls: expect.any(Number), objects: 10, bytes: expect.any(Number) },
      });
    }
    const { extensions } = await gate.ask('{ dossiers(first: 1) { edges { cursor } } }');
    expect(extensions).toBeUndefined();
  });
});

describe('values of a request', () => {
  const ID = '00109901234';

  it.each<[string, string, Record<string, unknown> | undefined, string]>([
    [
      'in a variable',
      'query ($code: DossierCode!) { dossier(code: $code) { code } }',
      { code: ID },
      'Biến "$code" có giá trị không hợp lệ: DossierCode: cần mã hồ sơ, ví dụ 000.00.00.H26-200524-0001 hoặc G09.20-20260609-0092637, với ngày có thật; nhận được chuỗi 11 ký tự.',
    ],
    [
      'in the document',
      `{ dossier(code: "${ID}") { code } }`,
      undefined,
      'DossierCode: cần mã hồ sơ, ví dụ 000.00.00.H26-200524-0001 hoặc G09.20-20260609-0092637, với ngày có thật; nhận được chuỗi 11 ký tự.',
    ],
    [
      'of another type',
      `{ dossiers(first: "${ID}") { edges { cursor } } }`,
      undefined,
      'Int chỉ nhận số nguyên.',
    ],
    ['where a name should be', `{ "${ID}" }`, undefined, 'Sai cú pháp: cần Name, gặp String.'],
    [
      'as a cursor',
      `{ dossiers(after: "${ID}") { edges { cursor } } }`,
      undefined,
      'Dữ liệu gửi lên không hợp lệ. `after` không phải con trỏ của danh sách này: hãy gửi lại nguyên vẹn `cursor` hoặc `pageInfo.endCursor` của trường này, hoặc bỏ trống để lấy trang đầu.',
    ],
  ])(
    '%s · invalid · then described in Vietnamese, and repeated nowhere',
    async (_what, query, variables, message) => {
      gate.log.length = 0;
      const { errors, text } = await gate.ask(query, variables, VI);
      expect(errors?.map((error) => error.message)).toEqual([message]);
      expect(text).not.toContain(ID);
      expect(gate.log.join('')).toContain('"msg":"request"');
      expect(gate.log.join('')).not.toContain(ID);
    },
  );
});
