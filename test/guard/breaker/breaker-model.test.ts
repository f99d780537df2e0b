// The breaker against a plain model of what it promises, over random sequences of events on a fake clock.
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { createBreaker, NOT_ADMITTED, type Permit } from '../../../src/guard/breaker/breaker.ts';
import { aBreakerModel, SLICE_MS, SLICES } from './a-breaker-model.ts';

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

it('any events · the breaker behaves as its model', { timeout: 3_600_000 }, () => {
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
            slowCallRate: 0.5,
            recoverMs,
            windowMs: SLICE_MS * SLICES,
          };
          const breaker = createBreaker('x', options, { now: Date.now, onChange: () => {} });
          const model = aBreakerModel(
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
              expect(admitted.real === NOT_ADMITTED).toBe(admitted.expected === -1);
              if (admitted.real !== NOT_ADMITTED) running.push(admitted);
            } else {
              const [ended] = running.splice(one.which % Math.max(1, running.length), 1);
              if (ended === undefined) continue;
              if (one.kind === 'succeed')
                breaker.succeed(ended.real, slowCallMs === undefined ? Date.now() : ended.at);
              else if (one.kind === 'fail') breaker.fail(ended.real, 'UPSTREAM_FAULT', undefined, ended.at);
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
