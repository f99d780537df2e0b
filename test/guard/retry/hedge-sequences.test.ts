// A guard that hedges and whose bulkhead adapts, under random sequences of events: nothing is lost, nothing is left, nothing is sent more
// often than it may be. (The model of the guard leaves these two out.) GUARD_SEQUENCES=100000 for the full run.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ErrorCode, GatewayError } from '../../../src/errors.ts';
import { installClock } from '../a-clock.ts';
import { aGuardWith } from '../made.ts';

const SEQUENCES = Number(process.env.GUARD_SEQUENCES ?? 500);
const RUNS = 6;
const FLOOR = 20;
const PER_SECOND = 30;
const MAX_ATTEMPTS = 2;

type Event =
  | { kind: 'ask'; idempotent: boolean; shared: boolean; deadlineMs: number }
  | { kind: 'end'; which: number; how: 'answer' | ErrorCode }
  | { kind: 'leave'; which: number }
  | { kind: 'wait'; ms: number }
  | { kind: 'shut'; forMs: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      idempotent: fc.nat(4).map((n) => n > 0),
      shared: fc.boolean(),
      deadlineMs: fc.constantFrom(90, 1_000),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(12),
      how: fc.constantFrom('answer', 'answer', 'answer', 'answer', 'UPSTREAM_FAULT', 'UPSTREAM_REFUSED'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat(10) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 7, 30, 120) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('shut' as const), forMs: fc.constantFrom(10, 60) }) },
);

it('any events · every caller receives one result, every place is released', {
  timeout: 3_600_000,
}, async () => {
  const clock = installClock(1_000);
  let sent = 0;
  let won = 0;
  let lowered = 0;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 20, maxLength: 120 }), async (events) => {
        clock.reset(1_000);
        const guard = aGuardWith(
          {
            connector: 'c',
            attemptTimeoutMs: 200,
            breaker: { minimumCalls: 6, openMs: 60, recoverMs: 20 },
            bulkhead: { maxConcurrent: RUNS, maxWaiting: 4, maxWaitMs: 50, adaptive: { minConcurrent: 2 } },
            retry: { maxAttempts: MAX_ATTEMPTS, baseMs: 10, budgetFloorPerMinute: FLOOR },
            hedge: { minimumCalls: 3, minDelayMs: 5, maxDelayMs: 40 },
            quota: { perSecond: PER_SECOND },
            operations: { shared: { coalesce: true } },
          },
          { now: clock.now, random: () => 0.5 },
        );
        const attempts = new Map<number, number>();
        const perSecond = new Map<number, number>();
        const underWay = new Set<{ resolve: (value: number) => void; reject: (error: Error) => void }>();
        const told = new Map<number, number>();
        const leaving: AbortController[] = [];
        const timers: NodeJS.Timeout[] = [];

        const ask = ({ idempotent, shared, deadlineMs }: Event & { kind: 'ask' }): void => {
          const id = leaving.length;
          const controller = new AbortController();
          leaving.push(controller);
          timers.push(
            setTimeout(
              () => controller.abort(new GatewayError('DEADLINE_EXCEEDED')),
              deadlineMs,
            ) as NodeJS.Timeout,
          );
          const attempt = (signal: AbortSignal): Promise<number> =>
            new Promise((resolve, reject) => {
              attempts.set(id, (attempts.get(id) ?? 0) + 1);
              const second = Math.floor(clock.now() / 1_000);
              perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
              const one = { resolve, reject };
              underWay.add(one);
              signal.addEventListener('abort', () => underWay.delete(one));
            });
          const scope = { signal: controller.signal, deadlineAt: clock.now() + deadlineMs };
          const tell = (): void => void told.set(id, (told.get(id) ?? 0) + 1);
          guard
            .run(shared ? 'shared' : 'alone', attempt, scope, { idempotent, key: shared ? 'k' : undefined })
            .then(tell, (error: unknown) => {
              expect(error).toBeInstanceOf(GatewayError);
              tell();
            });
        };
        const isWell = (): void => {
          const { running, waiting, limit } = guard.load();
          expect(limit).toBeGreaterThanOrEqual(2);
          expect(limit).toBeLessThanOrEqual(RUNS);
          expect(running).toBeLessThanOrEqual(RUNS);
          expect(waiting).toBeLessThanOrEqual(4);
          expect(underWay.size).toBeLessThanOrEqual(running);
          // Nobody waits in front of a free place.
          if (waiting > 0) expect(running).toBeGreaterThanOrEqual(limit);
          if (limit < RUNS) lowered++;
        };

        for (const one of events) {
          if (one.kind === 'ask') ask(one);
          else if (one.kind === 'wait') await clock.advanceTo(clock.now() + one.ms);
          else if (one.kind === 'shut') guard.setGate({ gate: 'CLOSED', until: clock.now() + one.forMs });
          else if (one.kind === 'leave')
            leaving[one.which % Math.max(1, leaving.length)]?.abort(new GatewayError('CANCELLED'));
          else {
            const attempt = [...underWay][one.which % Math.max(1, underWay.size)];
            if (attempt === undefined) continue;
            underWay.delete(attempt);
            if (one.how === 'answer') attempt.resolve(1);
            else attempt.reject(new GatewayError(one.how));
          }
          await clock.settle();
          isWell();
        }

        // Long after: all have ended by themselves.
        await clock.advanceTo(clock.now() + 5_000);
        await clock.settle();
        expect(guard.load()).toMatchObject({ running: 0, waiting: 0 });
        expect([...told.values()].every((times) => times === 1)).toBe(true);
        expect(told.size).toBe(leaving.length);
        for (const count of attempts.values()) expect(count).toBeLessThanOrEqual(MAX_ATTEMPTS + 1);
        for (const count of perSecond.values()) expect(count).toBeLessThanOrEqual(PER_SECOND);
        const { hedge, retry, coalesced } = guard.figures();
        expect(coalesced.underWay).toBe(0);
        const asked = attempts.size;
        expect((hedge?.sent ?? 0) + (retry?.retries ?? 0)).toBeLessThanOrEqual(
          FLOOR + 1 + asked * 0.1 + FLOOR / 6,
        );
        sent += hedge?.sent ?? 0;
        won += hedge?.won ?? 0;
        for (const timer of timers) clearTimeout(timer);
        await guard.close();
        expect(clock.timers()).toBe(0);
      }),
      { numRuns: SEQUENCES },
    );
    // The sequences did what they are for.
    expect(sent).toBeGreaterThan(SEQUENCES / 10);
    expect(won).toBeGreaterThan(0);
    expect(lowered).toBeGreaterThan(0);
  } finally {
    clock.uninstall();
  }
});
