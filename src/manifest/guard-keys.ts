// The keys of `connector.yaml` for the guard around each call: breaker, bulkhead, throttle, retry, hedge, memory.
import { z } from 'zod';
import { about, milliseconds } from '../manifest-keys.ts';

/** Fills in the default that depends on another key. */
export const settleBreaker = <T extends { minimumCalls: number; failuresInARow?: number | undefined }>(
  breaker: T,
) => ({
  ...breaker,
  failuresInARow: breaker.failuresInARow ?? Math.max(2, breaker.minimumCalls),
});

const breaker = z
  .strictObject({
    failureRate: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .meta(about('Share of failed calls in the window at which the breaker opens.', 0.5, { unit: 'share' })),
    minimumCalls: z
      .number()
      .int()
      .min(1)
      .default(8)
      .meta(about('Calls in the window before the rates are judged.', 8, { unit: 'calls' })),
    failuresInARow: z
      .number()
      .int()
      .min(1)
      .optional()
      .meta(
        about('Consecutive failures within the window that open it whatever the rate.', 5, {
          unit: 'failures',
          whenAbsent: '`minimumCalls`, at least 2',
        }),
      ),
    windowMs: milliseconds.default(10_000).meta(about('Length of the rolling window.', 10_000)),
    openMs: milliseconds.default(5000).meta(about('Time open before probes are admitted.', 5000)),
    probes: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(2)
      .meta(about('Concurrent calls while half-open, and successes needed to close.', 2, { unit: 'calls' })),
    slowCallMs: milliseconds
      .optional()
      .meta(about('Answers taking at least this long count as slow.', 1500, { whenAbsent: 'none does' })),
    slowCallRate: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .meta(about('Share of slow answers in the window at which the breaker opens.', 0.5, { unit: 'share' })),
    recoverMs: z
      .number()
      .int()
      .min(0)
      .max(600_000)
      .default(500)
      .meta(
        about(
          'After the probes, the time in which the share of admitted calls grows from a quarter to all. 0: all at once.',
          500,
          { unit: 'ms' },
        ),
      ),
  })
  .transform(settleBreaker)
  .prefault({})
  .meta(
    about('Stops calling an operation whose calls fail or are slow. One per operation, or per `group`.', {
      failureRate: 0.5,
      minimumCalls: 8,
      openMs: 5000,
    }),
  );

const bulkhead = z
  .strictObject({
    maxConcurrent: z
      .number()
      .int()
      .min(1)
      .default(64)
      .meta(about('Concurrent calls to the source.', 64, { unit: 'calls' })),
    maxWaiting: z
      .number()
      .int()
      .min(0)
      .default(512)
      .meta(about('Calls in the queue; further ones are refused at once.', 512, { unit: 'calls' })),
    maxWaitMs: milliseconds.default(5000).meta(about('Time in the queue.', 5000)),
    adaptive: z
      .strictObject({
        minConcurrent: z
          .number()
          .int()
          .min(1)
          .default(4)
          .meta(about('The limit never falls below this.', 4, { unit: 'calls' })),
      })
      .optional()
      .meta(
        about(
          'Lowers the number of concurrent calls while the source slows down under them.',
          { minConcurrent: 4 },
          { whenAbsent: 'the limit is always `maxConcurrent`' },
        ),
      ),
  })
  .refine(
    ({ adaptive, maxConcurrent }) => (adaptive?.minConcurrent ?? 1) <= maxConcurrent,
    'adaptive.minConcurrent must not be over maxConcurrent',
  )
  .prefault({})
  .meta(about('How many calls run at the source at once.', { maxConcurrent: 32, maxWaiting: 128 }));

const throttle = z
  .strictObject({
    scope: z
      .enum(['operation', 'source'])
      .default('operation')
      .meta(
        about(
          'Which calls are held back: those of the operation (or its `group`), or of all operations of the source.',
          'source',
        ),
      ),
    defaultHoldMs: milliseconds
      .default(1000)
      .meta(
        about('Hold after a refusal that names no time; doubled with each further refusal in a row.', 1000),
      ),
    maxHoldMs: z
      .number()
      .int()
      .min(1)
      .max(3_600_000)
      .default(3_600_000)
      .meta(about('Longest hold, whatever the source asks for.', 600_000, { unit: 'ms' })),
  })
  .prefault({})
  .meta(
    about(
      'Holds back all calls after the source has asked for fewer: with 429, with Retry-After, or with a code that the outcome table maps to `throttled`.',
      { scope: 'source' },
    ),
  );

const retry = z
  .strictObject({
    maxAttempts: z
      .number()
      .int()
      .min(1)
      .max(5)
      .default(2)
      .meta(about('Attempts of one call, the first included. 1: no retries.', 3, { unit: 'attempts' })),
    baseMs: milliseconds
      .default(100)
      .meta(
        about(
          'The wait before the second attempt is random between 0 and this; it doubles for each further attempt.',
          100,
        ),
      ),
    maxDelayMs: milliseconds.default(1000).meta(about('Upper bound of the random wait.', 1000)),
    maxRetryAfterMs: milliseconds
      .default(2000)
      .meta(about('No retry when the source asks for a longer wait than this.', 2000)),
    budgetShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .meta(about('Retries per call over time, hedges included.', 0.1, { unit: 'share' })),
    budgetFloorPerMinute: z
      .number()
      .min(0)
      .max(600)
      .default(3)
      .meta(
        about('Retries that are allowed however few calls there are.', 3, { unit: 'retries per minute' }),
      ),
  })
  .prefault({})
  .meta(about('Another attempt for operations that may be sent twice.', { maxAttempts: 3, baseMs: 100 }));

const hedge = z
  .strictObject({
    enabled: z.boolean().default(true).meta(about('Switches hedging on.', true)),
    quantile: z
      .number()
      .min(0.5)
      .max(0.999)
      .default(0.95)
      .meta(
        about(
          "The second attempt is sent after this quantile of the operation's recent successful latencies.",
          0.95,
          {
            unit: 'share',
          },
        ),
      ),
    minimumCalls: z
      .number()
      .int()
      .min(10)
      .max(100_000)
      .default(50)
      .meta(about('Successful answers needed before the first hedge.', 50, { unit: 'calls' })),
    minDelayMs: milliseconds.default(10).meta(about('Earliest time of the second attempt.', 10)),
    maxDelayMs: milliseconds.default(1000).meta(about('Latest time of the second attempt.', 1000)),
  })
  .refine(({ minDelayMs, maxDelayMs }) => minDelayMs <= maxDelayMs, 'maxDelayMs must not be under minDelayMs')
  .optional()
  .meta(
    about(
      'A second attempt beside a slow first one, for operations that may be sent twice. Paid from the retry budget.',
      { quantile: 0.95, maxDelayMs: 500 },
      { whenAbsent: 'no hedging' },
    ),
  );

const cache = z
  .strictObject({
    maxEntries: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .meta(about('Answers in memory.', 10_000, { unit: 'answers' })),
    maxBytes: z
      .number()
      .int()
      .min(1024)
      .max(1_073_741_824)
      .default(16_777_216)
      .meta(about('Memory for answers.', 16_777_216, { unit: 'bytes' })),
  })
  .prefault({})
  .meta(
    about(
      'Bounds of the memory for the answers of this source. `operations.<name>.cache` selects what is kept.',
      {
        maxEntries: 10_000,
      },
    ),
  );

export const guardKeys = { breaker, bulkhead, throttle, retry, hedge, cache };
