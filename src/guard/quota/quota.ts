// Step "quota" of a guarded call: how often the source lets itself be called, by the second and by the day. A caller class may use its
// share only, so that a batch at noon leaves the afternoon to citizens. Calls that never reached the source are given back.
import { GatewayError } from '../../errors.ts';
import type { QuotaOptions, QuotaState } from '../contract.ts';
import { reasonOf } from '../request-signals.ts';
import type { QuotaLedger, QuotaWindow } from './quota-ledger.ts';

export interface Quota {
  /**
   * Takes one call: at once (`undefined`), or later, where the ledger has to ask for more calls first.
   * @param at epoch ms of now. @param signal ends the wait with its reason; nothing is taken then
   * @throws GatewayError QUOTA_EXCEEDED with the time until it refills; the promise rejects with the same
   */
  take(at: number, callerClass: string | undefined, signal?: AbortSignal): Promise<void> | undefined;
  /** The call taken at `at` did not reach the source. */
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

/** `undefined` when nothing is limited. */
export function createQuota(options: QuotaOptions, ledger: QuotaLedger): Quota | undefined {
  const { perSecond, perDay, classes } = options;
  if (perSecond === undefined && perDay === undefined) return undefined;

  const allowed = (limit: number, callerClass: string | undefined): number => {
    const share = callerClass === undefined ? undefined : classes[callerClass]?.share;
    // A share of little is still one call, or the class would never get through.
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

  /** The rest of `take`, where one of the windows makes the call wait. @param second absent: not asked yet */
  const takeLater = async (
    day: boolean | Promise<boolean>,
    second: boolean | Promise<boolean> | undefined,
    at: number,
    callerClass: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const backTo = (window: QuotaWindow) => (): void => giveBackOf(window, at, callerClass);
    if (!(await unlessGone(day, signal, backTo('day')))) throw exceeded('day', at);
    let hasBoth = false;
    try {
      hasBoth = await unlessGone(second ?? takeOf('second', at, callerClass), signal, backTo('second'));
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
      // The day first: it is the longer wait to tell. Nothing stays taken unless both have room.
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

/** What is known at once stays so; a wait ends with the signal, and what comes after it is undone. */
function unlessGone(
  room: boolean | Promise<boolean>,
  signal: AbortSignal | undefined,
  undo: () => void,
): boolean | Promise<boolean> {
  if (typeof room === 'boolean' || signal === undefined) return room;
  return new Promise((resolve, reject) => {
    let isGone = false;
    const onAbort = (): void => {
      isGone = true;
      reject(reasonOf(signal));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    void room.then((taken) => {
      signal.removeEventListener('abort', onAbort);
      if (!isGone) resolve(taken);
      else if (taken) undo();
    });
  });
}
