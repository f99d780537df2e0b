// Judging: every row a case. Reads as the policy: what is an answer, what is a refusal, what is an illness.
import { describe, expect, it } from 'vitest';
import { ERRORS, type GatewayError } from '../../src/errors.ts';
import type { Decoded, SoapFaultClass } from '../../src/upstream/codecs/contract.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../../src/upstream/contract.ts';
import { compileJudge } from '../../src/upstream/judge.ts';
import { parseRetryAfter } from '../../src/upstream/retry-after.ts';
import { aManifest, type ManifestInput } from '../a-manifest.ts';

const NOW = Date.UTC(2026, 5, 1, 3, 0, 0);

type Outcome = NonNullable<ManifestInput['outcome']>;

interface Given {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  outcome?: Outcome;
  decoded?: Partial<Decoded>;
  isSuccess?: (answer: UpstreamAnswer) => boolean;
  describeError?: UpstreamRequest['describeError'];
}

function judged({
  status = 200,
  headers = {},
  body = null,
  outcome,
  decoded,
  isSuccess,
  describeError,
}: Given) {
  const answer: UpstreamAnswer = { status, headers, body, fetchedAt: NOW, freshness: 'LIVE' };
  const request: UpstreamRequest = {
    operation: 'Thing',
    method: 'GET',
    origin: 'http://x',
    path: '/',
    headers: {},
    isSuccess,
    describeError,
  };
  return compileJudge(aManifest({ outcome })).judge(answer, { body, ...decoded }, request);
}

/** `OK`, `NOT FOUND`, or the code. */
function verdictOf(given: Given): string {
  try {
    return judged(given).notFound === true ? 'NOT FOUND' : 'OK';
  } catch (error) {
    return (error as GatewayError).code;
  }
}

function failureOf(given: Given): GatewayError {
  try {
    judged(given);
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error('expected a failure');
}

describe('HTTP status', () => {
  it.each([
    [200, 'OK'],
    [201, 'OK'],
    [204, 'OK'],
    [301, 'UPSTREAM_INVALID'],
    [304, 'UPSTREAM_INVALID'],
    [400, 'UPSTREAM_REFUSED'],
    [401, 'UPSTREAM_UNAUTHORIZED'],
    [403, 'UPSTREAM_UNAUTHORIZED'],
    [404, 'UPSTREAM_REFUSED'],
    [408, 'UPSTREAM_TIMEOUT'],
    [409, 'UPSTREAM_REFUSED'],
    [429, 'UPSTREAM_THROTTLED'],
    [500, 'UPSTREAM_FAULT'],
    [502, 'UPSTREAM_FAULT'],
    [503, 'UPSTREAM_FAULT'],
    [599, 'UPSTREAM_FAULT'],
  ])('%i · %s', (status, verdict) => {
    expect(verdictOf({ status })).toBe(verdict);
  });

  it('is part of the extensions of the error, as in the connect spec', () => {
    expect(failureOf({ status: 404 }).extensions).toEqual({ http: { status: 404 } });
  });

  it('of the table wins over HTTP', () => {
    const outcome: Outcome = { at: 'code', statuses: { 404: 'notFound', 202: 'throttled', 409: 'success' } };
    expect(verdictOf({ status: 404, outcome })).toBe('NOT FOUND');
    expect(verdictOf({ status: 202, outcome })).toBe('UPSTREAM_THROTTLED');
    expect(verdictOf({ status: 409, outcome })).toBe('OK');
  });

  it('with X-Road-Error · is the fault of the bus', () => {
    expect(failureOf({ status: 500, headers: { 'x-road-error': 'Server.ClientProxy' } }).fault).toBe('BUS');
    expect(failureOf({ status: 500 }).fault).toBe('PROVIDER');
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    [' 5 ', 5_000],
    ['Mon, 01 Jun 2026 03:00:30 GMT', 30_000],
    ['Mon, 01 Jun 2026 02:00:00 GMT', 0],
    ['999999', 3_600_000],
    ['soon', undefined],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['2 minutes', undefined],
    ['Infinity', undefined],
    ['99999999999999999999', 3_600_000],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 3_600_000],
    ['Monday, 01-Jun-26 03:00:30 GMT', 30_000],
    ['Mon Jun  1 03:00:30 2026', 30_000],
    ['Mon, 99 Jun 2026 03:00:30 GMT', undefined],
    [undefined, undefined],
  ])('%s · %s ms', (header, ms) => {
    const parsed = parseRetryAfter(header, NOW);
    expect(parsed).toBe(ms);
  });

  it.each([
    [
      'a date · of a source five minutes ahead · then counted from its own Date',
      'Mon, 01 Jun 2026 03:05:00 GMT',
      30_000,
    ],
    [
      'a date · of a source five minutes behind · then counted from its own Date',
      'Mon, 01 Jun 2026 02:55:00 GMT',
      30_000,
    ],
    ['a date · beside an unreadable Date · then counted from now', 'yesterday', 30_000],
  ])('%s', (_, date, ms) => {
    const base = Date.parse(date);
    const at = new Date((Number.isNaN(base) ? NOW : base) + 30_000).toUTCString();
    expect(parseRetryAfter(at, NOW, date)).toBe(ms);
  });

  it('of a throttled or failed answer · is part of the error', () => {
    expect(failureOf({ status: 429, headers: { 'retry-after': '7' } }).retryAfterMs).toBe(7_000);
    expect(failureOf({ status: 503, headers: { 'retry-after': '7' } }).retryAfterMs).toBe(7_000);
  });
});

describe('outcome table', () => {
  const outcome: Outcome = {
    at: 'response.error_code',
    success: ['0', '00', 200],
    notFound: ['404', -3],
    refused: ['12'],
    throttled: ['303001'],
    unauthorized: ['900901'],
  };
  const of = (error_code: unknown, more: Partial<Outcome> = {}) =>
    verdictOf({ body: { response: { error_code } }, outcome: { ...outcome, ...more } });

  it.each([
    ['0', 'OK'],
    [0, 'OK'],
    ['00', 'OK'],
    [200, 'OK'],
    ['200', 'OK'],
    ['000', 'UPSTREAM_FAULT'],
    ['404', 'NOT FOUND'],
    [404, 'NOT FOUND'],
    ['-3', 'NOT FOUND'],
    ['12', 'UPSTREAM_REFUSED'],
    ['303001', 'UPSTREAM_THROTTLED'],
    ['900901', 'UPSTREAM_UNAUTHORIZED'],
    ['', 'UPSTREAM_FAULT'],
    [true, 'UPSTREAM_FAULT'],
    [null, 'UPSTREAM_FAULT'],
    [undefined, 'UPSTREAM_FAULT'],
    ['constructor', 'UPSTREAM_FAULT'],
  ])('%j · %s', (code, verdict) => {
    expect(of(code)).toBe(verdict);
  });

  it('otherwise and missing · are those of the manifest', () => {
    expect(of('9', { otherwise: 'refused' })).toBe('UPSTREAM_REFUSED');
    expect(of('9', { otherwise: 'invalid' })).toBe('UPSTREAM_INVALID');
    expect(of(undefined, { otherwise: 'refused' })).toBe('UPSTREAM_REFUSED');
    expect(of(undefined, { missing: 'notFound' })).toBe('NOT FOUND');
    expect(of(null, { missing: 'notFound' })).toBe('NOT FOUND');
  });

  it('no success listed · everything that is not listed is a success', () => {
    const at: Outcome = { at: 'Data.MainInformation', missing: 'notFound' };
    expect(verdictOf({ body: { Data: { MainInformation: { NAME: 'x' } } }, outcome: at })).toBe('OK');
    expect(verdictOf({ body: { Data: { MainInformation: null } }, outcome: at })).toBe('NOT FOUND');
    expect(verdictOf({ body: { Data: {} }, outcome: at })).toBe('NOT FOUND');
    expect(verdictOf({ body: 'text', outcome: at })).toBe('NOT FOUND');
  });

  it('is not evaluated for a bad status', () => {
    expect(verdictOf({ status: 500, body: { response: { error_code: '0' } }, outcome })).toBe(
      'UPSTREAM_FAULT',
    );
  });
});

describe("the connector's isSuccess", () => {
  it.each<[number, boolean, string]>([
    [200, true, 'OK'],
    [200, false, 'UPSTREAM_REFUSED'],
    [404, true, 'OK'],
    [404, false, 'UPSTREAM_REFUSED'],
    [503, true, 'OK'],
    [503, false, 'UPSTREAM_FAULT'],
    [429, false, 'UPSTREAM_THROTTLED'],
    [401, false, 'UPSTREAM_UNAUTHORIZED'],
  ])('status %i, %s · %s', (status, success, verdict) => {
    expect(verdictOf({ status, isSuccess: () => success })).toBe(verdict);
  });

  it('comes after the outcome table', () => {
    const outcome: Outcome = { at: 'c', success: [0], notFound: [1] };
    expect(verdictOf({ body: { c: 2 }, outcome, isSuccess: () => true })).toBe('UPSTREAM_FAULT');
    expect(verdictOf({ body: { c: 1 }, outcome, isSuccess: () => false })).toBe('NOT FOUND');
    expect(verdictOf({ body: { c: 0 }, outcome, isSuccess: () => false })).toBe('UPSTREAM_REFUSED');
  });

  it('describeError · gives the reason and the extensions', () => {
    const error = failureOf({
      status: 400,
      body: { why: 'hết hạn' },
      describeError: (answer) => ({ message: (answer.body as { why: string }).why, extensions: { a: 1 } }),
    });
    expect(error).toMatchObject({
      reason: { vi: 'hết hạn', en: 'hết hạn' },
      extensions: { http: { status: 400 }, a: 1 },
      operation: 'Thing',
    });
  });
});

describe('what cannot be read', () => {
  it('with a good status · UPSTREAM_INVALID, even if isSuccess takes it', () => {
    expect(verdictOf({ decoded: { invalid: 'x' }, isSuccess: () => true })).toBe('UPSTREAM_INVALID');
  });
  it('with a bad status · the code of the status', () => {
    expect(verdictOf({ status: 503, decoded: { invalid: 'x' } })).toBe('UPSTREAM_FAULT');
    expect(verdictOf({ status: 400, decoded: { invalid: 'x' } })).toBe('UPSTREAM_REFUSED');
  });
});

describe('a SOAP Fault', () => {
  const of = (kind: SoapFaultClass, fromBus = false): Given => ({
    decoded: { soapFault: { class: kind, fromBus } },
    isSuccess: () => true,
  });

  it.each<[SoapFaultClass, string, boolean]>([
    ['Server', 'UPSTREAM_FAULT', true],
    ['Other', 'UPSTREAM_FAULT', true],
    ['Client', 'UPSTREAM_REFUSED', false],
    ['VersionMismatch', 'UPSTREAM_REFUSED', false],
    ['MustUnderstand', 'UPSTREAM_REFUSED', false],
  ])('%s · %s with any status, counted in the breaker: %s', (kind, code, counted) => {
    for (const status of [200, 400, 500]) {
      const failure = failureOf({ ...of(kind), status });
      expect(failure.code).toBe(code);
      expect(ERRORS[failure.code].sourceHealth === 'UNHEALTHY').toBe(counted);
    }
  });

  it('of the bus · is the fault of the bus', () => {
    expect(failureOf(of('Server', true))).toMatchObject({ code: 'UPSTREAM_FAULT', fault: 'BUS' });
    expect(failureOf(of('Client', true))).toMatchObject({ code: 'UPSTREAM_REFUSED', fault: 'BUS' });
  });
});

// Envelopes of systems behind the national platforms NGSP and NDXP: [case, outcome table of the manifest, body, verdict].
describe('the envelopes of the national platforms', () => {
  const at = (path: string, ...success: (string | number)[]): Outcome => ({ at: path, success });
  const sync: Outcome = {
    at: 'error_code',
    success: [0],
    refused: [3],
    unauthorized: [-1],
    successText: { at: 'message', contains: 'thành công' },
  };

  it.each<[string, Outcome, unknown, string]>([
    ['number 0', at('error_code', 0), { error_code: 0 }, 'OK'],
    ['text "0"', at('error_code', 0), { error_code: '0' }, 'OK'],
    ['"0" is not "00"', at('error_code', '00'), { error_code: '0' }, 'UPSTREAM_FAULT'],
    ['"00"', at('MaLoi', '00'), { MaLoi: '00' }, 'OK'],
    ['"00" is not "000"', at('MaLoi', '00'), { MaLoi: '000' }, 'UPSTREAM_FAULT'],
    ['"000" of health insurance', at('maKetQua', '000'), { maKetQua: '000' }, 'OK'],
    ['"100" of the post', at('Status', '100'), { Status: '100' }, 'OK'],
    ['"200"', at('maKetQua', '200'), { maKetQua: '200' }, 'OK'],
    ['number 200', at('maKetQua', '200'), { maKetQua: 200 }, 'OK'],
    ['inside', at('response.error_code', 0), { code: 1, response: { error_code: 0 } }, 'OK'],
    ['success text alone', at('message', 'Thành công'), { message: 'Thành công' }, 'OK'],
    ['code and text', sync, { error_code: 0, message: 'Đồng bộ THÀNH CÔNG 1 hồ sơ' }, 'OK'],
    ['text in NFD', sync, { error_code: 0, message: 'Thành công'.normalize('NFD') }, 'OK'],
    ['code without the text', sync, { error_code: 0, message: 'Hồ sơ đã tồn tại' }, 'UPSTREAM_FAULT'],
    ['code without any text', sync, { error_code: 0 }, 'UPSTREAM_FAULT'],
    ['text without the code', sync, { error_code: 3, message: 'thành công' }, 'UPSTREAM_REFUSED'],
    ['session at its end', sync, { error_code: -1 }, 'UPSTREAM_UNAUTHORIZED'],
    ['no envelope', at('error_code', 0), 'Failed to connect to Adapter', 'UPSTREAM_FAULT'],
    ['a list', at('error_code', 0), [], 'UPSTREAM_FAULT'],
  ])('%s', (_, outcome, body, verdict) => {
    expect(verdictOf({ body, outcome })).toBe(verdict);
  });
});

describe('the bus or the system behind it', () => {
  const wso2 = (code: unknown) => ({ fault: { code, type: 'Status report', message: 'SECRET' } });

  it.each<[string, Given, string, string]>([
    ['WSO2 303001, endpoint suspended', { status: 503, body: wso2(303001) }, 'UPSTREAM_FAULT', 'BUS'],
    ['WSO2 303001 with status 200', { body: wso2(303001) }, 'UPSTREAM_FAULT', 'BUS'],
    ['WSO2 101504, no answer in time', { status: 504, body: wso2('101504') }, 'UPSTREAM_FAULT', 'BUS'],
    ['WSO2 900800, throttled', { status: 429, body: wso2(900800) }, 'UPSTREAM_THROTTLED', 'BUS'],
    ['WSO2 900901, wrong token', { status: 401, body: wso2(900901) }, 'UPSTREAM_UNAUTHORIZED', 'BUS'],
    ['a `fault` of the source', { status: 500, body: wso2(12) }, 'UPSTREAM_FAULT', 'PROVIDER'],
    [
      'X-Road Server.* with 400',
      { status: 400, headers: { 'x-road-error': 'Server.ServerProxy.ServiceFailed' } },
      'UPSTREAM_FAULT',
      'BUS',
    ],
    [
      'X-Road Client.*',
      { status: 500, headers: { 'x-road-error': 'Client.InternalError' } },
      'UPSTREAM_REFUSED',
      'BUS',
    ],
    ['X-Road client.*', { headers: { 'x-road-error': 'client.internalerror' } }, 'UPSTREAM_REFUSED', 'BUS'],
    ["the provider's own 400", { status: 400 }, 'UPSTREAM_REFUSED', 'CALLER'],
    ["the provider's own 500", { status: 500 }, 'UPSTREAM_FAULT', 'PROVIDER'],
  ])('%s', (_, given, code, fault) => {
    const failure = failureOf(given);
    expect(failure).toMatchObject({ code, fault });
    expect(failure.message).not.toContain('SECRET');
  });

  it("a good answer with a field `fault` of the source's own · is an answer", () => {
    expect(verdictOf({ body: { fault: { code: 7 } } })).toBe('OK');
    expect(verdictOf({ body: { fault: null } })).toBe('OK');
  });

  it('a WSO2 throttle with Retry-After · keeps it', () => {
    const failure = failureOf({ status: 429, headers: { 'retry-after': '3' }, body: wso2(900803) });
    expect(failure.retryAfterMs).toBe(3_000);
  });
});
