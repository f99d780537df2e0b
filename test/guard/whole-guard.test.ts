// The whole guard under random sequences of events on a fake clock, against a plain account of what it promised: who was let through,
// how often, how old what they got was. GUARD_SEQUENCES=100000 for the full run.
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { type ErrorCode, GatewayError } from '../../src/errors.ts';
import type { GuardedAnswer, GuardScope } from '../../src/guard/guard.ts';
import { aGuardWith } from './made.ts';

const SEQUENCES = Number(process.env.GUARD_SEQUENCES ?? 300);

const LIMIT_MS = 200;
const WAIT_MS = 90;
const RUNS = 3;
const WAITS = 2;
const PER_SECOND = 12;
const CACHE = {
  ttlMs: 150,
  staleWhileRevalidateMs: 60,
  staleIfErrorMs: 700,
  maxAgeMs: 600,
  negativeTtlMs: 40,
};
const MAX_ATTEMPTS = 3;
const FLOOR = 3;

type Ending = 'answer' | 'notFound' | ErrorCode;
type Event =
  | { kind: 'ask'; key: number; deadlineMs: number; idempotent: boolean; batch: boolean }
  | { kind: 'end'; which: number; how: Ending }
  | { kind: 'leave'; which: number }
  | { kind: 'wait'; ms: number }
  | { kind: 'gate'; gate: 'OPEN' | 'CLOSED' | 'AUTOMATIC'; forMs: number }
  | { kind: 'drop' };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      // 0: a call without a key
      key: fc.nat(3),
      deadlineMs: fc.constantFrom(30, 150, 1_000, 5_000),
      idempotent: fc.boolean(),
      batch: fc.boolean(),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(10),
      how: fc.constantFrom<Ending>(
        'answer',
        'answer',
        'answer',
        'notFound',
        'UPSTREAM_FAULT',
        'UPSTREAM_UNREACHABLE',
        'UPSTREAM_THROTTLED',
        'UPSTREAM_REFUSED',
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat(10) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 20, 50, 110, 450) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('gate' as const),
      gate: fc.constantFrom('OPEN' as const, 'CLOSED' as const, 'AUTOMATIC' as const, 'AUTOMATIC' as const),
      forMs: fc.constantFrom(40, 300),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'drop' as const }) },
);

interface Answer extends GuardedAnswer {
  readonly key: number;
  readonly by: number;
}

interface Attempt {
  readonly signal: AbortSignal;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: GatewayError) => void;
  readonly key: number;
  readonly begun: number;
  readonly refresh: boolean;
}

interface Asked {
  readonly scope: GuardScope;
  readonly controller: AbortController;
  readonly timer: NodeJS.Timeout;
  readonly at: number;
  readonly key: number;
  readonly idempotent: boolean;
  attempts: number;
  settled: number;
}

async function settleMicrotasks(): Promise<void> {
  for (let i = 0; i < 25; i++) await undefined;
}

it('any events · every guarantee of the guard holds', { timeout: 3_600_000 }, async () => {
  vi.useFakeTimers();
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 10, maxLength: 80 }),
        fc.boolean(),
        async (events, slow) => {
          // What a sequence that failed has left behind must not fail those that shrink it.
          vi.clearAllTimers();
          const transitions: string[] = [];
          /** What an end of a call was found to break; in its own promise nobody would hear of it. */
          const mistakes: unknown[] = [];
          const guard = aGuardWith(
            {
              connector: 'c',
              attemptTimeoutMs: LIMIT_MS,
              breaker: {
                minimumCalls: 4,
                openMs: 300,
                probes: 2,
                windowMs: 1_000,
                recoverMs: 100,
                slowCallMs: slow ? 100 : undefined,
              },
              bulkhead: { maxConcurrent: RUNS, maxWaiting: WAITS, maxWaitMs: WAIT_MS },
              retry: { maxAttempts: MAX_ATTEMPTS, baseMs: 20, budgetFloorPerMinute: FLOOR },
              quota: { perSecond: PER_SECOND, classes: { batch: { share: 0.5 } } },
              operations: { A: { cache: CACHE } },
            },
            { random: () => 0.5, onTransition: ({ from, to }) => void transitions.push(`${from} ${to}`) },
          );
          const underWay = new Set<Attempt>();
          const asked: Asked[] = [];
          const perSecond = new Map<number, number>();
          const refusedAt = new Map<number, number>();
          let droppedAt = -1;
          let attempts = 0;
          let firsts = 0;
          let gate = 'AUTOMATIC';
          let gateUntil = 0;
          const isShut = (): boolean => gate === 'CLOSED' && Date.now() < gateUntil;

          const attemptOf =
            (one: Asked) =>
            (signal: AbortSignal, refresh = false): Promise<Answer> =>
              new Promise((resolve, reject) => {
                const at = Date.now();
                attempts++;
                if (refresh || one.attempts === 0) firsts++;
                if (!refresh) one.attempts++;
                // gate, breaker, quota, bulkhead: none of them said no
                expect(isShut()).toBe(false);
                expect(guard.state('A').breaker).not.toBe('OPEN');
                const second = Math.floor(at / 1_000);
                perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
                const attempt = { signal, resolve, reject, key: one.key, begun: at, refresh };
                underWay.add(attempt);
                // coalesced: no two calls for one key, once those that were given up are taken away
                if (one.key > 0)
                  expect([...underWay].filter((a) => a.key === one.key && !a.signal.aborted).length).toBe(1);
                signal.addEventListener('abort', () => {
                  underWay.delete(attempt);
                  expect(Date.now() - at).toBeLessThanOrEqual(LIMIT_MS);
                });
              });

          const ended = (one: Asked, answer: Answer | undefined, error: GatewayError | undefined): void => {
            one.settled++;
            clearTimeout(one.timer);
            const at = Date.now();
            // in time: never after the deadline
            expect(at).toBeLessThanOrEqual(one.scope.deadlineAt);
            if (error !== undefined) {
              expect(error).toBeInstanceOf(GatewayError);
              expect(error.connector).toBe('c');
              expect(error.code).not.toBe('INTERNAL_SERVER_ERROR');
              return;
            }
            if (answer === undefined) return;
            // its own: nobody gets what was answered to another key
            expect(answer.key).toBe(one.key);
            const age = at - answer.fetchedAt;
            if (answer.freshness === 'LIVE') return;
            expect(one.key).toBeGreaterThan(0);
            expect(age).toBeLessThan(CACHE.maxAgeMs);
            expect(answer.fetchedAt).toBeGreaterThanOrEqual(droppedAt);
            expect(answer.fetchedAt).toBeGreaterThanOrEqual(refusedAt.get(one.key) ?? -1);
            if (answer.notFound === true) expect(age).toBeLessThan(CACHE.negativeTtlMs);
            if (answer.freshness === 'CACHED') expect(age).toBeLessThan(CACHE.ttlMs);
            else expect(age).toBeGreaterThanOrEqual(CACHE.ttlMs);
          };

          for (const one of events) {
            const at = Date.now();
            if (one.kind === 'wait') {
              // Step by step: what the clock sets off may set off more.
              for (let left = one.ms; left > 0; left--) {
                vi.advanceTimersByTime(1);
                await settleMicrotasks();
              }
            } else if (one.kind === 'drop') {
              guard.dropCache();
              droppedAt = at;
            } else if (one.kind === 'gate') {
              gate = one.gate;
              gateUntil = at + one.forMs;
              guard.setGate({ gate: one.gate, until: gateUntil });
            } else if (one.kind === 'ask') {
              const controller = new AbortController();
              const call: Asked = {
                controller,
                scope: { signal: controller.signal, deadlineAt: at + one.deadlineMs },
                timer: setTimeout(
                  () => controller.abort(new GatewayError('DEADLINE_EXCEEDED')),
                  one.deadlineMs,
                ),
                at,
                key: one.key,
                idempotent: one.idempotent,
                attempts: 0,
                settled: 0,
              };
              asked.push(call);
              guard
                .run('A', attemptOf(call), call.scope, {
                  idempotent: one.idempotent,
                  key: one.key === 0 ? undefined : `k${one.key}`,
                  ...(one.batch && { callerClass: 'batch' }),
                })
                .then(
                  (answer) => ended(call, answer, undefined),
                  (error: unknown) => ended(call, undefined, error as GatewayError),
                )
                .catch((error: unknown) => void mistakes.push(error));
            } else if (one.kind === 'leave') {
              const open = asked.filter((call) => call.settled === 0);
              open[one.which % Math.max(1, open.length)]?.controller.abort(new GatewayError('CANCELLED'));
            } else {
              const attempt = [...underWay][one.which % Math.max(1, underWay.size)];
              if (attempt === undefined) continue;
              underWay.delete(attempt);
              if (one.how === 'answer' || one.how === 'notFound') {
                attempt.resolve({
                  fetchedAt: at,
                  freshness: 'LIVE',
                  key: attempt.key,
                  by: attempts,
                  ...(one.how === 'notFound' && { notFound: true }),
                });
              } else {
                if (one.how === 'UPSTREAM_REFUSED') refusedAt.set(attempt.key, at);
                attempt.reject(new GatewayError(one.how));
              }
            }
            await settleMicrotasks();
            // at any moment: so many run, so many wait
            const { running, waiting } = guard.load();
            expect(running).toBeLessThanOrEqual(RUNS);
            expect(waiting).toBeLessThanOrEqual(WAITS);
            expect(underWay.size).toBeLessThanOrEqual(running);
            expect(mistakes).toEqual([]);
          }

          // all's end: everybody was told once, and nothing is left
          for (const { timer, controller, settled } of asked) {
            clearTimeout(timer);
            if (settled === 0) controller.abort(new GatewayError('CANCELLED'));
          }
          // A renewal that waits for its turn begins when those before it have ended.
          for (let i = 0; i < RUNS + WAITS; i++) {
            for (const attempt of underWay) attempt.reject(new GatewayError('UPSTREAM_REFUSED'));
            underWay.clear();
            await settleMicrotasks();
          }
          for (const call of asked) {
            expect(call.settled).toBe(1);
            expect(call.attempts).toBeLessThanOrEqual(call.idempotent ? MAX_ATTEMPTS : 1);
          }
          for (const count of perSecond.values()) expect(count).toBeLessThanOrEqual(PER_SECOND);
          const { retry, coalesced } = guard.figures();
          expect(coalesced.underWay).toBe(0);
          expect(attempts - firsts).toBeLessThanOrEqual(FLOOR + 1 + firsts * 0.1);
          expect(retry?.retries).toBeGreaterThanOrEqual(attempts - firsts);
          expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: RUNS });
          // transitions form one chain
          for (let i = 1; i < transitions.length; i++)
            expect(transitions[i]?.split(' ')[0]).toBe(transitions[i - 1]?.split(' ')[1]);
          guard.close();
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
      {
        numRuns: SEQUENCES,
        ...(process.env.GUARD_SEED !== undefined && { seed: Number(process.env.GUARD_SEED) }),
      },
    );
  } finally {
    vi.useRealTimers();
  }
});
