// The shapes of a guard at work: what a call says of itself, what a guard does and tells. What it is told of its source is `options.ts`.
// A guard knows neither HTTP nor GraphQL: an attempt is any function that takes a signal and gives a promise.
import type { BreakerState, ErrorCode, LocalizedText } from '../errors.ts';
import type { QuotaLedger } from './quota/quota-ledger.ts';

export type * from './options.ts';

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

/** What an answer must say of itself to be kept. Structurally the part of connect's `ConnectAnswer`; anything else is not kept. */
export interface GuardedAnswer {
  /** Epoch ms of the source's answer. */
  readonly fetchedAt: number;
  readonly freshness: 'LIVE' | 'CACHED' | 'STALE';
  readonly notFound?: boolean;
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
