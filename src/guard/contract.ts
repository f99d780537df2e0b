// The interface of a guard: its dependencies, its calls and its state. The settings of a source are in `options.ts`.
// A guard does not depend on HTTP or GraphQL: an attempt is any function that takes an AbortSignal and returns a promise.
import type { BreakerState, ErrorCode, LocalizedText } from '../errors.ts';
import type { QuotaLedger } from './quota/quota-ledger.ts';
import type { RejectionFigures } from './rejection-counts.ts';

export type * from './options.ts';

/**
 * A setting by an operator. OPEN: calls pass, also in a maintenance window; the breaker still applies. CLOSED: no call passes.
 * AUTOMATIC: the maintenance windows decide.
 */
export interface GateSetting {
  readonly gate: 'OPEN' | 'CLOSED' | 'AUTOMATIC';
  /** For operators. */
  readonly reason?: string | undefined;
  /** Epoch ms; AUTOMATIC afterwards. Default: until the next setting. */
  readonly until?: number | undefined;
  /** Epoch ms at which the operator made it; for operators. */
  readonly since?: number | undefined;
  /** Public text for callers while CLOSED. */
  readonly text?: LocalizedText | undefined;
}

export interface GateState extends GateSetting {
  /** Do calls pass now? */
  readonly passes: boolean;
  /** The current maintenance window, or else the next; epoch ms. */
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

/** What the cache requires of an answer: a structural part of connect's `ConnectAnswer`. Other values are not cached. */
export interface GuardedAnswer {
  /** Epoch ms at which the source answered. */
  readonly fetchedAt: number;
  readonly freshness: 'LIVE' | 'CACHED' | 'STALE';
  readonly notFound?: boolean;
}

/**
 * The rule that opened a breaker: so many failures in a row, the share of failures or of slow answers in the window, or a probe that
 * failed or was slow.
 */
export type BreakerTrigger = 'FAILURES_IN_A_ROW' | 'FAILURE_RATE' | 'SLOW_CALLS' | 'PROBE_FAILED';

/** A change of a breaker's state. */
export interface BreakerTransition {
  readonly connector: string;
  /** The operation, or the group it belongs to. */
  readonly operation: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Epoch ms. */
  readonly at: number;
  /**
   * To OPEN: the code of the failure that opened it, or `SLOW_CALLS`. To HALF_OPEN: `WAITED` when the open time was over, or
   * `REQUESTED` by an operator. To CLOSED: `PROBES_SUCCEEDED`, or `RECOVERED` after a recovery time.
   */
  readonly cause: ErrorCode | 'SLOW_CALLS' | 'WAITED' | 'REQUESTED' | 'PROBES_SUCCEEDED' | 'RECOVERED';
  /** To OPEN: the rule that opened it. */
  readonly trigger?: BreakerTrigger | undefined;
  /** To OPEN: failures since the last success, the last one included. */
  readonly failuresInARow?: number | undefined;
  /** Counts of the window that ended with this transition. */
  readonly counts: { readonly calls: number; readonly failures: number; readonly slow?: number };
  /** To OPEN: the last five requests with a failure or a slow answer that contributed, newest first. */
  readonly requestIds?: readonly string[];
}

/** Calls are held back because the source asked for it. */
export interface Hold {
  /** The operation, or the group it belongs to; `undefined`: all operations of the source. */
  readonly operation: string | undefined;
  /** Epoch ms by `GuardDeps.sharedNow`. */
  readonly until: number;
}

export interface GuardDeps {
  /** Epoch ms. Default `Date.now`. */
  readonly now?: () => number;
  /** Epoch ms by the clock that all gateways on a store share: decides gates, holds and the windows of quotas. Default `now`. */
  readonly sharedNow?: (() => number) | undefined;
  /** Errors that it throws are ignored: a call must not fail because of a listener. */
  readonly onTransition?: (transition: BreakerTransition) => void;
  /** Default: counts in memory, for this process alone. */
  readonly quotaLedger?: QuotaLedger;
  /**
   * Total time in which the event loop of this process stood still, ms (`src/observe/event-loop.ts`). It is subtracted from the time of
   * an attempt. Default: none.
   */
  readonly stalledMs?: (() => number) | undefined;
  /** Whether an attempt that knows this answer can renew it. Default: never. */
  readonly isRenewable?: ((answer: GuardedAnswer) => boolean) | undefined;
  /** Called when the source asks for fewer calls; errors that it throws are ignored. */
  readonly onHold?: (hold: Hold) => void;
  /** 0 ≤ x < 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
}

/** The request that a call belongs to: a structural part of connect's `CallScope`. */
export interface GuardScope {
  /** Aborts at the deadline (reason: DEADLINE_EXCEEDED) or when the client disconnects (reason: CANCELLED). */
  readonly signal: AbortSignal;
  /** Epoch ms. */
  readonly deadlineAt: number;
  /** Published with a transition that failures of this request contributed to. */
  readonly requestId?: string;
}

/** Properties of a call. Default: it is sent once and shares no answer. */
export interface GuardCall {
  /** Can the call be repeated without harm? */
  readonly idempotent: boolean;
  /**
   * Everything the answer depends on: the inputs, and for personal data the caller and the purpose. Calls with equal keys may
   * receive the same answer. Unset: the answer is not shared.
   */
  readonly key?: string | undefined;
  /** For the shares of the quota, e.g. `citizen`, `batch`. */
  readonly callerClass?: string | undefined;
  /**
   * For mutations: the call is not cancelled once its first attempt has begun. A caller that leaves receives CANCELLED or
   * DEADLINE_EXCEEDED at once; the call completes, further attempts included, within the time limits of its attempts.
   */
  readonly runsToCompletion?: boolean | undefined;
}

/**
 * @param refresh `true` for a background refresh of a cached answer, for which no caller waits
 * @param known a cached answer that is no longer fresh
 */
export type Attempt<T> = (signal: AbortSignal, refresh?: boolean, known?: T) => Promise<T>;

export interface OperationState {
  readonly operation: string;
  readonly breaker: BreakerState;
  /** Epoch ms of the last change, or of the creation of the guard. */
  readonly since: number;
  /** Code of the failure that opened the breaker, UPSTREAM_TIMEOUT for slow answers; absent while closed. */
  readonly reason?: ErrorCode;
  /** The rule that opened the breaker, and the failures since the last success then; absent while closed. */
  readonly openedBy?: { readonly trigger: BreakerTrigger; readonly failuresInARow: number };
  /** Ms until calls are let through again; absent while they are. */
  readonly retryAfterMs?: number;
  /** Are calls held back because the source asked for fewer? */
  readonly heldBack?: true;
}

export interface GuardLoad {
  readonly running: number;
  readonly waiting: number;
  /** Current limit of concurrent calls. */
  readonly limit: number;
}

export interface GuardFigures {
  readonly cache: {
    readonly entries: number;
    readonly bytes: number;
    /** Calls answered CACHED, answered STALE, and not answered from the cache. */
    readonly hits: number;
    readonly stale: number;
    readonly misses: number;
  };
  /** `undefined` without a quota. */
  readonly quota: QuotaState | undefined;
  readonly coalesced: { readonly underWay: number; readonly joined: number };
  /** Calls that a step rejected before they reached the source. Retries and hedges that were not sent do not count. */
  readonly rejected: RejectionFigures;
  /** Further attempts (retries and hedges) that the budget allows, and retries made; `undefined` without retries and hedges. */
  readonly retry: { readonly budget: number; readonly retries: number } | undefined;
  /** Hedges sent, and those whose answer was used; `undefined` without hedges. */
  readonly hedge: { readonly sent: number; readonly won: number } | undefined;
}

export interface Guard {
  /**
   * Makes a call: from the cache, from an equal call under way, or by attempts within their limits.
   * @throws GatewayError, always with connector, operation and breaker: MAINTENANCE, UPSTREAM_THROTTLED, QUOTA_EXCEEDED, BULKHEAD_FULL, CIRCUIT_OPEN,
   * UPSTREAM_TIMEOUT, DEADLINE_EXCEEDED, CANCELLED, the error of the attempt, or INTERNAL_SERVER_ERROR whose cause is that error
   * if it was not a GatewayError
   */
  run<T>(operation: string, attempt: Attempt<T>, scope: GuardScope, call?: GuardCall): Promise<T>;
  /** Opens, closes or releases the gate of this guard. `src/replicas/` distributes the setting to other processes. */
  setGate(setting: GateSetting): void;
  gate(): GateState;
  /** Holds calls back as another process was asked to. Never shortens a hold, never calls `onHold`. */
  holdBack(hold: Hold): void;
  /** Drops all cached answers; answers of calls under way are not cached. @returns how many were dropped */
  dropCache(): number;
  state(operation: string): OperationState;
  /** The states of all operations (or groups) called so far. */
  states(): OperationState[];
  /** The worst of its breakers; undefined before the first call. Read for each request, so nothing is built. */
  worstBreaker(): BreakerState | undefined;
  /** The last twenty transitions, newest first. */
  transitions(): readonly BreakerTransition[];
  /**
   * Lets the probes of open breakers through now instead of after `openMs`, and the first call of a hold now instead of at its end.
   * @param operation default: all. @returns how many breakers were open
   */
  probeNow(operation?: string): number;
  load(): GuardLoad;
  /** Counts of the steps around the breaker. */
  figures(): GuardFigures;
  /**
   * Rejects waiting and later calls with CANCELLED; running calls end by themselves. Leaves no timer.
   * Resolves when all calls that run to completion have ended, after the time limits of their attempts at the latest. Connections
   * must stay open until then.
   */
  close(): Promise<void>;
}
