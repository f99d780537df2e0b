// Step "breaker" of a guarded call: may this operation be called, and what did the call say of its health?
// opossum is the state machine (`breaker-machine.ts`). Around it, ours: minimum calls, N probes to close, slow answers, recovery, and
// an epoch, so that a call admitted in an earlier state never counts in a later one.

import type { BreakerState, ErrorCode } from '../../errors.ts';
import type { BreakerOptions, BreakerTransition } from '../contract.ts';
import { createBlamedRequests } from './blamed-requests.ts';
import { createMachine } from './breaker-machine.ts';
import { createSlowAnswers } from './slow-answers.ts';

/** Proof of admission: the epoch it was given in. Give it back exactly once. */
export type Permit = number;

/** In place of a permit. */
export const REFUSED = -1;

export interface Breaker {
  readonly operation: string;
  /** A permit, or `REFUSED`. */
  admit(): Permit;
  /** Would `admit` refuse now? Takes nothing. */
  refuses(): boolean;
  /** The source answered: well, or with a refusal of its own. @param at epoch ms of the call's start */
  succeed(permit: Permit, at: number, requestId?: string): void;
  /**
   * The source is ill.
   * @param at epoch ms of the call's start: the time that a failed probe has taken counts as time open. Default: now.
   */
  fail(permit: Permit, code: ErrorCode, requestId?: string, at?: number): void;
  /** The call says nothing of the source: cancelled, throttled, our own mistake. */
  abandon(permit: Permit): void;
  /** Open: lets its probes through now, whatever is left of `openMs`. @returns whether it was open */
  probeNow(): boolean;
  state(): BreakerState;
  /** Failures of the window without a success between them and now. */
  failuresInARow(): number;
  since(): number;
  reason(): ErrorCode | undefined;
  /** Ms until calls are let through again, ≥ 1; `undefined` while closed. */
  retryAfterMs(): number | undefined;
  close(): void;
}

export interface BreakerDeps {
  readonly now: () => number;
  /** The breaker changed; called after its own state is consistent. */
  readonly onChange: (change: Omit<BreakerTransition, 'connector'>) => void;
}

const WINDOW_SLICES = 10;

/** Of the calls that come in the first moment of a recovery. */
const FIRST_SHARE = 0.25;

/** Of the open time, at the least, after probes that took long to fail. */
const SHORTEST_PART = 0.25;

/** While half-open the probes decide within one attempt; asking again after a second costs nothing. */
const HALF_OPEN_RETRY_MS = 1_000;

export function createBreaker(operation: string, options: BreakerOptions, deps: BreakerDeps): Breaker {
  const { now, onChange } = deps;
  const { probes, openMs, minimumCalls, failuresInARow: maxInARow, recoverMs } = options;
  const slowCallMs = options.slowCallMs ?? Number.POSITIVE_INFINITY;
  const slowCallRate = options.slowCallRate - 1e-9;
  const sliceMs = Math.max(1, Math.floor(options.windowMs / WINDOW_SLICES));

  const windowMs = sliceMs * WINDOW_SLICES;

  const machine = createMachine(
    {
      name: operation,
      failureRate: options.failureRate,
      minimumCalls,
      openMs,
      slices: WINDOW_SLICES,
      sliceMs,
    },
    {
      onOpen: () => {
        change('OPEN', isTooSlow ? 'SLOW_CALLS' : (reason ?? 'UPSTREAM_FAULT'));
        isTooSlow = false;
      },
      onHalfOpen: () => {
        change('HALF_OPEN', isAsked ? 'ASKED' : 'WAITED');
        isAsked = false;
      },
      onClose: () => change('CLOSED', 'PROBES_SUCCEEDED'),
    },
  );
  const blamed = createBlamedRequests();
  /** Why the machine is about to change, where it cannot know. */
  let isTooSlow = false;
  let isAsked = false;

  /** How long it is open this time. */
  let openForMs = openMs;

  let epoch: Permit = 0;
  let closed = false;
  let state: BreakerState = 'CLOSED';
  let since = now();
  let reason: ErrorCode | undefined;
  let sliceSince = since;
  let probing = 0;
  let probed = 0;

  /** Successes of the present slice that the machine has not heard of yet: only a failure makes it look at its counts. */
  let unheard = 0;
  /** A source that has just died has a window full of successes: failures in a row say it sooner than their rate. */
  let failedInARow = 0;

  const slow = createSlowAnswers(WINDOW_SLICES);

  /** Closed to the machine, half-open to the world: the share of calls let through still grows. */
  let recovery: NodeJS.Timeout | undefined;
  /** What part of a call may pass; a whole one does. */
  let credit = 0;

  const seen = (): BreakerState => (recovery === undefined ? state : 'HALF_OPEN');

  const recovered = (): void => {
    recovery = undefined;
    since = now();
    tellSuccesses();
    onChange({
      operation,
      from: 'HALF_OPEN',
      to: 'CLOSED',
      at: since,
      cause: 'RECOVERED',
      counts: machine.counts(),
    });
  };

  const change = (to: BreakerState, cause: BreakerTransition['cause']): void => {
    const from = seen();
    const counts = cause === 'SLOW_CALLS' ? { ...machine.counts(), slow: slow.count() } : machine.counts();
    const requestIds = to === 'OPEN' ? blamed.since(now() - windowMs) : undefined;
    clearTimeout(recovery);
    recovery = undefined;
    unheard = 0;
    failedInARow = 0;
    epoch++;
    state = to;
    since = now();
    probing = 0;
    probed = 0;
    // What was counted led here; the next state starts from nothing.
    blamed.clear();
    rotate(WINDOW_SLICES);
    sliceSince = since;
    if (to === 'CLOSED') reason = undefined;
    if (to === 'CLOSED' && recoverMs > 0) {
      credit = 1 - FIRST_SHARE;
      recovery = setTimeout(recovered, recoverMs).unref();
      return;
    }
    onChange({ operation, from, to, at: since, cause, counts, ...(requestIds && { requestIds }) });
  };

  const rotate = (slices: number): void => {
    machine.rotate(slices);
    slow.rotate(slices);
  };

  const tellSuccesses = (): void => {
    if (unheard === 0) return;
    machine.add(unheard);
    unheard = 0;
  };

  /** Moves the window on to `at`, which may be a little in the past. */
  const advance = (at: number): void => {
    const passed = at - sliceSince;
    if (passed < sliceMs) return;
    tellSuccesses();
    const slices = Math.floor(passed / sliceMs);
    rotate(Math.min(slices, WINDOW_SLICES));
    sliceSince += slices * sliceMs;
  };

  const feedFailure = (requestId: string | undefined): void => {
    const at = now();
    advance(at);
    tellSuccesses();
    blamed.add(requestId, at);
    machine.fail();
  };

  /** A source that lets its probes hang is not left alone for the whole time once more: it may have been well for long. */
  const setOpenTime = (at: number): void => {
    const took = state === 'HALF_OPEN' ? Math.max(0, now() - at) : 0;
    openForMs = Math.max(openMs * SHORTEST_PART, openMs - took);
    machine.openFor(openForMs);
  };

  const openAsTooSlow = (at: number): void => {
    setOpenTime(at);
    reason = 'UPSTREAM_TIMEOUT';
    isTooSlow = true;
    machine.open();
  };

  /** An answer came, but late: it counts among the answers, and apart. */
  const feedSlow = (at: number): void => {
    slow.add();
    tellSuccesses();
    const { calls } = machine.counts();
    if (calls >= minimumCalls && slow.count() / calls >= slowCallRate) openAsTooSlow(at);
  };

  const admitRecovering = (): Permit => {
    const passed = Math.min(1, Math.max(0, (now() - since) / recoverMs));
    credit += FIRST_SHARE + (1 - FIRST_SHARE) * passed;
    if (credit < 1 - 1e-9) return REFUSED;
    credit--;
    return epoch;
  };

  // Of those under way: one that is lost must not keep others from finding out that the source is back.
  const mayProbe = (): boolean => probing < probes;

  const failuresInARow = (): number =>
    failedInARow === 0 ? 0 : Math.min(failedInARow, machine.counts().failures);

  return {
    operation,
    admit: () => {
      if (state === 'CLOSED' && !closed) return recovery === undefined ? epoch : admitRecovering();
      if (closed || state === 'OPEN' || !mayProbe()) return REFUSED;
      probing++;
      return epoch;
    },
    refuses: () => state !== 'CLOSED' && (state === 'OPEN' || !mayProbe()),
    succeed: (permit, at, requestId) => {
      if (permit !== epoch) return;
      const endedAt = slowCallMs === Number.POSITIVE_INFINITY ? at : now();
      const isSlow = endedAt - at >= slowCallMs;
      if (isSlow) blamed.add(requestId, endedAt);
      if (state === 'CLOSED') {
        advance(endedAt);
        unheard++;
        failedInARow = 0;
        if (isSlow) feedSlow(at);
      } else if (isSlow) openAsTooSlow(at);
      else {
        probing--;
        probed++;
        // opossum closes at one success: it is told of the last one only.
        if (probed >= probes) machine.close();
      }
    },
    fail: (permit, code, requestId, at = now()) => {
      if (permit !== epoch) return;
      setOpenTime(at);
      reason = code;
      failedInARow++;
      feedFailure(requestId);
      // One that has just come back is not given the benefit of a whole window.
      const most = recovery === undefined ? maxInARow : Math.min(maxInARow, Math.max(2, probes));
      if (state === 'CLOSED' && failuresInARow() >= most) machine.open();
      // Still closed: this failure opened nothing.
      if (state === 'CLOSED') reason = undefined;
    },
    abandon: (permit) => {
      if (permit === epoch && state === 'HALF_OPEN') probing--;
    },
    probeNow: () => {
      if (closed || state !== 'OPEN') return false;
      isAsked = true;
      machine.halfOpen();
      return true;
    },
    state: seen,
    failuresInARow,
    since: () => since,
    reason: () => reason,
    retryAfterMs: () => {
      if (recovery !== undefined) return Math.max(1, since + recoverMs - now());
      if (state === 'CLOSED') return undefined;
      return state === 'HALF_OPEN'
        ? Math.min(openMs, HALF_OPEN_RETRY_MS)
        : Math.max(1, since + openForMs - now());
    },
    close: () => {
      // Results of calls still under way come too late for a machine that is shut down.
      closed = true;
      epoch++;
      clearTimeout(recovery);
      recovery = undefined;
      machine.shutdown();
    },
  };
}
