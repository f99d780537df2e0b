import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createTally, type RequestTally } from '../../src/request/tally.ts';

function aTally() {
  const clock = { now: 1000 };
  return { clock, tally: createTally(() => clock.now) };
}
const down = new GatewayError('UPSTREAM_TIMEOUT', { retryAfterMs: 500 });
const refused = new GatewayError('UPSTREAM_REFUSED');

describe('status', () => {
  const cases: [string, (tally: RequestTally) => void, string][] = [
    ['nothing asked', (tally) => tally.expect('c'), 'SKIPPED'],
    [
      'all answered',
      (tally) => {
        tally.call('c', 5);
        tally.ok('c');
      },
      'OK',
    ],
    [
      'all from the cache',
      (tally) => {
        tally.cacheHit('c', 10, false);
        tally.ok('c');
      },
      'OK',
    ],
    [
      'some past its time',
      (tally) => {
        tally.cacheHit('c', 9000, true);
        tally.ok('c');
      },
      'STALE',
    ],
    [
      'some failed',
      (tally) => {
        tally.ok('c');
        tally.failed('c', down);
      },
      'PARTIAL',
    ],
    [
      'all failed',
      (tally) => {
        tally.call('c', 5);
        tally.failed('c', down);
      },
      'UNAVAILABLE',
    ],
    ['an unknown error', (tally) => tally.failed('c', new Error('x')), 'UNAVAILABLE'],
    [
      'refused: the system is healthy',
      (tally) => {
        tally.call('c', 5);
        tally.failed('c', refused);
      },
      'PARTIAL',
    ],
    ['called, no field counted', (tally) => tally.call('c', 5), 'OK'],
  ];
  it.each(cases)('%s · summed up · then the right status', (_what, note, status) => {
    const { tally } = aTally();
    note(tally);
    expect(tally.rows()[0]?.status).toBe(status);
  });
});

it('overlapping calls · summed up · then the time from the first start to the last end', () => {
  const { clock, tally } = aTally();
  clock.now = 1030;
  tally.call('c', 30);
  clock.now = 1050.26;
  tally.call('c', 40);
  tally.coalesced('c');
  expect(tally.rows()[0]).toMatchObject({ calls: 2, coalesced: 1, durationMs: 50.3 });
});

it('a row · without any record · then nulls for unknown values', () => {
  const { tally } = aTally();
  tally.expect('c');
  expect(tally.rows()).toEqual([
    {
      connector: 'c',
      status: 'SKIPPED',
      breaker: 'CLOSED',
      calls: 0,
      coalesced: 0,
      cacheHits: 0,
      ageMs: null,
      durationMs: null,
      retryAfterMs: null,
    },
  ]);
});

it('failures · with delays and a breaker · then the longest delay and the last state', () => {
  const { tally } = aTally();
  tally.failed('c', new GatewayError('CIRCUIT_OPEN', { retryAfterMs: 4000.2, breaker: 'OPEN' }));
  tally.failed('c', new GatewayError('UPSTREAM_TIMEOUT', { retryAfterMs: 100, breaker: 'OPEN' }));
  tally.failed('c', new GatewayError('UPSTREAM_UNAUTHORIZED', { retryAfterMs: 99_999 }));
  expect(tally.rows()[0]).toMatchObject({ breaker: 'OPEN', retryAfterMs: 4001 });
});

it('a breaker · without a call · then the state that the caller supplies', () => {
  const { tally } = aTally();
  tally.ok('c');
  expect(tally.rows(() => 'HALF_OPEN')[0]?.breaker).toBe('HALF_OPEN');
});

it('rows · of several connectors · then in the order of first use', () => {
  const { tally } = aTally();
  tally.expect('population');
  tally.expect('postal');
  tally.ok('postal');
  tally.ok('population');
  expect(tally.rows().map((row) => row.connector)).toEqual(['population', 'postal']);
});
