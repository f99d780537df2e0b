// What a guard is told of its source: limits and times, all with defaults. `registry/` takes them from a manifest; `contract.ts` has
// what a guard does and tells.
import type { LocalizedText } from '../errors.ts';

export interface BreakerOptions {
  /** Share of failed calls from which the breaker opens, 0 < rate ≤ 1. Default 0.5. */
  readonly failureRate?: number | undefined;
  /** Calls in the window before it may open, ≥ 1. Default 8. */
  readonly minimumCalls?: number | undefined;
  /** Failures one after the other that open it whatever the rate, ≥ 1. All within the window. Default: `minimumCalls`, at least 2. */
  readonly failuresInARow?: number | undefined;
  /** Length of the rolling window, ms. Default 10000. */
  readonly windowMs?: number | undefined;
  /** How long it stays open before it probes, ms. Default 5000. */
  readonly openMs?: number | undefined;
  /** Calls under way at once while half-open, and good answers needed to close. Default 2. */
  readonly probes?: number | undefined;
  /** An answer that took so long is slow, ms; absent: none is. */
  readonly slowCallMs?: number | undefined;
  /** Share of slow answers among the calls of the window from which the breaker opens, 0 < rate ≤ 1. Default 0.5. */
  readonly slowCallRate?: number | undefined;
  /**
   * After the probes, the time in which the share of calls let through grows from a quarter to all, ms. Still HALF_OPEN.
   * Default 0: all at once.
   */
  readonly recoverMs?: number | undefined;
}

export interface BulkheadOptions {
  /** Calls that run at once. Default 64. */
  readonly maxConcurrent?: number | undefined;
  /** Calls that wait. Default 512. */
  readonly maxWaiting?: number | undefined;
  /** How long a call waits for its turn, ms. Default 5000. */
  readonly maxWaitMs?: number | undefined;
  /** The calls that run at once become fewer while the source slows down under them. Absent: always `maxConcurrent`. */
  readonly adaptive?: AdaptiveOptions | undefined;
}

export interface AdaptiveOptions {
  /** Never fewer than this, ≥ 1. Default 1. */
  readonly minConcurrent?: number | undefined;
}

/** Another attempt for calls that may be sent twice. */
export interface RetryOptions {
  /** Attempts of one call, the first included, ≥ 1; 1 turns retries off. Default 2. */
  readonly maxAttempts?: number | undefined;
  /** The wait before the second attempt is random between 0 and this, ms; it doubles for each further one. Default 100. */
  readonly baseMs?: number | undefined;
  /** The random wait is at most this, ms. Default 1000. */
  readonly maxDelayMs?: number | undefined;
  /** A source that asks for a longer wait than this is not asked again, ms. Default 2000. */
  readonly maxRetryAfterMs?: number | undefined;
  /** Retries per call over time, 0 ≤ share ≤ 1. Default 0.1. */
  readonly budgetShare?: number | undefined;
  /** Retries per minute that are allowed however few calls there are, ≥ 0. Default 3. */
  readonly budgetFloorPerMinute?: number | undefined;
  /** Most retries that can be saved up, ≥ 1. Default 10. */
  readonly budgetMost?: number | undefined;
}

/** A second attempt beside one that is slow. Only for calls that may be sent twice, paid from the retry budget. */
export interface HedgeOptions {
  /** It is sent after the time in which this share of the operation's recent good answers came, 0 < share < 1. Default 0.95. */
  readonly quantile?: number | undefined;
  /** Good answers that must be known before any is sent, ≥ 1. Default 50. */
  readonly minimumCalls?: number | undefined;
  /** Never sent sooner, ms. Default 10. */
  readonly minDelayMs?: number | undefined;
  /** Sent after this at the latest, ms. Default 1000. */
  readonly maxDelayMs?: number | undefined;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** When the source is under maintenance, in Vietnam time (Asia/Ho_Chi_Minh). `text` is public. */
export type MaintenanceWindow =
  /** Every week on these days, from `HH:mm` to `HH:mm`; an end that is not later is that of the next day. */
  | {
      readonly days: readonly Weekday[];
      readonly from: string;
      readonly to: string;
      readonly text?: LocalizedText | undefined;
    }
  /** Once, from `yyyy-MM-ddTHH:mm` to `yyyy-MM-ddTHH:mm`. */
  | { readonly from: string; readonly to: string; readonly text?: LocalizedText | undefined };

/** How often the source lets itself be called. Absent: as often as one likes. */
export interface QuotaOptions {
  /** Calls in one second of the clock, ≥ 1. */
  readonly perSecond?: number | undefined;
  /** Calls from midnight to midnight in Vietnam, ≥ 1. */
  readonly perDay?: number | undefined;
  /**
   * By caller class, e.g. `batch`: it is refused when all classes together have used this share of the quota, 0 < share ≤ 1. The
   * rest is kept for the others. A class that is not named may use all.
   */
  readonly classes?: Readonly<Record<string, { readonly share: number }>> | undefined;
}

/** How long the answers of one operation are good. Times from the moment the source answered, ms. */
export interface CacheRules {
  /** Answered from memory, CACHED. */
  readonly ttlMs: number;
  /** After `ttlMs`, so much longer: answered from memory, STALE, while a new answer is fetched. Default 0. */
  readonly staleWhileRevalidateMs?: number | undefined;
  /** After `ttlMs`, so much longer: answered from memory, STALE, when the source cannot be asked. Default 0. */
  readonly staleIfErrorMs?: number | undefined;
  /** The legal bound: nothing older is ever answered. Default: none but the times above. */
  readonly maxAgeMs?: number | undefined;
  /** How long "there is no such record" is good. Default 0: it is asked again. */
  readonly negativeTtlMs?: number | undefined;
}

/** Bounds of the memory that one source's answers take. */
export interface CacheLimits {
  /** Default 10000. */
  readonly maxEntries?: number | undefined;
  /** Default 16777216. */
  readonly maxBytes?: number | undefined;
}

/** What differs for one operation of the source. */
export interface OperationOptions {
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * The whole time of one call within its request, waits and further attempts included, ms; then DEADLINE_EXCEEDED. Default: the
   * request's deadline.
   */
  readonly budgetMs?: number | undefined;
  /** Operations of one group share a breaker. Default: the operation's own name. */
  readonly group?: string | undefined;
  /** Default: answers are not kept. */
  readonly cache?: CacheRules | undefined;
  /** Do calls with the same key wait for one answer? Default: where there is a cache. */
  readonly coalesce?: boolean | undefined;
}

export interface GuardOptions {
  /** Connector id, for errors and transitions. */
  readonly connector: string;
  /** Limit of one attempt, ms. Default 2000. */
  readonly attemptTimeoutMs?: number | undefined;
  readonly breaker?: BreakerOptions | undefined;
  readonly bulkhead?: BulkheadOptions | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Absent: no second attempts beside one under way. */
  readonly hedge?: HedgeOptions | undefined;
  readonly cache?: CacheLimits | undefined;
  readonly quota?: QuotaOptions | undefined;
  readonly maintenance?: readonly MaintenanceWindow[] | undefined;
  readonly operations?: Readonly<Record<string, OperationOptions>> | undefined;
}
