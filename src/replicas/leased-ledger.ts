// Counts one connector's quota together with the other replicas: leases blocks of calls from the store and hands them out without asking.
// Made by `replicas.ts`, asked by the guard's quota. What all replicas hand out in a window is never more than its limit.
//
// Of each window, always: what the store counts of this replica + `owed` = `own` + `free`.
import type { QuotaLimits } from '../guard/contract.ts';
import type { QuotaLedger, QuotaWindow } from '../guard/quota/quota-ledger.ts';
import type { LeaseDesk } from './lease-desk.ts';

/** A block is this part of the limit: few round trips, and little that one replica keeps while another refuses. */
const BLOCKS = 16;
/** A used-up day is looked at again after this: a replica that stops gives calls back. */
const LOOK_AGAIN_MS = 30_000;

export interface LeasedLedger extends QuotaLedger {
  /** Gives back what has lain unused since the last time, and tells what was counted alone; called with each heartbeat. */
  tidy(): void;
  /** Gives back all that is unused. Still counts afterwards, for calls that are under way. */
  settle(): Promise<void>;
}

export interface LeasedLedgerDeps {
  readonly desk: LeaseDesk;
  /** Replicas that live, this one included, ≥ 1. */
  readonly living: () => number;
  readonly now: () => number;
}

interface Waiter {
  readonly allowed: number;
  resolve(taken: boolean): void;
}

/** One window of one kind; the next one has a count of its own. */
interface Count {
  readonly window: QuotaWindow;
  readonly startsAt: number;
  readonly limit: number;
  /** Calls leased and not handed out. */
  free: number;
  /** Calls handed out and not given back. */
  own: number;
  /** Calls that the store does not know of yet; negative: that it is to take back. */
  owed: number;
  /** All replicas' calls when the store last answered. */
  seen: number;
  lookAgainAt: number;
  ownWhenTidied: number;
  asking: Promise<void> | undefined;
  waiting: Waiter[];
}

export function createLeasedLedger(
  connector: string,
  { perSecond, perDay }: QuotaLimits,
  { desk, living, now }: LeasedLedgerDeps,
): LeasedLedger {
  const counts: Record<QuotaWindow, Count> = {
    second: aCount('second', 0, perSecond ?? Number.POSITIVE_INFINITY),
    day: aCount('day', 0, perDay ?? Number.POSITIVE_INFINITY),
  };

  const countOf = (window: QuotaWindow, startsAt: number): Count => {
    const count = counts[window];
    if (count.startsAt === startsAt) return count;
    // What was leased for a window that is over is gone with it.
    counts[window] = aCount(window, startsAt, count.limit);
    return counts[window];
  };

  const takeFree = (count: Count): boolean => {
    if (count.free === 0) return false;
    count.free--;
    count.own++;
    return true;
  };

  /** While the store is away: this replica's fair share of what is allowed, but at least one. */
  const takeAlone = (count: Count, allowed: number): boolean => {
    if (allowed === count.limit && takeFree(count)) return true;
    const fair = Math.max(1, Math.floor(allowed / living()));
    if (count.own >= fair || count.seen + count.owed >= allowed) return false;
    count.own++;
    count.owed++;
    return true;
  };

  /** Those that wait need not wait for a store that does not answer. */
  const letGo = (count: Count): void => {
    for (const { allowed, resolve } of count.waiting.splice(0)) resolve(takeAlone(count, allowed));
  };

  /** One lease at a time; those that come meanwhile wait for the next one together. */
  const ask = (count: Count): void => {
    if (count.asking !== undefined) return;
    count.asking = lease(count).finally(() => {
      count.asking = undefined;
      if (desk.isAway()) letGo(count);
      else if (count.waiting.length > 0 || count.owed < 0) ask(count);
    });
  };

  const lease = async (count: Count): Promise<void> => {
    const { window, startsAt, limit, owed } = count;
    const ceiling = count.waiting[0]?.allowed ?? limit;
    const want = count.waiting.filter(({ allowed }) => allowed === ceiling).length;
    // A class with a share is counted call by call: what it took in advance it would use when others have used the share.
    const block = want === 0 || ceiling < limit ? 0 : Math.max(1, Math.floor(limit / BLOCKS));
    count.owed = 0;
    // Whether it was counted is not known where no answer came: counted twice is on the safe side, given back twice is not.
    const owedAgain = Math.max(0, owed);
    const answer = await desk.lease(
      { connector, window, startsAt, owed, ceiling, want, block },
      ({ granted }) => {
        count.owed -= owedAgain;
        count.free += granted;
      },
    );
    if (answer === undefined) {
      count.owed += owedAgain;
      return;
    }
    count.seen = answer.used;
    count.lookAgainAt = window === 'day' ? now() + LOOK_AGAIN_MS : Number.POSITIVE_INFINITY;
    handOut(count, ceiling, answer.granted);
  };

  const handOut = (count: Count, ceiling: number, granted: number): void => {
    count.free += granted;
    const waiting = count.waiting.splice(0);
    let left = ceiling < count.limit ? granted : count.free;
    for (const waiter of waiting) {
      if (waiter.allowed === ceiling && left > 0) {
        left--;
        waiter.resolve(takeFree(count));
      } else if (count.seen >= waiter.allowed) waiter.resolve(false);
      else count.waiting.push(waiter);
    }
  };

  const giveUpFree = (count: Count): void => {
    if (count.free === 0) return;
    count.owed -= count.free;
    count.free = 0;
    ask(count);
  };

  return {
    used: (window, startsAt) => {
      const count = counts[window];
      return count.startsAt === startsAt ? Math.max(count.own, count.seen + count.owed - count.free) : 0;
    },
    take: (window, startsAt, allowed) => {
      const count = countOf(window, startsAt);
      if (allowed === count.limit && takeFree(count)) return true;
      if (desk.isAway()) {
        if (desk.isToBeAskedAgain()) ask(count);
        return takeAlone(count, allowed);
      }
      if (count.seen >= allowed && now() < count.lookAgainAt) return false;
      return new Promise((resolve) => {
        count.waiting.push({ allowed, resolve });
        ask(count);
      });
    },
    giveBack: (window, startsAt, allowed) => {
      const count = counts[window];
      if (count.startsAt !== startsAt) return;
      count.own--;
      if (count.owed > 0) count.owed--;
      else if (allowed === count.limit || desk.isAway()) count.free++;
      else {
        // Others of its class, on any replica, may have it: it goes back to where they ask.
        count.owed--;
        ask(count);
      }
    },
    tidy: () => {
      const { day } = counts;
      if (!desk.isAway()) {
        if (day.own === day.ownWhenTidied) giveUpFree(day);
        if (day.owed !== 0) ask(day);
      }
      day.ownWhenTidied = day.own;
    },
    settle: async () => {
      for (const count of [counts.day, counts.second]) {
        giveUpFree(count);
        if (count.owed !== 0) ask(count);
        while (count.asking !== undefined) await count.asking;
      }
    },
  };
}

const aCount = (window: QuotaWindow, startsAt: number, limit: number): Count => ({
  window,
  startsAt,
  limit,
  free: 0,
  own: 0,
  owed: 0,
  seen: 0,
  lookAgainAt: 0,
  ownWhenTidied: 0,
  asking: undefined,
  waiting: [],
});
