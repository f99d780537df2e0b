// Judging: every row a case. Reads as the policy: what is an answer, what is a refusal, what is an illness.
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import type { Decoded } from '../../src/upstream/codecs/contract.ts';
import type { Outcome, UpstreamAnswer, UpstreamRequest } from '../../src/upstream/contract.ts';
import { compileJudge } from '../../src/upstream/judge.ts';
import { parseRetryAfter } from '../../src/upstream/retry-after.ts';

const NOW = Date.UTC(2026, 5, 1, 3, 0, 0);

interface Given {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  outcome?: Outcome;
  decoded?: Partial<Decoded>;
  isSuccess?: (answer: UpstreamAnswer) => boolean;
  describeError?: UpstreamRequest['describeError'];
}

const judged = ({
  status = 200,
  headers = {},
  body = null,
  outcome,
  decoded,
  isSuccess,
  describeError,
}: Given) => {
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
  return compileJudge({ outcome })(answer, { body, ...decoded }, request);
};

/** `OK`, `NOT FOUND`, or the code. */
const verdictOf = (given: Given): string => {
  try {
    return judged(given).notFound === true ? 'NOT FOUND' : 'OK';
  } catch (error) {
    return (error as GatewayError).code;
  }
};

const failureOf = (given: Given): GatewayError => {
  try {
    judged(given);
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error('expected a failure');
};

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
    [409, 'UPSTREAM_REFUSED'],
    [429, 'UPSTREAM_THROTTLED'],
    [500, 'UPSTREAM_FAULT'],
    [502, 'UPSTREAM_FAULT'],
    [503, 'UPSTREAM_FAULT'],
    [599, 'UPSTREAM_FAULT'],
  ])('%i · %s', (status, verdict) => {
    expect(verdictOf({ status })).toBe(verdict);
  });

  it('is told in the extensions of the error, as the connect spec wants it', () => {
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
    [undefined, undefined],
  ])('%s · %s ms', (header, ms) => {
    const parsed = parseRetryAfter(header, NOW);
    // `-5` is read as a date by some engines: whatever it is, it is no time to come.
    if (header === '-5') expect(parsed ?? 0).toBe(0);
    else expect(parsed).toBe(ms);
  });

  it('of a throttled or failed answer · is kept', () => {
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

  it('otherwise and missing · are what the manifest says', () => {
    expect(of('9', { otherwise: 'refused' })).toBe('UPSTREAM_REFUSED');
    expect(of('9', { otherwise: 'invalid' })).toBe('UPSTREAM_INVALID');
    expect(of(undefined, { otherwise: 'refused' })).toBe('UPSTREAM_REFUSED');
    expect(of(undefined, { missing: 'notFound' })).toBe('NOT FOUND');
    expect(of(null, { missing: 'notFound' })).toBe('NOT FOUND');
  });

  it('no success listed · everything is one but what is listed', () => {
    const at: Outcome = { at: 'Data.MainInformation', missing: 'notFound' };
    expect(verdictOf({ body: { Data: { MainInformation: { NAME: 'x' } } }, outcome: at })).toBe('OK');
    expect(verdictOf({ body: { Data: { MainInformation: null } }, outcome: at })).toBe('NOT FOUND');
    expect(verdictOf({ body: { Data: {} }, outcome: at })).toBe('NOT FOUND');
    expect(verdictOf({ body: 'text', outcome: at })).toBe('NOT FOUND');
  });

  it('is not asked about a bad status', () => {
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
      reason: 'hết hạn',
      extensions: { http: { status: 400 }, a: 1 },
      operation: 'Thing',
    });
  });
});

describe('what cannot be read', () => {
  it('with a good status · UPSTREAM_INVALID, even if isSuccess takes it', () => {
    expect(verdictOf({ decoded: { invalid: 'x' }, isSuccess: () => true })).toBe('UPSTREAM_INVALID');
  });
  it('with a bad status · what the status says', () => {
    expect(verdictOf({ status: 503, decoded: { invalid: 'x' } })).toBe('UPSTREAM_FAULT');
    expect(verdictOf({ status: 400, decoded: { invalid: 'x' } })).toBe('UPSTREAM_REFUSED');
  });
});

describe('a SOAP Fault', () => {
  it.each([200, 400, 500])('with status %i · UPSTREAM_FAULT', (status) => {
    expect(
      verdictOf({
        status,
        decoded: { soapFault: { class: 'Server', fromBus: false } },
        isSuccess: () => true,
      }),
    ).toBe('UPSTREAM_FAULT');
  });
  it('of the bus · is the fault of the bus', () => {
    expect(failureOf({ decoded: { soapFault: { class: 'Server', fromBus: true } } }).fault).toBe('BUS');
  });
});
