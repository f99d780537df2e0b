// The breaker against a plain model of what it promises, over random sequences of events on a fake clock.
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { createBreaker, type Permit, REFUSED } from '../../src/guard/breaker.ts';

const SLICE_MS = 100;
const SLICES = 10;

/** What the breaker promises, written as plainly as possible. */
const aModel = (rate: number, minimum: number, inARow: number, openMs: number, probes: number) => {
  let state: 'CLOSED' | 'OPEN' | 'HALF_OPEN' = 'CLOSED';
  let term = 0;
  let openedAt = 0;
  let began = Date.now();
  let results: { slice: number; failed: boolean }[] = [];
  let row = 0;
  let probing = 0;
  let probed = 0;
  const enter = (next: typeof state, now: number): void => {
    state = next;
    term++;
    began = now;
    results = [];
    row = 0;
    probing = 0;
    probed = 0;
    if (next === 'OPEN') openedAt = now;
  };
  return {
    tick: (now: number): void => {
      if (state === 'OPEN' && now >= openedAt + openMs) enter('HALF_OPEN', openedAt + openMs);
    },
    admit: (): number => {
      if (state === 'CLOSED') return term;
      if (state === 'OPEN' || probing + probed >= probes) return -1;
      probing++;
      return term;
    },
    end: (of: number, result: 'succeed' | 'fail' | 'abandon', now: number): void => {
      if (of !== term) return;
      if (state === 'HALF_OPEN') {
        probing--;
        if (result === 'fail') enter('OPEN', now);
        else if (result === 'succeed' && ++probed >= probes) enter('CLOSED', now);
        return;
      }
      if (result === 'abandon') return;
      const slice = Math.floor((now - began) / SLICE_MS);
      results.push({ slice, failed: result === 'fail' });
      results = results.filter((r) => r.slice > slice - SLICES);
      const failures = results.filter((r) => r.failed).length;
      row = result === 'fail' ? row + 1 : 0;
      const rateReached = results.length >= minimum && failures / results.length >= rate - 1e-9;
      const rowReached = row >= inARow && failures >= inARow;
      if (result === 'fail' && (rateReached || rowReached)) enter('OPEN', now);
    },
    state: () => state,
  };
};

type Event =
  | { kind: 'admit' }
  | { kind: 'succeed' | 'fail' | 'abandon'; which: number }
  | { kind: 'wait'; ms: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Event>({ kind: 'admit' }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('succeed', 'fail', 'abandon'), which: fc.nat(20) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(1, 30, 100, 250, 500, 1_500) }),
  },
);

it('behaves as its model', () => {
  vi.useFakeTimers();
  try {
    fc.assert(
      fc.property(
        fc.constantFrom(0.25, 0.5, 1),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(event, { minLength: 10, maxLength: 120 }),
        (failureRate, minimumCalls, failuresInARow, probes, events) => {
          const openMs = 400;
          const options = {
            failureRate,
            minimumCalls,
            failuresInARow,
            probes,
            openMs,
            windowMs: SLICE_MS * SLICES,
          };
          const breaker = createBreaker('x', options, { now: Date.now, onChange: () => {} });
          const model = aModel(failureRate, minimumCalls, failuresInARow, openMs, probes);
          const running: { real: Permit; expected: number }[] = [];
          for (const one of events) {
            if (one.kind === 'wait') {
              vi.advanceTimersByTime(one.ms);
              model.tick(Date.now());
            } else if (one.kind === 'admit') {
              const admitted = { real: breaker.admit(), expected: model.admit() };
              expect(admitted.real === REFUSED).toBe(admitted.expected === -1);
              if (admitted.real !== REFUSED) running.push(admitted);
            } else {
              const [ended] = running.splice(one.which % Math.max(1, running.length), 1);
              if (ended === undefined) continue;
              if (one.kind === 'succeed') breaker.succeed(ended.real, Date.now());
              else if (one.kind === 'fail') breaker.fail(ended.real, 'UPSTREAM_FAULT');
              else breaker.abandon(ended.real);
              model.end(ended.expected, one.kind, Date.now());
            }
            expect(breaker.state()).toBe(model.state());
          }
          breaker.close();
        },
      ),
      { numRuns: 1_000 },
    );
  } finally {
    vi.useRealTimers();
  }
});
