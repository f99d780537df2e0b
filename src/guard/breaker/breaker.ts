// Step "breaker": admits the attempts of an operation, and judges the health of its source by their outcomes.
// opossum is the state machine (`breaker-machine.ts`). Added here: the number of probes, failures in a row, slow answers, recovery,
// and an epoch, so that an attempt admitted in an earlier state never counts in a later state.

import type { BreakerState, ErrorCode } from '../../errors.ts';
import type { BreakerOptions, BreakerTransition, BreakerTrigger } from '../contract.ts';
import {
  type Breaker,
  type BreakerDeps,
  NOT_ADMITTED,
  type OpenedBy,
  type Permit,
} from './breaker-contract.ts';
import { createMachine } from './breaker-machine.ts';
import { createFailedRequests } from './failed-requests.ts';
import { createSlowAnswers } from './slow-answers.ts';

export * from './breaker-contract.ts';

const WINDOW_SLICES = 10;

/** Share of calls admitted at the beginning of a recovery. */
const FIRST_SHARE = 0.25;

/** Least share of the open time that follows a probe which took long to fail. */
const MIN_OPEN_SHARE = 0.25;

/** While half-open the probes are decided within one attempt, and a retry after a second costs nothing. */
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
        const trigger = triggerOf();
        lastOpening = { trigger, failuresInARow: failuresInARow() };
        openedBy ??= lastOpening;
        change('OPEN', isTooSlow ? 'SLOW_CALLS' : (reason ?? 'UPSTREAM_FAULT'));
        isTooSlow = false;
      },
      onHalfOpen: () => {
        change('HALF_OPEN', isRequested ? 'REQUESTED' : 'WAITED');
        isRequested = false;
      },
      onClose: () => change('CLOSED', 'PROBES_SUCCEEDED'),
    },
  );
  const failedRequests = createFailedRequests();
  /** The cause of the next change, where it is not the machine's own. */
  let isTooSlow = false;
  let isRequested = false;

  /** Duration of the current open state. */
  let openForMs = openMs;

  let epoch: Permit = 0;
  let closed = false;
  let state: BreakerState = 'CLOSED';
  let since = now();
  let reason: ErrorCode | undefined;
  let lastOpening: OpenedBy | undefined;
  /** Through failed probes: what opened it first. */
  let openedBy: OpenedBy | undefined;
  let sliceSince = since;
  let probing = 0;
  let probed = 0;

  /** Successes of the current slice that are not yet added to the machine, which reads its counts only at a failure. */
  let pendingSuccesses = 0;
  /** The window of a source that has just failed is full of successes: failures in a row reach their limit before the rate does. */
  let failedInARow = 0;

  const slow = createSlowAnswers(WINDOW_SLICES);

  /** Set while the share of admitted calls grows: the machine is closed, the visible state is HALF_OPEN. */
  let recovery: NodeJS.Timeout | undefined;
  /** Accumulated share of admitted calls; a call is admitted for each whole. */
  let credit = 0;

  const visibleState = (): BreakerState => (recovery === undefined ? state : 'HALF_OPEN');

  const endRecovery = (): void => {
    recovery = undefined;
    since = now();
    addPendingSuccesses();
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
    const from = visibleState();
    const counts = cause === 'SLOW_CALLS' ? { ...machine.counts(), slow: slow.count() } : machine.counts();
    const requestIds = to === 'OPEN' ? failedRequests.since(now() - windowMs) : undefined;
    clearTimeout(recovery);
    recovery = undefined;
    pendingSuccesses = 0;
    failedInARow = 0;
    epoch++;
    state = to;
    since = now();
    probing = 0;
    probed = 0;
    // The next state starts with empty counts.
    failedRequests.clear();
    rotate(WINDOW_SLICES);
    sliceSince = since;
    if (to === 'CLOSED') reason = undefined;
    if (to === 'CLOSED') openedBy = undefined;
    if (to === 'CLOSED' && recoverMs > 0) {
      credit = 1 - FIRST_SHARE;
      recovery = setTimeout(endRecovery, recoverMs).unref();
      return;
    }
    const why = to === 'OPEN' ? lastOpening : undefined;
    onChange({ operation, from, to, at: since, cause, counts, ...why, ...(requestIds && { requestIds }) });
  };

  const rotate = (slices: number): void => {
    machine.rotate(slices);
    slow.rotate(slices);
  };

  const addPendingSuccesses = (): void => {
    if (pendingSuccesses === 0) return;
    machine.add(pendingSuccesses);
    pendingSuccesses = 0;
  };

  /** Moves the window on to `at`, which may lie slightly in the past. */
  const advance = (at: number): void => {
    const passed = at - sliceSince;
    if (passed < sliceMs) return;
    addPendingSuccesses();
    const slices = Math.floor(passed / sliceMs);
    rotate(Math.min(slices, WINDOW_SLICES));
    sliceSince += slices * sliceMs;
  };

  const addFailure = (requestId: string | undefined): void => {
    const at = now();
    advance(at);
    addPendingSuccesses();
    failedRequests.add(requestId, at);
    machine.fail();
  };

  /** The duration of a failed probe counts as open time: the source may have recovered while the probe hung. */
  const setOpenTime = (at: number): void => {
    const took = state === 'HALF_OPEN' ? Math.max(0, now() - at) : 0;
    openForMs = Math.max(openMs * MIN_OPEN_SHARE, openMs - took);
    machine.openFor(openForMs);
  };

  const openAsTooSlow = (at: number): void => {
    setOpenTime(at);
    reason = 'UPSTREAM_TIMEOUT';
    isTooSlow = true;
    machine.open();
  };

  /** A slow answer counts as a success and as a slow answer. */
  const addSlowAnswer = (at: number): void => {
    slow.add();
    addPendingSuccesses();
    const { calls } = machine.counts();
    if (calls >= minimumCalls && slow.count() / calls >= slowCallRate) openAsTooSlow(at);
  };

  const admitRecovering = (): Permit => {
    const passed = Math.min(1, Math.max(0, (now() - since) / recoverMs));
    credit += FIRST_SHARE + (1 - FIRST_SHARE) * passed;
    if (credit < 1 - 1e-9) return NOT_ADMITTED;
    credit--;
    return epoch;
  };

  // Limits the probes under way, not those admitted: a probe without a conclusive outcome makes room for another.
  const mayProbe = (): boolean => probing < probes;

  /** During recovery as few failures in a row open it as there are probes, at least two. */
  const rowLimit = (): number =>
    recovery === undefined ? maxInARow : Math.min(maxInARow, Math.max(2, probes));

  /** Of the change to OPEN that is about to be made. */
  const triggerOf = (): BreakerTrigger => {
    if (state === 'HALF_OPEN') return 'PROBE_FAILED';
    if (isTooSlow) return 'SLOW_CALLS';
    return failuresInARow() >= rowLimit() ? 'FAILURES_IN_A_ROW' : 'FAILURE_RATE';
  };

  const failuresInARow = (): number =>
    failedInARow === 0 ? 0 : Math.min(failedInARow, machine.counts().failures);

  return {
    operation,
    admit: () => {
      if (state === 'CLOSED' && !closed) return recovery === undefined ? epoch : admitRecovering();
      if (closed || state === 'OPEN' || !mayProbe()) return NOT_ADMITTED;
      probing++;
      return epoch;
    },
    wouldReject: () => state !== 'CLOSED' && (state === 'OPEN' || !mayProbe()),
    succeed: (permit, at, requestId) => {
      if (permit !== epoch) return;
      const endedAt = slowCallMs === Number.POSITIVE_INFINITY ? at : now();
      const isSlow = endedAt - at >= slowCallMs;
      if (isSlow) failedRequests.add(requestId, endedAt);
      if (state === 'CLOSED') {
        advance(endedAt);
        pendingSuccesses++;
        failedInARow = 0;
        if (isSlow) addSlowAnswer(at);
      } else if (isSlow) openAsTooSlow(at);
      else {
        probing--;
        probed++;
        // opossum closes at the first success, so only the last probe's success is reported.
        if (probed >= probes) machine.close();
      }
    },
    fail: (permit, code, requestId, at = now()) => {
      if (permit !== epoch) return;
      setOpenTime(at);
      reason = code;
      failedInARow++;
      addFailure(requestId);
      if (state === 'CLOSED' && failuresInARow() >= rowLimit()) machine.open();
      // Still closed: this failure is not the reason of a state.
      if (state === 'CLOSED') reason = undefined;
    },
    abandon: (permit) => {
      if (permit === epoch && state === 'HALF_OPEN') probing--;
    },
    probeNow: () => {
      if (closed || state !== 'OPEN') return false;
      isRequested = true;
      machine.halfOpen();
      return true;
    },
    state: visibleState,
    failuresInARow,
    since: () => since,
    reason: () => reason,
    openedBy: () => openedBy,
    retryAfterMs: () => {
      if (recovery !== undefined) return Math.max(1, since + recoverMs - now());
      if (state === 'CLOSED') return undefined;
      return state === 'HALF_OPEN'
        ? Math.min(openMs, HALF_OPEN_RETRY_MS)
        : Math.max(1, since + openForMs - now());
    },
    close: () => {
      // Outcomes of calls still under way no longer count.
      closed = true;
      epoch++;
      clearTimeout(recovery);
      recovery = undefined;
      machine.shutdown();
    },
  };
}
