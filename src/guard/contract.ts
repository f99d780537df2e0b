// The shapes of a guard: what it is told, what it tells. `registry/` makes one guard per source from a manifest.
// A guard knows neither HTTP nor GraphQL: an attempt is any function that takes a signal and gives a promise.
import type { BreakerState, ErrorCode, LocalizedText } from '../errors.ts';
import type { QuotaLedger } from './quota-ledger.ts';

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

/** An operator's word. OPEN: calls pass, maintenance or not (the breaker still guards). CLOSED: none passes. */
export interface GateSetting {
  readonly gate: 'OPEN' | 'CLOSED' | 'AUTOMATIC';
  /** For operators. */
  readonly reason?: string | undefined;
  /** Epoch ms; AUTOMATIC afterwards. Default: until the next word. */
  readonly until?: number | undefined;
  /** Epoch ms of the word; for operators. */
  readonly since?: number | undefined;
  /** What callers are told while CLOSED. */
  readonly text?: LocalizedText | undefined;
}

export interface GateState extends GateSetting {
  /** Do calls pass now? */
  readonly passes: boolean;
  /** The window of now, else the next one; epoch ms. */
  readonly maintenance?: {
    readonly from: number;
    readonly to: number;
    readonly text?: LocalizedText | undefined;
  };
}

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

export interface QuotaState {
  readonly perSecond?: QuotaUse;
  readonly perDay?: QuotaUse;
}

export interface QuotaUse {
  readonly limit: number;
  readonly used: number;
  /** Epoch ms. */
  readonly refillsAt: number;
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

/** What an answer must say of itself to be kept. Structurally the part of connect's `ConnectAnswer`; anything else is not kept. */
export interface GuardedAnswer {
  /** Epoch ms of the source's answer. */
  readonly fetchedAt: number;
  readonly freshness: 'LIVE' | 'CACHED' | 'STALE';
  readonly notFound?: boolean;
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

/** A breaker changed its state. */
export interface BreakerTransition {
  readonly connector: string;
  /** The operation, or the group it belongs to. */
  readonly operation: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Epoch ms. */
  readonly at: number;
  /**
   * Why: the code of the failure that opened it, or `SLOW_CALLS`; `WAITED` for half-open, or `ASKED` by an operator;
   * `PROBES_SUCCEEDED` for closed, or `RECOVERED` where that took its time.
   */
  readonly cause: ErrorCode | 'SLOW_CALLS' | 'WAITED' | 'ASKED' | 'PROBES_SUCCEEDED' | 'RECOVERED';
  /** Of the window that ended with this transition. */
  readonly counts: { readonly calls: number; readonly failures: number; readonly slow?: number };
  /** To OPEN: the requests that met the failures, or slow answers, that led to it; the last five, newest first. */
  readonly requestIds?: readonly string[];
}

export interface GuardDeps {
  /** Epoch ms. Default `Date.now`. */
  readonly now?: () => number;
  /** Must not throw: a listener's mistake is swallowed, a call must not fail for it. */
  readonly onTransition?: (transition: BreakerTransition) => void;
  /** Counts the quota. Default: in memory, for this process alone. */
  readonly quotaLedger?: QuotaLedger;
  /** 0 ≤ x < 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
}

/** What one call needs to know of the request it serves. Structurally part of connect's `CallScope`. */
export interface GuardScope {
  /** Aborts at the deadline (reason: DEADLINE_EXCEEDED) or when the client has gone (reason: CANCELLED). */
  readonly signal: AbortSignal;
  /** Epoch ms. */
  readonly deadlineAt: number;
  /** Named by a transition that its failures lead to. */
  readonly requestId?: string;
}

/** What one call says of itself. Without it a call is sent once, and for itself alone. */
export interface GuardCall {
  /** May the source be asked twice without harm? */
  readonly idempotent: boolean;
  /**
   * Everything the answer depends on: the inputs, and for personal data who asks and what for. The same text, the same answer.
   * Without it the answer is for this call alone.
   */
  readonly key?: string | undefined;
  /** In whose name, for the quota's shares, e.g. `citizen`, `batch`. */
  readonly callerClass?: string | undefined;
  /**
   * It changes something: once its first attempt has begun nobody cancels it. Its caller is told of its own end (CANCELLED,
   * DEADLINE_EXCEEDED) at once; the call goes on, further attempts included, within the limits of its attempts.
   */
  readonly runsToItsEnd?: boolean | undefined;
}

/** @param refresh `true` when nobody waits: the answer renews one that is kept. */
export type Attempt<T> = (signal: AbortSignal, refresh?: boolean) => Promise<T>;

export interface OperationState {
  readonly operation: string;
  readonly breaker: BreakerState;
  /** Epoch ms of the last change, or of the guard's making. */
  readonly since: number;
  /** Code of the failure that opened it, UPSTREAM_TIMEOUT for slow answers; absent while closed. */
  readonly reason?: ErrorCode;
  /** Ms until the next probe; only while open. */
  readonly retryAfterMs?: number;
}

export interface GuardLoad {
  readonly running: number;
  readonly waiting: number;
  /** Calls that may run at once at the moment. */
  readonly limit: number;
}

export interface GuardFigures {
  readonly cache: {
    readonly entries: number;
    readonly bytes: number;
    /** Answered CACHED, answered STALE, and asked. */
    readonly hits: number;
    readonly stale: number;
    readonly misses: number;
  };
  /** `undefined` when nothing is limited. */
  readonly quota: QuotaState | undefined;
  readonly coalesced: { readonly underWay: number; readonly joined: number };
  /** Calls that a step has turned away before they reached the source; a retry or a hedge that was not made is none. */
  readonly refused: {
    readonly gate: number;
    readonly quota: number;
    readonly bulkhead: number;
    readonly breaker: number;
  };
  /** Retries made, and how many attempts more (hedges, too) the budget has room for; `undefined` when there are neither. */
  readonly retry: { readonly budget: number; readonly retries: number } | undefined;
  /** Second attempts sent beside a slow one, and those whose answer was taken; `undefined` when there are none. */
  readonly hedge: { readonly sent: number; readonly won: number } | undefined;
}

export interface Guard {
  /**
   * Runs an attempt when the source may be called, within its time; or gives what is known or being asked already.
   * @throws GatewayError always: MAINTENANCE, QUOTA_EXCEEDED, BULKHEAD_FULL, CIRCUIT_OPEN, UPSTREAM_TIMEOUT, DEADLINE_EXCEEDED, CANCELLED, what the attempt
   * threw, or INTERNAL_SERVER_ERROR with its cause when that was no GatewayError. With connector, operation, breaker.
   */
  run<T>(operation: string, attempt: Attempt<T>, scope: GuardScope, call?: GuardCall): Promise<T>;
  /** Opens, closes or releases the gate of this process's guard; `src/replicas/` tells it to all. */
  setGate(setting: GateSetting): void;
  gate(): GateState;
  /** Forgets every answer, those under way included. @returns how many were kept */
  dropCache(): number;
  state(operation: string): OperationState;
  /** Of every operation (or group) that was called so far. */
  states(): OperationState[];
  /** The last twenty, newest first. */
  transitions(): readonly BreakerTransition[];
  /**
   * Open breakers let their probes through now rather than after `openMs`.
   * @param operation default: all. @returns how many were open
   */
  probeNow(operation?: string): number;
  load(): GuardLoad;
  /** What the steps around the breaker have counted. */
  figures(): GuardFigures;
  /**
   * Waiting calls fail with CANCELLED, later ones too, at once; running ones end by themselves. No timer stays.
   * Resolves when no begun call that runs to its end is under way: after the attempts' limits at the latest. What carries the
   * attempts must stay open until then.
   */
  close(): Promise<void>;
}
