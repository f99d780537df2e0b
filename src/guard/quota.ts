// Step "quota" of a guarded call: how often the source lets itself be called, by the second and by the day. A caller class may use its
// share only, so that a batch at noon leaves the afternoon to citizens. Calls that never reached the source are given back.
import { GatewayError } from '../errors.ts';
import type { QuotaOptions, QuotaState } from './contract.ts';
import type { QuotaLedger } from './quota-ledger.ts';

export interface Quota {
  /**
   * Takes one call. @param at epoch ms of now
   * @throws GatewayError QUOTA_EXCEEDED with the time until it refills
   */
  take(at: number, callerClass: string | undefined): void;
  /** The call taken at `at` did not reach the source. */
  giveBack(at: number): void;
  state(at: number): QuotaState;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/** Days end at midnight in Vietnam, UTC+7. */
const OFFSET_MS = 7 * 3_600_000;

const secondOf = (at: number): number => Math.floor(at / SECOND_MS) * SECOND_MS;
const dayOf = (at: number): number => Math.floor((at + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;

/** `undefined` when nothing is limited. */
export const createQuota = (options: QuotaOptions, ledger: QuotaLedger): Quota | undefined => {
  const { perSecond, perDay, classes = {} } = options;
  if (perSecond === undefined && perDay === undefined) return undefined;

  const allowed = (limit: number, callerClass: string | undefined): number => {
    const share = callerClass === undefined ? undefined : classes[callerClass]?.share;
    // A share of little is still one call, or the class would never get through.
    return share === undefined ? limit : Math.max(1, Math.floor(limit * share));
  };

  const left = (limit: number, used: number, startsAt: number, lasts: number) => ({
    limit,
    used,
    refillsAt: startsAt + lasts,
  });

  return {
    take: (at, callerClass) => {
      const second = secondOf(at);
      const day = dayOf(at);
      // The day first: it is the longer wait to tell. Nothing is taken before both have room.
      if (perDay !== undefined && ledger.used('day', day) >= allowed(perDay, callerClass))
        throw exceeded('day', perDay, day + DAY_MS - at);
      if (perSecond !== undefined && ledger.used('second', second) >= allowed(perSecond, callerClass))
        throw exceeded('second', perSecond, second + SECOND_MS - at);
      if (perDay !== undefined) ledger.add('day', day, 1);
      if (perSecond !== undefined) ledger.add('second', second, 1);
    },
    giveBack: (at) => {
      if (perDay !== undefined) ledger.add('day', dayOf(at), -1);
      if (perSecond !== undefined) ledger.add('second', secondOf(at), -1);
    },
    state: (at) => {
      const second = secondOf(at);
      const day = dayOf(at);
      return {
        ...(perSecond !== undefined && {
          perSecond: left(perSecond, ledger.used('second', second), second, SECOND_MS),
        }),
        ...(perDay !== undefined && { perDay: left(perDay, ledger.used('day', day), day, DAY_MS) }),
      };
    },
  };
};

const exceeded = (window: string, limit: number, retryAfterMs: number): GatewayError =>
  new GatewayError('QUOTA_EXCEEDED', {
    detail: `the share of ${limit} calls a ${window} is used`,
    retryAfterMs,
  });
