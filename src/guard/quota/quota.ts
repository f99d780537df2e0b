// Step "quota": limits the calls to a source per second and per day. A caller class can be limited to a share of the quota, so that
// batch jobs leave calls for citizens. Calls that were not sent are given back.
import { GatewayError } from '../../errors.ts';
import type { QuotaOptions, QuotaState } from '../contract.ts';
import { abortReason } from '../request-signals.ts';
import type { QuotaLedger, QuotaWindow } from './quota-ledger.ts';

export interface Quota {
  /**
   * Takes a call. Returns a promise if the ledger has to lease more calls first, else `undefined`.
   * @param at epoch ms of now
   * @param signal ends the wait with its reason, and no call is taken
   * @throws GatewayError QUOTA_EXCEEDED with the time until the quota refills; the promise rejects with the same error
   */
  take(at: number, callerClass: string | undefined, signal?: AbortSignal): Promise<void> | undefined;
  /** Returns the call taken at `at`, which was not sent. */
  giveBack(at: number, callerClass: string | undefined): void;
  state(at: number): QuotaState;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/** Days end at midnight in Vietnam, UTC+7. */
const OFFSET_MS = 7 * 3_600_000;

const startOf = (window: QuotaWindow, at: number): number =>
  window === 'second'
    ? Math.floor(at / SECOND_MS) * SECOND_MS
    : Math.floor((at + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
const lengthOf = (window: QuotaWindow): number => (window === 'second' ? SECOND_MS : DAY_MS);

/** @returns `undefined` without any limit */
export function createQuota(options: QuotaOptions, ledger: QuotaLedger): Quota | undefined {
  const { perSecond, perDay, classes } = options;
  if (perSecond === undefined && perDay === undefined) return undefined;

  const allowed = (limit: number, callerClass: string | undefined): number => {
    const share = callerClass === undefined ? undefined : classes[callerClass]?.share;
    // At least one call, or the class could never call the source.
    return share === undefined ? limit : Math.max(1, Math.floor(limit * share));
  };
  const limitOf = (window: QuotaWindow): number | undefined => (window === 'second' ? perSecond : perDay);

  const takeOf = (
    window: QuotaWindow,
    at: number,
    callerClass: string | undefined,
  ): boolean | Promise<boolean> => {
    const limit = limitOf(window);
    return limit === undefined || ledger.take(window, startOf(window, at), allowed(limit, callerClass));
  };

  const giveBackOf = (window: QuotaWindow, at: number, callerClass: string | undefined): void => {
    const limit = limitOf(window);
    if (limit !== undefined) ledger.giveBack(window, startOf(window, at), allowed(limit, callerClass));
  };

  const exceeded = (window: QuotaWindow, at: number): GatewayError =>
    new GatewayError('QUOTA_EXCEEDED', {
      detail: `the share of ${limitOf(window)} calls a ${window} is used`,
      retryAfterMs: startOf(window, at) + lengthOf(window) - at,
    });

  /** The part of `take` that waits for the ledger. @param second `undefined`: not taken yet */
  const takeLater = async (
    day: boolean | Promise<boolean>,
    second: boolean | Promise<boolean> | undefined,
    at: number,
    callerClass: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const giveBackTo = (window: QuotaWindow) => (): void => giveBackOf(window, at, callerClass);
    if (!(await unlessAborted(day, signal, giveBackTo('day')))) throw exceeded('day', at);
    let hasBoth = false;
    try {
      hasBoth = await unlessAborted(
        second ?? takeOf('second', at, callerClass),
        signal,
        giveBackTo('second'),
      );
      if (!hasBoth) throw exceeded('second', at);
    } finally {
      if (!hasBoth) giveBackOf('day', at, callerClass);
    }
  };

  const useOf = (window: QuotaWindow, limit: number, at: number) => {
    const startsAt = startOf(window, at);
    return { limit, used: ledger.used(window, startsAt), refillsAt: startsAt + lengthOf(window) };
  };

  return {
    take: (at, callerClass, signal) => {
      // The day first: if both windows are used up, the error carries the longer wait. A call is taken from both or from neither.
      const day = takeOf('day', at, callerClass);
      if (day === false) throw exceeded('day', at);
      const second = day === true ? takeOf('second', at, callerClass) : undefined;
      if (second === true) return undefined;
      if (second !== false) return takeLater(day, second, at, callerClass, signal);
      giveBackOf('day', at, callerClass);
      throw exceeded('second', at);
    },
    giveBack: (at, callerClass) => {
      giveBackOf('day', at, callerClass);
      giveBackOf('second', at, callerClass);
    },
    state: (at) => ({
      ...(perSecond !== undefined && { perSecond: useOf('second', perSecond, at) }),
      ...(perDay !== undefined && { perDay: useOf('day', perDay, at) }),
    }),
  };
}

/** Ends a wait for the ledger when the signal aborts, and undoes what the ledger takes later. */
function unlessAborted(
  taking: boolean | Promise<boolean>,
  signal: AbortSignal | undefined,
  undo: () => void,
): boolean | Promise<boolean> {
  if (typeof taking === 'boolean' || signal === undefined) return taking;
  return new Promise((resolve, reject) => {
    let isAborted = false;
    const onAbort = (): void => {
      isAborted = true;
      reject(abortReason(signal));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    void taking.then((taken) => {
      signal.removeEventListener('abort', onAbort);
      if (!isAborted) resolve(taken);
      else if (taken) undo();
    });
  });
}
