// The port of the quota to who counts, and the counting in this process's memory. The ledger that replicas share
// (`src/replicas/leased-ledger.ts`) takes the same shape: it leases blocks of calls from the store, and says "later" only for that.

export type QuotaWindow = 'second' | 'day';

export interface QuotaLedger {
  /** Calls taken in the window that began at `startsAt`, epoch ms, as far as this ledger knows. */
  used(window: QuotaWindow, startsAt: number): number;
  /**
   * Takes one call when fewer than `allowed` are taken in this window.
   * @returns was it taken? At once where that is known here, else a promise, which never rejects.
   */
  take(window: QuotaWindow, startsAt: number, allowed: number): boolean | Promise<boolean>;
  /** A call that was taken did not reach the source. @param allowed as it was taken */
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
      // What is given back to a window that is over is gone.
      if (count.startsAt === startsAt) count.used--;
    },
  };
}
