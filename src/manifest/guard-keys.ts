// The keys of `connector.yaml` that steer the guard: limits of the steps around a call, and what differs per operation.
// Read by `manifest.ts`; `guard-spec.ts` turns them into options of `src/guard`.
import { z } from 'zod';

const text = z.string().min(1);
const DAYS_30 = 2_592_000_000;
const milliseconds = z.number().int().min(1).max(600_000);

/** Fills in the default that depends on another key. */
export const settleBreaker = <T extends { minimumCalls: number; failuresInARow?: number | undefined }>(
  breaker: T,
) => ({
  ...breaker,
  failuresInARow: breaker.failuresInARow ?? Math.max(2, breaker.minimumCalls),
});

const breaker = z
  .strictObject({
    failureRate: z.number().gt(0).max(1).default(0.5),
    minimumCalls: z.number().int().min(1).default(8),
    failuresInARow: z.number().int().min(1).optional(),
    windowMs: milliseconds.default(10_000),
    openMs: milliseconds.default(5000),
    probes: z.number().int().min(1).max(100).default(2),
    slowCallMs: milliseconds.optional(),
    slowCallRate: z.number().gt(0).max(1).default(0.5),
    recoverMs: z.number().int().min(0).max(600_000).default(500),
  })
  .transform(settleBreaker)
  .prefault({});

const retry = z
  .strictObject({
    maxAttempts: z.number().int().min(1).max(5).default(2).describe('Attempts of one call; 1: no retries.'),
    baseMs: milliseconds.default(100),
    maxDelayMs: milliseconds.default(1000),
    maxRetryAfterMs: milliseconds
      .default(2000)
      .describe('A source that asks for a longer wait is not asked again.'),
    budgetShare: z.number().min(0).max(1).default(0.1).describe('Retries per call over time.'),
    budgetFloorPerMinute: z.number().min(0).max(600).default(3),
  })
  .describe('Another attempt for operations that may be sent twice.')
  .prefault({});

const hedge = z
  .strictObject({
    enabled: z.boolean().default(true),
    quantile: z
      .number()
      .min(0.5)
      .max(0.999)
      .default(0.95)
      .describe(
        'The second attempt is sent after the time in which this share of the recent good answers came.',
      ),
    minimumCalls: z.number().int().min(10).max(100_000).default(50),
    minDelayMs: milliseconds.default(10),
    maxDelayMs: milliseconds.default(1000).describe('It is sent after this at the latest.'),
  })
  .refine(({ minDelayMs, maxDelayMs }) => minDelayMs <= maxDelayMs, 'maxDelayMs must not be under minDelayMs')
  .optional()
  .describe(
    'A second attempt beside a slow one, for operations that may be sent twice; paid from the retry budget.',
  );

/** Of `bulkhead`. */
export const adaptive = z
  .strictObject({
    minConcurrent: z.number().int().min(1).default(4).describe('Never fewer calls at once than this.'),
  })
  .optional()
  .describe('Fewer calls run at once while the source slows down under them; never more than maxConcurrent.');

const cacheRules = z
  .strictObject({
    ttlMs: z.number().int().min(1).max(DAYS_30),
    staleWhileRevalidateMs: z.number().int().min(0).max(DAYS_30).default(0),
    staleIfErrorMs: z.number().int().min(0).max(DAYS_30).default(0),
    maxAgeMs: z
      .number()
      .int()
      .min(1)
      .max(DAYS_30)
      .optional()
      .describe('The legal bound: nothing older is ever answered. Required where the data is personal.'),
    negativeTtlMs: z
      .number()
      .int()
      .min(0)
      .max(DAYS_30)
      .default(0)
      .describe('How long "no such record" is good.'),
  })
  .refine(
    ({ ttlMs, maxAgeMs }) => maxAgeMs === undefined || maxAgeMs >= ttlMs,
    'maxAgeMs must not be under ttlMs',
  );

const cache = z
  .strictObject({
    maxEntries: z.number().int().min(1).max(1_000_000).default(10_000),
    maxBytes: z.number().int().min(1024).max(1_073_741_824).default(16_777_216),
  })
  .describe('Bounds of the memory for the answers of this source; what is kept is said per operation.')
  .prefault({});

/** Fills in the default that depends on another key. */
export const settleOperation = <T extends { cache?: unknown; coalesce?: boolean | undefined }>(
  operation: T,
) => ({
  ...operation,
  coalesce: operation.coalesce ?? operation.cache !== undefined,
});

const operation = z
  .strictObject({
    attemptTimeoutMs: milliseconds.optional(),
    budgetMs: milliseconds
      .optional()
      .describe('The whole time of one call within its request, waits and further attempts included.'),
    group: text.optional().describe('Operations of one group share a breaker.'),
    idempotent: z
      .boolean()
      .optional()
      .describe('May it be sent twice without harm? Default: GET yes, everything else no.'),
    cache: cacheRules.optional(),
    coalesce: z
      .boolean()
      .optional()
      .describe('Do equal calls of several requests wait for one answer? Default: where there is a cache.'),
    idempotencyKey: text
      .optional()
      .describe(
        'The header, or the top-level key of the body, by which the source knows a repeated mutation.',
      ),
  })
  .transform(settleOperation);

const localized = z.strictObject({ vi: text, en: text });
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "22:30", in quotes');
const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'a local time such as "2026-12-31T22:00", in quotes')
  .refine((value) => isTime(value), 'a day that the calendar has');

/** Date.parse rolls 31 April over into May: a time that does not come back is none. */
function isTime(value: string): boolean {
  const at = Date.parse(`${value}:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
}

const maintenance = z
  .array(
    z.union([
      z.strictObject({
        days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
        from: timeOfDay,
        to: timeOfDay.describe('Not later than `from`: the end is on the next day.'),
        text: localized.optional(),
      }),
      z
        .strictObject({ from: localTime, to: localTime, text: localized.optional() })
        .refine(({ from, to }) => to > from, 'a window must end after it begins'),
    ]),
  )
  .default([])
  .describe('When the source is under maintenance, in Vietnam time; `text` is told to callers.');

const quota = z
  .strictObject({
    perSecond: z.number().int().min(1).max(100_000).optional(),
    perDay: z
      .number()
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .describe('From midnight to midnight in Vietnam.'),
    classes: z
      .record(text, z.strictObject({ share: z.number().gt(0).max(1) }))
      .default({})
      .describe(
        'By caller class: refused when this share of the quota is used; the rest is kept for the others.',
      ),
  })
  .optional()
  .describe('How often the source lets itself be called.');

/** Spread into the manifest's schema. */
export const guardKeys = {
  breaker,
  cache,
  quota,
  retry,
  hedge,
  maintenance,
  operations: z
    .record(text, operation)
    .default({})
    .describe('By operation: the id of its @connect, else its coordinate, e.g. Citizen or Delivery.events.'),
};
