// The limits and times of a guard. Values only: defaults, ranges and their descriptions are the manifest's
// (`src/manifest/`, docs/manifest.md). An option that may be `undefined` switches its step off.
import type { LocalizedText } from '../errors.ts';

export interface BreakerOptions {
  /** Share of failed calls at which the breaker opens, 0 < rate ≤ 1. */
  readonly failureRate: number;
  /** Calls in the window before the rates are judged, ≥ 1. */
  readonly minimumCalls: number;
  /** Consecutive failures within the window that open it whatever the rate, ≥ 1. */
  readonly failuresInARow: number;
  /** Length of the rolling window, ms. */
  readonly windowMs: number;
  /** Time open before probes are admitted, ms. */
  readonly openMs: number;
  /** Concurrent calls while half-open, and successes needed to close. */
  readonly probes: number;
  /** Answers taking at least this many ms count as slow. Unset: none do. */
  readonly slowCallMs?: number | undefined;
  /** Share of slow answers in the window at which the breaker opens, 0 < rate ≤ 1. */
  readonly slowCallRate: number;
  /** After the probes, the time in which the share of admitted calls grows from a quarter to all, ms. Still HALF_OPEN. 0: all at once. */
  readonly recoverMs: number;
}

export interface BulkheadOptions {
  /** Concurrent calls. */
  readonly maxConcurrent: number;
  /** Calls in the queue. */
  readonly maxWaiting: number;
  /** Time in the queue, ms. */
  readonly maxWaitMs: number;
  /** Lowers the number of concurrent calls while the source slows down under them. Unset: always `maxConcurrent`. */
  readonly adaptive?: AdaptiveOptions | undefined;
}

export interface AdaptiveOptions {
  /** The limit never falls below this, ≥ 1. */
  readonly minConcurrent: number;
}

/** What a source that asks for fewer calls (429, 503 with Retry-After, a code in the body) is spared. */
export interface ThrottleOptions {
  /** Which calls are held back: those of the operation (or its group), or of all operations of the source. */
  readonly scope: 'operation' | 'source';
  /** Hold after a refusal that names no time, ms; doubled with each further refusal in a row. */
  readonly defaultHoldMs: number;
  /** Longest hold, whatever the source asks for, ms. */
  readonly maxHoldMs: number;
}

/** Another attempt for calls that may be sent twice. */
export interface RetryOptions {
  /** Attempts of one call, the first included, ≥ 1; 1 turns retries off. */
  readonly maxAttempts: number;
  /** The wait before the second attempt is random between 0 and this, ms; it doubles for each further attempt. */
  readonly baseMs: number;
  /** Upper bound of the random wait, ms. */
  readonly maxDelayMs: number;
  /** No retry when the source asks for a longer wait than this, ms. */
  readonly maxRetryAfterMs: number;
  /** Retries per call over time, 0 ≤ share ≤ 1. */
  readonly budgetShare: number;
  /** Retries per minute that are allowed however few calls there are, ≥ 0. */
  readonly budgetFloorPerMinute: number;
}

/** A second attempt beside a slow first one. Only for calls that may be sent twice; paid from the retry budget. */
export interface HedgeOptions {
  /** The second attempt is sent after this quantile of the operation's recent successful latencies, 0 < quantile < 1. */
  readonly quantile: number;
  /** Successful answers that are needed before the first hedge, ≥ 1. */
  readonly minimumCalls: number;
  /** Earliest, ms. */
  readonly minDelayMs: number;
  /** Latest, ms. */
  readonly maxDelayMs: number;
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

export interface QuotaLimits {
  /** Calls per second of the clock, ≥ 1. Unset: not limited. */
  readonly perSecond?: number | undefined;
  /** Calls from midnight to midnight in Vietnam, ≥ 1. Unset: not limited. */
  readonly perDay?: number | undefined;
}

/** How many calls the source accepts. */
export interface QuotaOptions extends QuotaLimits {
  /**
   * By caller class, e.g. `batch`: refused once all classes together have used this share of the quota, 0 < share ≤ 1. The rest
   * is kept for the others. A class that is not named may use all.
   */
  readonly classes: Readonly<Record<string, { readonly share: number }>>;
}

/** How long the answers of an operation may be reused, ms from the moment the source answered. */
export interface CacheRules {
  /** Served from memory as CACHED. */
  readonly ttlMs: number;
  /** Time after `ttlMs` in which an answer is served as STALE while a new answer is fetched. */
  readonly staleWhileRevalidateMs: number;
  /** Time after `ttlMs` in which an answer is served as STALE when the source cannot be called. */
  readonly staleIfErrorMs: number;
  /** Time after `ttlMs` in which a renewable answer is kept to be renewed (`GuardDeps.isRenewable`). Default: 0. */
  readonly revalidateMs?: number | undefined;
  /** The legal bound: nothing older is ever served. Unset: the times above alone. */
  readonly maxAgeMs?: number | undefined;
  /** How long "there is no such record" is reused. 0: it is not. */
  readonly negativeTtlMs: number;
}

/** Bounds of the memory for the answers of a source. */
export interface CacheLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Settings of one operation. */
export interface OperationOptions {
  /** Unset: that of the source. */
  readonly attemptTimeoutMs?: number | undefined;
  /** Total time of a call within its request, waits and further attempts included, ms; then DEADLINE_EXCEEDED. Unset: the request's deadline. */
  readonly budgetMs?: number | undefined;
  /** Operations of a group share a breaker. Unset: the operation has its own. */
  readonly group?: string | undefined;
  /** Unset: answers are not kept. */
  readonly cache?: CacheRules | undefined;
  /** Calls with the same key wait for one answer. */
  readonly coalesce: boolean;
}

export interface GuardOptions {
  /** Connector id, for errors and transitions. */
  readonly connector: string;
  /** Time limit of an attempt, ms. */
  readonly attemptTimeoutMs: number;
  readonly breaker: BreakerOptions;
  readonly bulkhead: BulkheadOptions;
  /** Unset: a refusal because of too many calls affects its own call only. */
  readonly throttle?: ThrottleOptions | undefined;
  readonly retry: RetryOptions;
  /** Unset: no second attempt beside a slow one. */
  readonly hedge?: HedgeOptions | undefined;
  readonly cache: CacheLimits;
  /** Unset: not limited. */
  readonly quota?: QuotaOptions | undefined;
  readonly maintenance: readonly MaintenanceWindow[];
  /** By name; an operation that is not named has the settings of the source. */
  readonly operations: Readonly<Record<string, OperationOptions>>;
}
