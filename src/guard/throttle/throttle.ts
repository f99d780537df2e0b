// Step "throttle": after a source has asked for fewer calls, holds back all calls of the operation (or of the source) until the time
// that it named, and then lets them through gently: one call, then twice as many with each round of answers.
import { ERRORS, GatewayError, isGatewayError } from '../../errors.ts';
import type { ThrottleOptions } from '../contract.ts';

/** An admission: the epoch in which it was granted. Each is returned exactly once, to `ended`. */
export type ThrottlePermit = number;

export interface Throttle {
  /** The error of a call that must not be sent now; `undefined` if it may. Changes nothing. @param at epoch ms of now */
  rejection(at: number): GatewayError | undefined;
  /** Admits an attempt that `rejection` does not reject. */
  admit(): ThrottlePermit;
  /**
   * An attempt ended. An error that asks for fewer calls begins a hold, or extends it.
   * @param error `undefined` after an answer
   * @returns the error, with the time until calls are admitted again if it names none
   */
  ended(permit: ThrottlePermit, error: unknown, at: number): unknown;
  /** Holds calls back until `until`, as another process was asked to. Never shortens a hold. @returns whether that changes anything */
  holdUntil(until: number, at: number): boolean;
  /** Lets one call through now instead of at the end of the hold. @returns whether calls were held back */
  probeNow(at: number): boolean;
  /** Are all calls admitted? */
  isFree(): boolean;
  /** Ms until calls are admitted again; `undefined` while all are. */
  retryAfterMs(at: number): number | undefined;
}

export interface ThrottleDeps {
  /** Called when a hold begins or becomes longer. @param until epoch ms */
  readonly onHold: (until: number) => void;
}

/** After this many concurrent calls in a row without a further refusal, the source takes all calls again. */
const MAX_WINDOW = 16;

/** The first calls after a hold are decided within one attempt, and a retry after a second costs nothing. */
const PROBING_RETRY_MS = 1_000;

/** Holds that double with each further refusal stay below this multiple of the first. */
const MAX_DOUBLINGS = 6;

export function createThrottle(options: ThrottleOptions, { onHold }: ThrottleDeps): Throttle {
  const { defaultHoldMs, maxHoldMs } = options;
  let epoch: ThrottlePermit = 0;
  /** Epoch ms. */
  let heldUntil = 0;
  /** Concurrent calls that are admitted after a hold; infinite while there is nothing to be careful about. */
  let window = Number.POSITIVE_INFINITY;
  let underWay = 0;
  /** Refusals in a row of a source that names no time. */
  let refusals = 0;

  const isFree = (): boolean => window === Number.POSITIVE_INFINITY;

  const hold = (until: number): void => {
    const isLonger = isFree() || until > heldUntil;
    heldUntil = isFree() ? until : Math.max(heldUntil, until);
    epoch++;
    window = 1;
    underWay = 0;
    if (isLonger) onHold(heldUntil);
  };

  const retryAfterMs = (at: number): number | undefined => {
    if (isFree()) return undefined;
    return at < heldUntil ? Math.ceil(heldUntil - at) : PROBING_RETRY_MS;
  };

  const refuse = (permit: ThrottlePermit, requestedMs: number | undefined, at: number): void => {
    if (requestedMs !== undefined) {
      refusals = 0;
      hold(at + Math.min(maxHoldMs, requestedMs));
      return;
    }
    // Calls that were under way when the hold began are refused for the same reason.
    if (permit !== epoch) return;
    const holdMs = defaultHoldMs * 2 ** Math.min(MAX_DOUBLINGS, refusals++);
    hold(at + Math.min(maxHoldMs, holdMs));
  };

  return {
    rejection: (at) => {
      if (isFree() || (at >= heldUntil && underWay < window)) return undefined;
      return heldBack(retryAfterMs(at) as number);
    },
    admit: () => {
      underWay++;
      return epoch;
    },
    ended: (permit, error, at) => {
      if (asksForFewerCalls(error)) {
        refuse(permit, error.retryAfterMs, at);
        return error.retryAfterMs === undefined ? error.amend({ retryAfterMs: retryAfterMs(at) }) : error;
      }
      if (permit !== epoch || isFree()) return error;
      underWay--;
      const health = error === undefined ? 'HEALTHY' : healthOf(error);
      // Cancelled, or ended by the deadline of its request: makes room for another call.
      if (health === 'UNKNOWN' || health === 'TIMED_OUT_AT_LIMIT') return error;
      refusals = 0;
      window++;
      // What a sick source is spared is the breaker's decision.
      if (window > MAX_WINDOW || health !== 'HEALTHY') window = Number.POSITIVE_INFINITY;
      return error;
    },
    holdUntil: (until, at) => {
      const end = Math.min(until, at + maxHoldMs);
      if (end <= at || (!isFree() && end <= heldUntil)) return false;
      heldUntil = end;
      epoch++;
      window = 1;
      underWay = 0;
      return true;
    },
    probeNow: (at) => {
      if (isFree() || at >= heldUntil) return false;
      heldUntil = at;
      return true;
    },
    isFree,
    retryAfterMs,
  };
}

/** A refusal because of too many calls, or a failure with Retry-After: the source names a time before which calls are useless. */
const asksForFewerCalls = (error: unknown): error is GatewayError =>
  isGatewayError(error) &&
  (error.code === 'UPSTREAM_THROTTLED' ||
    (error.retryAfterMs !== undefined && ERRORS[error.code].sourceHealth === 'UNHEALTHY'));

const healthOf = (error: unknown): string =>
  isGatewayError(error) ? ERRORS[error.code].sourceHealth : 'UNKNOWN';

const heldBack = (retryAfterMs: number): GatewayError =>
  new GatewayError('UPSTREAM_THROTTLED', {
    retryAfterMs,
    detail: 'held back: the source asked for fewer calls',
  });
