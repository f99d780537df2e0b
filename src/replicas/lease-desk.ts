// Where ledgers ask the store for calls: one statement a lease, and one account for all of them of whether the store answers at all.
// Made by `replicas.ts`. It says an outage once in the log, and its end.

import type { QuotaWindow } from '../guard/quota/quota-ledger.ts';
import { errorFields, type Log } from '../observe/log.ts';
import type { Store } from '../store/database.ts';
import type { LeaseRow, ReplicaStatements } from './replica-statements.ts';

/** Long for one statement, short for a call that waits for it. */
const PATIENCE_MS = 500;
/** While the store is away, how long until it is asked again, behind the callers' backs. */
const AGAIN_MS = 1_000;

export interface LeaseAsk {
  readonly connector: string;
  readonly window: QuotaWindow;
  /** Epoch ms. */
  readonly startsAt: number;
  /** Calls that were counted here alone; negative: leased ones given back. */
  readonly owed: number;
  /** No lease takes the count of all replicas above this. */
  readonly ceiling: number;
  /** Calls that wait. */
  readonly want: number;
  /** Calls to take in advance, while there is plenty. */
  readonly block: number;
}

export interface LeaseDesk {
  /**
   * Never rejects; `undefined` when the store did not answer, or not in time.
   * @param late called with an answer that comes after that.
   */
  lease(ask: LeaseAsk, late: (answer: LeaseRow) => void): Promise<LeaseRow | undefined>;
  /** Does the store not answer at the moment? */
  isAway(): boolean;
  /** Away, and due to be asked again. */
  isToBeAskedAgain(): boolean;
}

export interface LeaseDeskDeps {
  readonly store: Pick<Store, 'run'>;
  readonly statements: Pick<ReplicaStatements, 'lease'>;
  readonly log: Log | undefined;
  readonly now: () => number;
}

export function createLeaseDesk({ store, statements, log, now }: LeaseDeskDeps): LeaseDesk {
  let isAway = false;
  let askAgainAt = 0;

  const lost = (error?: unknown): void => {
    askAgainAt = now() + AGAIN_MS;
    if (isAway) return;
    isAway = true;
    log?.warn(
      error === undefined ? {} : { err: errorFields(error) },
      'the store does not answer: this replica counts its fair share of each quota by itself',
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
      const patience = setTimeout(() => {
        isLate = true;
        lost();
        resolve(undefined);
      }, PATIENCE_MS);
      store.run(statements.lease, params).then(
        ([row]) => {
          const answer = row as LeaseRow;
          if (isLate) return late(answer);
          clearTimeout(patience);
          back();
          resolve(answer);
        },
        (error: unknown) => {
          if (isLate) return;
          clearTimeout(patience);
          lost(error);
          resolve(undefined);
        },
      );
    });

  return {
    lease: (ask, late) => {
      // One at a time finds out whether the store is back.
      if (isAway) askAgainAt = now() + AGAIN_MS;
      return lease(ask, late);
    },
    isAway: () => isAway,
    isToBeAskedAgain: () => isAway && now() >= askAgainAt,
  };
}
