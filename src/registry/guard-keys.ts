// The keys of `connector.yaml` that steer the guard: limits of the steps around a call, and what differs per operation.
// Read by `manifest.ts`; `guard-spec.ts` turns them into options of `src/guard`.
import { z } from 'zod';

const text = z.string().min(1);
const milliseconds = z.number().int().min(1).max(600_000);

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

const operation = z.strictObject({
  attemptTimeoutMs: milliseconds.optional(),
  group: text.optional().describe('Operations of one group share a breaker.'),
  idempotent: z
    .boolean()
    .optional()
    .describe('May it be sent twice without harm? Default: GET yes, everything else no.'),
  idempotencyKey: text
    .optional()
    .describe('The header, or the top-level key of the body, by which the source knows a repeated mutation.'),
});

/** Spread into the manifest's schema. */
export const guardKeys = {
  retry,
  operations: z
    .record(text, operation)
    .default({})
    .describe('By operation: the id of its @connect, else its coordinate, e.g. Citizen or Delivery.events.'),
};
