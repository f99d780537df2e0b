// The keys of `connector.yaml` for single operations, and for when and how often the source may be called.
import { z } from 'zod';
import { about, isTime, localizedText, milliseconds, text } from '../manifest-keys.ts';
import { argumentBounds } from './argument-keys.ts';
import { paging } from './paging-keys.ts';
import { poll } from './poll-keys.ts';

const DAYS_30 = 2_592_000_000;
const upTo30Days = z.number().int().min(0).max(DAYS_30).default(0);

const cache = z
  .strictObject({
    ttlMs: z
      .number()
      .int()
      .min(1)
      .max(DAYS_30)
      .meta(about('An answer is served from memory as CACHED for this long.', 60_000, { unit: 'ms' })),
    staleWhileRevalidateMs: upTo30Days.meta(
      about('Time after `ttlMs` in which an answer is served as STALE while a new one is fetched.', 30_000, {
        unit: 'ms',
      }),
    ),
    staleIfErrorMs: upTo30Days.meta(
      about(
        'Time after `ttlMs` in which an answer is served as STALE when the source cannot be called.',
        3_600_000,
        {
          unit: 'ms',
        },
      ),
    ),
    maxAgeMs: z
      .number()
      .int()
      .min(1)
      .max(DAYS_30)
      .optional()
      .meta(
        about('Legal bound: nothing older is ever served. Required for personal data.', 86_400_000, {
          unit: 'ms',
          whenAbsent: 'the times above alone',
        }),
      ),
    revalidateMs: upTo30Days.meta(
      about(
        'Time after `ttlMs` in which an answer with an ETag or a Last-Modified is kept, and asked for again conditionally: a 304 of the source renews it. For requests by GET.',
        3_600_000,
        { unit: 'ms' },
      ),
    ),
    negativeTtlMs: upTo30Days.meta(
      about('How long "there is no such record" is reused.', 10_000, { unit: 'ms' }),
    ),
  })
  .refine(
    ({ ttlMs, maxAgeMs }) => maxAgeMs === undefined || maxAgeMs >= ttlMs,
    'maxAgeMs must not be under ttlMs',
  )
  .optional()
  .meta(
    about(
      'Keeps the answers of this operation in memory.',
      { ttlMs: 60_000, staleIfErrorMs: 3_600_000, maxAgeMs: 86_400_000 },
      { whenAbsent: 'answers are not kept' },
    ),
  );

/** Fills in the default that depends on another key. */
export const settleOperation = <T extends { cache?: unknown; coalesce?: boolean | undefined }>(
  operation: T,
) => ({
  ...operation,
  coalesce: operation.coalesce ?? operation.cache !== undefined,
});

const operation = z
  .strictObject({
    attemptTimeoutMs: milliseconds
      .optional()
      .meta(about('Time limit of one attempt.', 5000, { whenAbsent: '`limits.attemptTimeoutMs`' })),
    budgetMs: milliseconds.optional().meta(
      about('Total time of a call within its request, waits and further attempts included.', 4000, {
        whenAbsent: 'the deadline of the request',
      }),
    ),
    group: text
      .optional()
      .meta(
        about('Operations of one group share a breaker.', 'lookups', { whenAbsent: 'a breaker of its own' }),
      ),
    idempotent: z
      .boolean()
      .optional()
      .meta(
        about(
          'The operation may be sent twice without harm: after a failure, and when the source closes a kept socket.',
          true,
          {
            whenAbsent:
              '`true` for look-ups, whatever their HTTP method; `false` for fields of `Mutation`, unless the request carries the `idempotencyKey`',
          },
        ),
      ),
    cache,
    coalesce: z
      .boolean()
      .optional()
      .meta(
        about('Equal calls of several requests wait for one answer.', true, {
          whenAbsent: '`true` when there is a `cache`',
        }),
      ),
    idempotencyKey: text.optional().meta(
      about(
        'Header, or top-level key of the body, by which the source recognises a repeated mutation.',
        'Idempotency-Key',
        {
          whenAbsent: 'a mutation is sent once',
        },
      ),
    ),
    sourceRecognisesKey: z
      .boolean()
      .default(true)
      .meta(
        about(
          'Whether the source recognises a repetition by the `idempotencyKey`. `false`: the gateway alone does; a mutation whose outcome is unknown is then never sent again.',
          false,
        ),
      ),
    rememberMs: z
      .number()
      .int()
      .min(60_000)
      .max(DAYS_30)
      .default(86_400_000)
      .meta(
        about(
          'Time for which the gateway answers repetitions with the same `idempotencyKey` from the store. Answers may contain personal data: not longer than needed.',
          3_600_000,
          { unit: 'ms' },
        ),
      ),
    arguments: argumentBounds,
    paging,
    poll,
  })
  .transform(settleOperation)
  .meta(about('Settings of one operation.', { attemptTimeoutMs: 5000, cache: { ttlMs: 60_000 } }));

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "22:30", in quotes');
const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'a local time such as "2026-12-31T22:00", in quotes')
  .refine((value) => isTime(`${value}Z`), 'a day that the calendar has');
const windowText = localizedText
  .optional()
  .meta(
    about(
      'Shown to callers.',
      { vi: 'Bảo trì hằng tuần.', en: 'Weekly maintenance.' },
      { whenAbsent: 'a general text' },
    ),
  );

const maintenance = z
  .array(
    z.union([
      z
        .strictObject({
          days: z
            .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
            .min(1)
            .meta(about('Days on which the window begins.', ['sat', 'sun'])),
          from: timeOfDay.meta(about('Beginning, in Vietnam time.', '22:00')),
          to: timeOfDay.meta(about('End; not later than `from`: on the next day.', '02:00')),
          text: windowText,
        })
        .meta(about('Every week.', { days: ['sun'], from: '22:00', to: '02:00' })),
      z
        .strictObject({
          from: localTime.meta(about('Beginning, in Vietnam time.', '2026-12-31T22:00')),
          to: localTime.meta(about('End, in Vietnam time.', '2027-01-01T04:00')),
          text: windowText,
        })
        .refine(({ from, to }) => to > from, 'a window must end after it begins')
        .meta(about('Once.', { from: '2026-12-31T22:00', to: '2027-01-01T04:00' })),
    ]),
  )
  .default([])
  .meta(
    about('When the source is under maintenance: calls are refused with MAINTENANCE.', [
      { days: ['sun'], from: '22:00', to: '02:00' },
    ]),
  );

const quota = z
  .strictObject({
    perSecond: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta(about('Calls per second of the clock.', 20, { unit: 'calls', whenAbsent: 'not limited' })),
    perDay: z
      .number()
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .meta(
        about('Calls from midnight to midnight in Vietnam.', 100_000, {
          unit: 'calls',
          whenAbsent: 'not limited',
        }),
      ),
    classes: z
      .record(
        text,
        z
          .strictObject({
            share: z
              .number()
              .gt(0)
              .max(1)
              .meta(about('Share of the quota.', 0.5, { unit: 'share' })),
          })
          .meta(about('Bound of one caller class.', { share: 0.5 })),
      )
      .default({})
      .meta(
        about(
          'By caller class: its calls are refused once this share of the quota is used; the rest is kept for the others.',
          { batch: { share: 0.5 } },
        ),
      ),
  })
  .optional()
  .meta(
    about(
      'How many calls the source accepts. Calls beyond it are refused with QUOTA_EXCEEDED.',
      { perSecond: 20, perDay: 100_000, classes: { batch: { share: 0.5 } } },
      { whenAbsent: 'not limited' },
    ),
  );

export const operationKeys = {
  operations: z
    .record(text, operation)
    .prefault({})
    .meta(
      about(
        'Settings per operation, by the `id` of its `@connect`, else by its coordinate, e.g. `Citizen` or `Delivery.events`.',
        { 'Delivery.events': { attemptTimeoutMs: 5000, cache: { ttlMs: 60_000 } } },
      ),
    ),
  maintenance,
  quota,
};
