// Leases calls from the store on behalf of all ledgers: one statement per lease, and one shared record of whether the store
// answers. The start and the end of an outage are logged once each.

import type { QuotaWindow } from '../guard/quota/quota-ledger.ts';
import { errorFields, type Log } from '../observe/log.ts';
import type { Store } from '../store/database.ts';
import type { LeaseRow, ReplicaStatements } from './replica-statements.ts';
import type { SharedClock } from './shared-clock.ts';

/** Limit of one statement, ms: long for the statement, short for a call that waits for it. */
const LEASE_LIMIT_MS = 500;
/** Interval between attempts while the store is unavailable, ms. Callers do not wait for them. */
const RETRY_INTERVAL_MS = 1_000;

export interface LeaseAsk {
  readonly connector: string;
  readonly window: QuotaWindow;
  /** Epoch ms. */
  readonly startsAt: number;
  /** Calls counted by this replica alone and not yet stored; negative: leased calls that are returned. */
  readonly owed: number;
  /** The count of all replicas never exceeds this. */
  readonly ceiling: number;
  /** Calls waiting for the lease. */
  readonly want: number;
  /** Calls to lease in advance while enough are left. */
  readonly block: number;
}

export interface LeaseDesk {
  /**
   * Never rejects; resolves to `undefined` when the store does not answer in time.
   * @param late called with an answer that arrives later.
   */
  lease(ask: LeaseAsk, late: (answer: LeaseRow) => void): Promise<LeaseRow | undefined>;
  /** True while the store does not answer. */
  isAway(): boolean;
  /** True while the store does not answer and the next attempt is due. */
  isRetryDue(): boolean;
}

export interface LeaseDeskDeps {
  readonly store: Pick<Store, 'run'>;
  readonly statements: Pick<ReplicaStatements, 'lease'>;
  readonly log: Log | undefined;
  readonly clock: Pick<SharedClock, 'tick' | 'measured'>;
}

export function createLeaseDesk({ store, statements, log, clock }: LeaseDeskDeps): LeaseDesk {
  let isAway = false;
  let retryAt = 0;

  const lost = (error?: unknown): void => {
    retryAt = clock.tick() + RETRY_INTERVAL_MS;
    if (isAway) return;
    isAway = true;
    log?.warn(
      error === undefined ? {} : { err: errorFields(error) },
      'the store does not answer: this replica uses its fair share of each quota on its own',
    );
  };
  const back = (): void => {
    if (isAway) log?.info('the store answers again: quotas are counted for all replicas');
    isAway = false;
  };

  const lease: LeaseDesk['lease'] = (ask, late) =>
    new Promise((resolve) => {
      const { connector, window, startsAt, owed, ceiling, want, block } = ask;
      const params = [connector, window, new Date(startsAt).toISOString(), owed, ceiling, want, block];
      let isLate = false;
      const limit = setTimeout(() => {
        isLate = true;
        lost();
        resolve(undefined);
      }, LEASE_LIMIT_MS);
      const sentTick = clock.tick();
      store.run(statements.lease, params).then(
        ([row]) => {
          const answer = row as LeaseRow;
          clock.measured(answer.database_at, sentTick, clock.tick());
          if (isLate) return late(answer);
          clearTimeout(limit);
          back();
          resolve(answer);
        },
        (error: unknown) => {
          if (isLate) return;
          clearTimeout(limit);
          lost(error);
          resolve(undefined);
        },
      );
    });

  return {
    lease: (ask, late) => {
      // One attempt at a time checks whether the store is back.
      if (isAway) retryAt = clock.tick() + RETRY_INTERVAL_MS;
      return lease(ask, late);
    },
    isAway: () => isAway,
    isRetryDue: () => isAway && clock.tick() >= retryAt,
  };
}
