// Holds that sources have asked for (429 or Retry-After), kept by every replica: a row for each, which ends by the clock of the
// database and is only ever extended. Storing happens beside the call that was refused: a store that is slow or down delays no call,
// and what it did not take is offered again while the hold lasts.
import { setTimeout as pause } from 'node:timers/promises';
import type { Hold } from '../guard/contract.ts';
import { errorFields, type Log } from '../observe/log.ts';
import type { Store } from '../store/database.ts';
import type { ChangeReader } from './change-feed.ts';
import type { HoldListener, Replicas } from './contract.ts';
import type { ReplicaStatements } from './replica-statements.ts';

/** Limit of one attempt to store, ms: later holds wait for it. */
const STORE_LIMIT_MS = 2_000;
/** Pause between two statements, ms: a source refuses all calls under way within moments, each a little later. */
const MERGE_MS = 100;

export interface SharedHolds extends Pick<Replicas, 'holdsOf' | 'shareHold' | 'onHold'> {
  /** Applies the holds that are new or longer, and offers again what could not be stored. */
  readonly read: ChangeReader;
  close(): void;
}

export interface SharedHoldsDeps {
  readonly store: Pick<Store, 'run'>;
  readonly statements: Pick<ReplicaStatements, 'readHolds' | 'storeHolds'>;
  /** The clock of the database, epoch ms. */
  readonly now: () => number;
  readonly log: Log | undefined;
}

/** The hold of an operation, or of a source where `operation` is empty: the key of its row. */
interface Known {
  readonly connector: string;
  readonly operation: string;
  readonly until: number;
}

export function createSharedHolds({ store, statements, now, log }: SharedHoldsDeps): SharedHolds {
  const known = new Map<string, Known>();
  /** Made here, and not stored yet. */
  const pending = new Map<string, Known>();
  const listeners = new Set<HoldListener>();
  let isStoring = false;
  let isClosed = false;

  /** @returns whether it is new: an operator may have let calls through before the end of a known one */
  const extend = (held: Known): boolean => {
    const key = keyOf(held);
    if (held.until <= (known.get(key)?.until ?? 0)) return false;
    known.set(key, held);
    const { connector, operation, until } = held;
    const hold: Hold = { operation: operation === '' ? undefined : operation, until };
    for (const listener of listeners) {
      try {
        listener(connector, hold);
      } catch (error) {
        log?.error({ connector, err: errorFields(error) }, 'a listener failed to apply a hold');
      }
    }
    return true;
  };

  /** One statement at a time stores everything that is pending. */
  const storePending = async (): Promise<void> => {
    const at = now();
    for (const [key, { until }] of pending) if (until <= at) pending.delete(key);
    if (isStoring || isClosed || pending.size === 0) return;
    isStoring = true;
    const sent = [...pending];
    const rows = sent.map(([, { until, ...row }]) => ({ ...row, until: new Date(until).toISOString() }));
    try {
      await store.run(statements.storeHolds, [JSON.stringify(rows)], AbortSignal.timeout(STORE_LIMIT_MS));
      for (const [key, held] of sent) if (pending.get(key) === held) pending.delete(key);
      await pause(MERGE_MS, undefined, { ref: false });
    } catch {
      // The next poll that the store answers offers them again. Its outages are logged elsewhere.
      return;
    } finally {
      isStoring = false;
    }
    // Holds that were extended meanwhile.
    void storePending();
  };

  return {
    read: async (run) => {
      for (const { connector, operation, until } of await run(statements.readHolds, []))
        extend({ connector, operation, until: Date.parse(until) });
      void storePending();
    },
    holdsOf: (connector) => {
      const at = now();
      return [...known.values()]
        .filter((held) => held.connector === connector && held.until > at)
        .map(({ operation, until }) => ({ operation: operation === '' ? undefined : operation, until }));
    },
    shareHold: (connector, { operation = '', until }) => {
      const held = { connector, operation, until: Math.ceil(until) };
      if (!extend(held)) return;
      pending.set(keyOf(held), held);
      void storePending();
    },
    onHold: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      isClosed = true;
      listeners.clear();
    },
  };
}

const keyOf = ({ connector, operation }: Known): string => JSON.stringify([connector, operation]);
