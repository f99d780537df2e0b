// The whole guard against a plain model of it, over random sequences of events on a clock of its own: after each event every caller's
// answer, its moment, and every attempt that reached the source are the model's. GUARD_SEQUENCES=100000 for the full run.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ErrorCode, GatewayError } from '../../src/errors.ts';
import type { GuardedAnswer, Hold } from '../../src/guard/guard.ts';
import { installClock } from './a-clock.ts';
import { type Asking, aGuardModel, type ModelOptions, type Outcome } from './a-guard-model.ts';
import { aGuardWith } from './made.ts';

const SEQUENCES = Number(process.env.GUARD_SEQUENCES ?? 800);

/** Events come at whole milliseconds, never two at one; what lasts has a fraction of its own, so that hardly two ends fall together. */
const fraction = (kind: number): number => 2 ** -(3 * kind + 1);

const LIMIT_MS = 200 + fraction(1);
const WAIT_MS = 90 + fraction(2);
const DELAY_MS = 10 + fraction(3);
const OPEN_MS = 300 + fraction(4);
const RECOVER_MS = 100 + fraction(5);
const BUDGET_MS = 120 + fraction(6);
const THROTTLE = { defaultHoldMs: 60, maxHoldMs: 200 };
/** Longer than some holds that a source asks for. */
const MAX_RETRY_AFTER_MS = 100;
const DEADLINES = [30 + fraction(7), 150 + fraction(8), 1_000 + fraction(9), 5_000 + fraction(10)];
const CACHE = {
  ttlMs: 150,
  staleWhileRevalidateMs: 60,
  staleIfErrorMs: 700,
  maxAgeMs: 600,
  negativeTtlMs: 40,
};
/** Cached; shared with a budget; alone; changing something. The last has a breaker of its own. */
const OPERATIONS = {
  kept: { group: 'g', cache: CACHE },
  joined: { group: 'g', coalesce: true, budgetMs: BUDGET_MS },
  alone: { group: 'g' },
  hurried: { group: 'g', budgetMs: BUDGET_MS },
  change: { group: 'm' },
};
type Name = keyof typeof OPERATIONS;

const optionsFor = (slow: boolean, recovers: boolean): ModelOptions => ({
  limitMs: LIMIT_MS,
  runs: 3,
  waits: 2,
  waitMs: WAIT_MS,
  perSecond: 12,
  batchShare: 0.5,
  maxAttempts: 3,
  delayMs: DELAY_MS,
  budgetShare: 0.1,
  floorPerMinute: 3,
  budgetMost: 10,
  breaker: {
    rate: 0.5,
    minimum: 4,
    inARow: 4,
    openMs: OPEN_MS,
    probes: 2,
    slowMs: slow ? 100 : Number.POSITIVE_INFINITY,
    recoverMs: recovers ? RECOVER_MS : 0,
  },
  throttle: THROTTLE,
  maxRetryAfterMs: MAX_RETRY_AFTER_MS,
  operations: {
    kept: { group: 'g', shared: true, cache: CACHE },
    joined: { group: 'g', shared: true, budgetMs: BUDGET_MS },
    alone: { group: 'g', shared: false },
    hurried: { group: 'g', shared: false, budgetMs: BUDGET_MS },
    change: { group: 'm', shared: false },
  },
});

type Event =
  | {
      kind: 'ask';
      operation: Name;
      key: number;
      deadline: number;
      idempotent: boolean;
      batch: boolean;
    }
  | { kind: 'end'; which: number; how: 'answer' | 'notFound' | ErrorCode; retryAfterMs: number | undefined }
  | { kind: 'hold'; group: 'g' | 'm'; ms: number }
  | { kind: 'leave'; which: number }
  | { kind: 'wait'; ms: number }
  | { kind: 'gate'; gate: 'OPEN' | 'CLOSED' | 'AUTOMATIC'; forMs: number }
  | { kind: 'drop' }
  | { kind: 'probe' };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      operation: fc.constantFrom<Name>('kept', 'kept', 'joined', 'alone', 'hurried', 'change'),
      key: fc.nat(2),
      deadline: fc.nat(DEADLINES.length - 1),
      idempotent: fc.boolean(),
      batch: fc.boolean(),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(5),
      how: fc.constantFrom(
        'answer' as const,
        'answer' as const,
        'answer' as const,
        'notFound' as const,
        'UPSTREAM_FAULT' as const,
        'UPSTREAM_UNREACHABLE' as const,
        'UPSTREAM_THROTTLED' as const,
        'UPSTREAM_REFUSED' as const,
        'UPSTREAM_TOO_LARGE' as const,
      ),
      retryAfterMs: fc.constantFrom(undefined, undefined, 0, 40, 90, 500),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat(10) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(5, 20, 50, 110, 450) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('gate' as const),
      gate: fc.constantFrom('OPEN' as const, 'CLOSED' as const, 'AUTOMATIC' as const),
      forMs: fc.constantFrom(40, 300),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('hold' as const),
      group: fc.constantFrom('g' as const, 'm' as const),
      ms: fc.constantFrom(-10, 30, 150, 1_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'drop' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'probe' as const }) },
);

interface Answer extends GuardedAnswer {
  readonly of: number;
}

interface Attempt {
  readonly number: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: GatewayError) => void;
}

const STARTS_AT = 1_000;

it('any events · the guard behaves as its model', { timeout: 7_200_000 }, async () => {
  const clock = installClock(STARTS_AT);
  let cutShort = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 10, maxLength: 90 }),
        fc.boolean(),
        fc.boolean(),
        async (events, slow, recovers) => {
          clock.reset(STARTS_AT);
          const options = optionsFor(slow, recovers);
          const model = aGuardModel(options, STARTS_AT);
          const holds: Hold[] = [];
          const guard = aGuardWith(
            {
              connector: 'c',
              attemptTimeoutMs: LIMIT_MS,
              breaker: {
                minimumCalls: 4,
                openMs: OPEN_MS,
                probes: 2,
                windowMs: 1_000,
                recoverMs: options.breaker.recoverMs,
                slowCallMs: slow ? 100 : undefined,
              },
              bulkhead: { maxConcurrent: options.runs, maxWaiting: options.waits, maxWaitMs: WAIT_MS },
              throttle: THROTTLE,
              // The random number is a half.
              retry: {
                maxAttempts: 3,
                baseMs: 2 * DELAY_MS,
                budgetFloorPerMinute: 3,
                maxRetryAfterMs: MAX_RETRY_AFTER_MS,
              },
              quota: { perSecond: options.perSecond, classes: { batch: { share: options.batchShare } } },
              operations: OPERATIONS,
            },
            { now: clock.now, random: () => 0.5, onHold: (hold) => void holds.push(hold) },
          );
          const attempts: string[] = [];
          let underWay: Attempt[] = [];
          const outcomes = new Map<number, Outcome>();
          const leaving = new Map<number, AbortController>();
          let asked = 0;

          const attemptOf =
            (id: number) =>
            (signal: AbortSignal, refresh = false): Promise<Answer> =>
              new Promise((resolve, reject) => {
                const attempt = { number: attempts.length, resolve, reject };
                attempts.push(`${id}${refresh ? ' refresh' : ''} at ${clock.now()}`);
                underWay.push(attempt);
                signal.addEventListener('abort', () => {
                  underWay = underWay.filter((one) => one !== attempt);
                });
              });

          const ask = (asking: Asking): void => {
            const controller = new AbortController();
            const at = clock.now();
            leaving.set(asking.id, controller);
            setTimeout(() => controller.abort(new GatewayError('DEADLINE_EXCEEDED')), asking.deadlineMs);
            guard
              .run(
                asking.operation,
                attemptOf(asking.id),
                { signal: controller.signal, deadlineAt: at + asking.deadlineMs },
                {
                  idempotent: asking.idempotent,
                  key: asking.key,
                  callerClass: asking.batch ? 'batch' : undefined,
                  runsToCompletion: asking.runsOn,
                },
              )
              .then(
                ({ of, freshness }) =>
                  void outcomes.set(asking.id, { at: clock.now(), answer: of, freshness }),
                (error: GatewayError) => void outcomes.set(asking.id, { at: clock.now(), code: error.code }),
              );
          };

          const compare = (): void => {
            const seen = model.seen();
            expect(attempts).toEqual(seen.attempts);
            expect(underWay.map((attempt) => attempt.number)).toEqual(seen.underWay);
            for (let id = 0; id < asked; id++)
              expect([id, outcomes.get(id)]).toEqual([id, model.outcome(id)]);
            const { cache, coalesced, retry, quota, rejected } = guard.figures();
            expect(rejected).toEqual(seen.rejected);
            expect(guard.load()).toMatchObject({ running: seen.running, waiting: seen.waiting });
            expect(quota?.perSecond?.used).toBe(seen.usedThisSecond);
            expect(coalesced.underWay).toBe(seen.shared);
            expect({
              hits: cache.hits,
              stale: cache.stale,
              misses: cache.misses,
              joined: coalesced.joined,
              retries: retry?.retries,
            }).toEqual(seen.counts);
            for (const { operation, breaker, heldBack = false } of guard.states())
              expect([breaker, heldBack]).toEqual([seen.breakers[operation], seen.held[operation]]);
            expect(holds).toEqual(seen.holds);
          };

          /** Both step by step to that moment; `false` when the model cannot say what comes first. */
          const advance = async (to: number): Promise<boolean> => {
            for (;;) {
              const next = model.next();
              if (next === undefined) return false;
              const at = Math.min(next, to);
              model.advanceTo(at);
              await clock.advanceTo(at);
              await clock.settle();
              compare();
              if (at === to) return true;
            }
          };

          for (const one of events) {
            if (!(await advance(Math.floor(clock.now()) + (one.kind === 'wait' ? one.ms : 1)))) {
              cutShort++;
              break;
            }
            const at = clock.now();
            if (one.kind === 'ask') {
              const runsOn = one.operation === 'change';
              const asking: Asking = {
                id: asked++,
                operation: one.operation,
                key: one.key === 0 || runsOn ? undefined : `k${one.key}`,
                deadlineMs: DEADLINES[one.deadline] as number,
                idempotent: one.idempotent,
                runsOn,
                batch: one.batch,
              };
              model.ask(asking);
              ask(asking);
            } else if (one.kind === 'leave') {
              const open = model.open();
              const id = open[one.which % Math.max(1, open.length)];
              if (id === undefined) continue;
              model.leave(id);
              leaving.get(id)?.abort(new GatewayError('CANCELLED'));
            } else if (one.kind === 'end') {
              const index = one.which % Math.max(1, underWay.length);
              const [attempt] = underWay.splice(index, 1);
              if (attempt === undefined) continue;
              const isFailure = one.how !== 'answer' && one.how !== 'notFound';
              const retryAfterMs = isFailure ? one.retryAfterMs : undefined;
              model.finish(index, one.how, retryAfterMs);
              if (one.how === 'answer' || one.how === 'notFound')
                attempt.resolve({
                  fetchedAt: at,
                  freshness: 'LIVE',
                  of: attempt.number,
                  ...(one.how === 'notFound' && { notFound: true }),
                });
              else attempt.reject(new GatewayError(one.how, { retryAfterMs }));
            } else if (one.kind === 'gate') {
              guard.setGate({ gate: one.gate, until: at + one.forMs });
              model.shut(one.gate === 'CLOSED' ? at + one.forMs : 0);
            } else if (one.kind === 'hold') {
              guard.holdBack({ operation: one.group, until: at + one.ms });
              model.holdBack(one.group, at + one.ms);
            } else if (one.kind === 'drop') {
              guard.dropCache();
              model.drop();
            } else if (one.kind === 'probe') expect(guard.probeNow()).toBe(model.probeNow());
            await clock.settle();
            compare();
          }
          void guard.close();
        },
      ),
      {
        numRuns: SEQUENCES,
        ...(process.env.GUARD_SEED !== undefined && { seed: Number(process.env.GUARD_SEED) }),
      },
    );
    // Two ends in one moment are rare, or the sequences would be short ones.
    expect(cutShort).toBeLessThan(SEQUENCES / 20);
    if (process.env.GUARD_SEQUENCES !== undefined)
      console.log(`${SEQUENCES} sequences, ${cutShort} cut short`);
  } finally {
    clock.uninstall();
  }
});
