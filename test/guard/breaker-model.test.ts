// The breaker against a plain model of what it promises, over random sequences of events on a fake clock.
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { createBreaker, type Permit, REFUSED } from '../../src/guard/breaker.ts';

const SLICE_MS = 100;
const SLICES = 10;

/** What the breaker promises, written as plainly as possible. */
const aModel = (
  rate: number,
  minimum: number,
  inARow: number,
  openMs: number,
  probes: number,
  slowMs: number,
  recoverMs: number,
) => {
  let state: 'CLOSED' | 'OPEN' | 'HALF_OPEN' = 'CLOSED';
  let term = 0;
  let openedAt = 0;
  let began = Date.now();
  let results: { slice: number; failed: boolean; slow: boolean }[] = [];
  let row = 0;
  let probing = 0;
  let probed = 0;
  let recoversUntil = 0;
  let credit = 0;
  const enter = (next: typeof state, now: number): void => {
    state = next;
    term++;
    began = now;
    results = [];
    row = 0;
    probing = 0;
    probed = 0;
    if (next === 'OPEN') openedAt = now;
    recoversUntil = next === 'CLOSED' ? now + recoverMs : 0;
    credit = 0.75;
  };
  return {
    tick: (now: number): void => {
      if (state === 'OPEN' && now >= openedAt + openMs) enter('HALF_OPEN', openedAt + openMs);
    },
    admit: (now: number): number => {
      if (state === 'CLOSED') {
        if (now >= recoversUntil) return term;
        credit += 0.25 + (0.75 * (now - began)) / recoverMs;
        if (credit < 1 - 1e-9) return -1;
        credit--;
        return term;
      }
      if (state === 'OPEN' || probing + probed >= probes) return -1;
      probing++;
      return term;
    },
    end: (of: number, result: 'succeed' | 'fail' | 'abandon', tookMs: number, now: number): void => {
      if (of !== term) return;
      const slow = result === 'succeed' && tookMs >= slowMs;
      if (state === 'HALF_OPEN') {
        // A slow probe opens it while it is still under way, which makes no difference: the term is over.
        probing--;
        if (result === 'fail' || slow) enter('OPEN', now);
        else if (result === 'succeed' && ++probed >= probes) enter('CLOSED', now);
        return;
      }
      if (result === 'abandon') return;
      const slice = Math.floor((now - began) / SLICE_MS);
      results.push({ slice, failed: result === 'fail', slow });
      results = results.filter((r) => r.slice > slice - SLICES);
      const failures = results.filter((r) => r.failed).length;
      row = result === 'fail' ? row + 1 : 0;
      const rateReached = results.length >= minimum && failures / results.length >= rate - 1e-9;
      const most = now < recoversUntil ? Math.min(inARow, Math.max(2, probes)) : inARow;
      const rowReached = row >= most && failures >= most;
      const slowOnes = results.filter((r) => r.slow).length;
      const slowReached = results.length >= minimum && slowOnes / results.length >= 0.5 - 1e-9;
      if ((result === 'fail' && (rateReached || rowReached)) || (slow && slowReached)) enter('OPEN', now);
    },
    probeNow: (now: number): boolean => {
      if (state !== 'OPEN') return false;
      enter('HALF_OPEN', now);
      return true;
    },
    state: (now: number) => (now < recoversUntil ? 'HALF_OPEN' : state),
  };
};

type Event =
  | { kind: 'admit' }
  | { kind: 'probeNow' }
  | { kind: 'succeed' | 'fail' | 'abandon'; which: number }
  | { kind: 'wait'; ms: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Event>({ kind: 'admit' }) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'probeNow' }) },
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
        fc.constantFrom(undefined, 90, 600),
        fc.constantFrom(0, 190),
        fc.array(event, { minLength: 10, maxLength: 120 }),
        (failureRate, minimumCalls, failuresInARow, probes, slowCallMs, recoverMs, events) => {
          const openMs = 400;
          const options = {
            failureRate,
            minimumCalls,
            failuresInARow,
            probes,
            openMs,
            slowCallMs,
            recoverMs,
            windowMs: SLICE_MS * SLICES,
          };
          const breaker = createBreaker('x', options, { now: Date.now, onChange: () => {} });
          const model = aModel(
            failureRate,
            minimumCalls,
            failuresInARow,
            openMs,
            probes,
            slowCallMs ?? Number.POSITIVE_INFINITY,
            recoverMs,
          );
          const running: { real: Permit; expected: number; at: number }[] = [];
          for (const one of events) {
            if (one.kind === 'wait') {
              vi.advanceTimersByTime(one.ms);
              model.tick(Date.now());
            } else if (one.kind === 'probeNow') {
              expect(breaker.probeNow()).toBe(model.probeNow(Date.now()));
            } else if (one.kind === 'admit') {
              const admitted = { real: breaker.admit(), expected: model.admit(Date.now()), at: Date.now() };
              expect(admitted.real === REFUSED).toBe(admitted.expected === -1);
              if (admitted.real !== REFUSED) running.push(admitted);
            } else {
              const [ended] = running.splice(one.which % Math.max(1, running.length), 1);
              if (ended === undefined) continue;
              if (one.kind === 'succeed')
                breaker.succeed(ended.real, slowCallMs === undefined ? Date.now() : ended.at);
              else if (one.kind === 'fail') breaker.fail(ended.real, 'UPSTREAM_FAULT');
              else breaker.abandon(ended.real);
              model.end(ended.expected, one.kind, Date.now() - ended.at, Date.now());
            }
            expect(breaker.state()).toBe(model.state(Date.now()));
          }
          breaker.close();
        },
      ),
      { numRuns: Number(process.env.GUARD_SEQUENCES ?? 1_000) },
    );
  } finally {
    vi.useRealTimers();
  }
});
