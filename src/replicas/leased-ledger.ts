// Counts a connector's quota across replicas: leases blocks of calls from the store and grants calls from them without a round trip.
// All replicas together never grant more calls in a window than its limit.
//
// Invariant of each window: calls stored for this replica + `owed` = `own` + `free`.
import type { QuotaLimits } from '../guard/contract.ts';
import type { QuotaLedger, QuotaWindow } from '../guard/quota/quota-ledger.ts';
import type { LeaseDesk } from './lease-desk.ts';

/** A block is this fraction of the limit: few round trips, and few calls held by one replica while another refuses. */
const BLOCKS = 16;
/** Interval at which a used-up day is checked again, ms: a replica that stops returns calls. */
const RECHECK_MS = 30_000;

export interface LeasedLedger extends QuotaLedger {
  /** Returns calls unused since the last heartbeat and stores calls counted alone. Called with each heartbeat. */
  tidy(): void;
  /** Returns all unused calls. The ledger still counts afterwards, for calls in flight. */
  settle(): Promise<void>;
}

export interface LeasedLedgerDeps {
  readonly desk: LeaseDesk;
  /** Number of live replicas, this one included; 1 or more. */
  readonly living: () => number;
  readonly now: () => number;
}

interface Waiter {
  readonly allowed: number;
  resolve(taken: boolean): void;
}

/** The count of one window; the next window of its kind has a new one. */
interface Count {
  readonly window: QuotaWindow;
  readonly startsAt: number;
  readonly limit: number;
  /** Calls leased and not granted. */
  free: number;
  /** Calls granted and not returned. */
  own: number;
  /** Calls to add to the store's count; negative: calls to return. */
  owed: number;
  /** Calls of all replicas when the store last answered. */
  seen: number;
  recheckAt: number;
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
    // Calls leased for a past window expire with it.
    counts[window] = aCount(window, startsAt, count.limit);
    return counts[window];
  };

  const takeFree = (count: Count): boolean => {
    if (count.free === 0) return false;
    count.free--;
    count.own++;
    return true;
  };

  /** While the store is unavailable: grants this replica's fair share of what is allowed, at least one call. */
  const takeAlone = (count: Count, allowed: number): boolean => {
    if (allowed === count.limit && takeFree(count)) return true;
    const fair = Math.max(1, Math.floor(allowed / living()));
    if (count.own >= fair || count.seen + count.owed >= allowed) return false;
    count.own++;
    count.owed++;
    return true;
  };

  /** Decides waiting calls without the store. */
  const releaseWaiting = (count: Count): void => {
    for (const { allowed, resolve } of count.waiting.splice(0)) resolve(takeAlone(count, allowed));
  };

  /** One lease at a time; calls that arrive meanwhile share the next one. */
  const ask = (count: Count): void => {
    if (count.asking !== undefined) return;
    count.asking = lease(count).finally(() => {
      count.asking = undefined;
      if (desk.isAway()) releaseWaiting(count);
      else if (count.waiting.length > 0 || count.owed < 0) ask(count);
    });
  };

  const lease = async (count: Count): Promise<void> => {
    const { window, startsAt, limit, owed } = count;
    const ceiling = count.waiting[0]?.allowed ?? limit;
    const want = count.waiting.filter(({ allowed }) => allowed === ceiling).length;
    // A class with a share leases call by call: calls leased in advance could exceed the share once others have used it.
    const block = want === 0 || ceiling < limit ? 0 : Math.max(1, Math.floor(limit / BLOCKS));
    count.owed = 0;
    // Without an answer it is unknown whether `owed` was stored. Counting calls twice is safe, returning them twice is not.
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
    count.recheckAt = window === 'day' ? now() + RECHECK_MS : Number.POSITIVE_INFINITY;
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

  const returnFree = (count: Count): void => {
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
        if (desk.isRetryDue()) ask(count);
        return takeAlone(count, allowed);
      }
      if (count.seen >= allowed && now() < count.recheckAt) return false;
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
        // Calls of the same class on any replica may use it, so it is returned to the store.
        count.owed--;
        ask(count);
      }
    },
    tidy: () => {
      const { day } = counts;
      if (!desk.isAway()) {
        if (day.own === day.ownWhenTidied) returnFree(day);
        if (day.owed !== 0) ask(day);
      }
      day.ownWhenTidied = day.own;
    },
    settle: async () => {
      for (const count of [counts.day, counts.second]) {
        returnFree(count);
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
  recheckAt: 0,
  ownWhenTidied: 0,
  asking: undefined,
  waiting: [],
});
