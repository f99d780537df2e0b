// The interface of a quota ledger, which counts calls, and a ledger in the memory of this process.
// The ledger that replicas share leases blocks of calls from the store, and returns a promise while it does.

export type QuotaWindow = 'second' | 'day';

export interface QuotaLedger {
  /** Calls taken in the window that begins at `startsAt` (epoch ms), as known to this process. */
  used(window: QuotaWindow, startsAt: number): number;
  /**
   * Takes a call if fewer than `allowed` are taken in this window.
   * @returns whether it was taken; a promise, which never rejects, if that is not known in this process
   */
  take(window: QuotaWindow, startsAt: number, allowed: number): boolean | Promise<boolean>;
  /** Returns a call that was not sent. @param allowed the value that was passed to `take` */
  giveBack(window: QuotaWindow, startsAt: number, allowed: number): void;
}

export function createQuotaLedger(): QuotaLedger {
  const counts = { second: { startsAt: 0, used: 0 }, day: { startsAt: 0, used: 0 } };
  return {
    used: (window, startsAt) => {
      const count = counts[window];
      return count.startsAt === startsAt ? count.used : 0;
    },
    take: (window, startsAt, allowed) => {
      const count = counts[window];
      if (count.startsAt !== startsAt) {
        count.startsAt = startsAt;
        count.used = 0;
      }
      if (count.used >= allowed) return false;
      count.used++;
      return true;
    },
    giveBack: (window, startsAt) => {
      const count = counts[window];
      // The window of the call may be over.
      if (count.startsAt === startsAt) count.used--;
    },
  };
}
