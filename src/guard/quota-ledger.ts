// The port of the quota to who counts: in this process's memory. A ledger that replicas share takes the same shape and leases
// blocks of calls from the store, so that asking it stays synchronous.

export type QuotaWindow = 'second' | 'day';

export interface QuotaLedger {
  /** Calls taken in the window that began at `startsAt`, epoch ms. */
  used(window: QuotaWindow, startsAt: number): number;
  /** @param calls negative to give back */
  add(window: QuotaWindow, startsAt: number, calls: number): void;
}

export const createQuotaLedger = (): QuotaLedger => {
  const counts = { second: { startsAt: 0, used: 0 }, day: { startsAt: 0, used: 0 } };
  return {
    used: (window, startsAt) => {
      const count = counts[window];
      return count.startsAt === startsAt ? count.used : 0;
    },
    add: (window, startsAt, calls) => {
      const count = counts[window];
      if (count.startsAt !== startsAt) {
        // What is given back to a window that is over is gone.
        if (calls < 0) return;
        count.startsAt = startsAt;
        count.used = 0;
      }
      count.used += calls;
    },
  };
};
