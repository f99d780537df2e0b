// The error class: what it takes from its row, how it is amended, and which `retryAfterMs` is published.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BreakerState,
  ERRORS,
  type ErrorCode,
  GatewayError,
  type GatewayErrorOptions,
  MAX_RETRY_AFTER_MS,
  publicDelayMs,
  retryAfterMsOf,
} from '../src/errors.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[];
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const anOption = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const someOptions: fc.Arbitrary<GatewayErrorOptions> = fc.record({
  detail: anOption(fc.string()),
  connector: anOption(fc.string()),
  operation: anOption(fc.string()),
  fault: anOption(fc.constantFrom('CALLER', 'GATEWAY', 'BUS', 'PROVIDER')),
  retryable: anOption(fc.boolean()),
  retryAfterMs: anOption(fc.double({ noNaN: true })),
  breaker: anOption(fc.constantFrom<BreakerState>('CLOSED', 'OPEN', 'HALF_OPEN')),
  reason: anOption(fc.string()),
  extensions: anOption(fc.dictionary(fc.string(), fc.string())),
  cause: anOption(fc.string()),
});
const fieldsOf = (error: GatewayError) => ({ ...error, message: error.message, cause: error.cause });

describe('an error', () => {
  it('amended · with any options · then equal to an error made with both, and the original is unchanged', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CODES), someOptions, someOptions, (code, options, changes) => {
        const error = new GatewayError(code, options);
        const before = fieldsOf(error);
        const amended = error.amend(changes);
        expect(fieldsOf(amended)).toEqual(fieldsOf(new GatewayError(code, { ...options, ...changes })));
        expect(fieldsOf(error)).toEqual(before);
        expect(amended).not.toBe(error);
      }),
    );
  });
});

describe('the published retryAfterMs', () => {
  it.each(CODES)('%s · without a delay of its own · then a second where a retry makes sense', (code) => {
    expect(retryAfterMsOf(new GatewayError(code))).toBe(ERRORS[code].retryable ? 1_000 : undefined);
  });

  it('an error that must not be retried · with a delay · then no retryAfterMs', () => {
    expect(retryAfterMsOf(new GatewayError('UPSTREAM_FAULT', { retryable: false, retryAfterMs: 5 }))).toBe(
      undefined,
    );
  });

  it('any delay · published · then an integer that a timer accepts, at most a day', () => {
    expect(MAX_RETRY_AFTER_MS).toBe(24 * 60 * 60 * 1_000);
    expect(MAX_RETRY_AFTER_MS).toBeLessThanOrEqual(LONGEST_TIMER_MS);
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (ms) => {
        const shown = retryAfterMsOf(new GatewayError('MAINTENANCE', { retryAfterMs: ms })) as number;
        expect(Number.isInteger(shown)).toBe(true);
        expect(shown).toBe(publicDelayMs(ms));
        if (ms >= 0 && ms <= MAX_RETRY_AFTER_MS) expect(shown).toBe(Math.ceil(ms) + 0);
        else expect(shown).toBe(ms < 0 ? 0 : MAX_RETRY_AFTER_MS);
      }),
    );
  });
});
