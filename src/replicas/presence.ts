// Presence of replicas: each one writes its row and its view with a heartbeat. Used where the store is PostgreSQL. A failed
// heartbeat is made up for by the next one.
import type { Store } from '../store/database.ts';
import type { ReplicaStatements } from './replica-statements.ts';
import type { SharedClock } from './shared-clock.ts';

/** Interval of heartbeats, ms: a third of the time after which a silent replica counts as dead. */
const BEAT_MS = 5_000;
/** Delay that merges bursts of changes, ms: a failing source opens the breakers of all its operations. */
const SOON_MS = 100;

export interface Presence {
  /** Replicas alive at the last heartbeat, this one included. */
  living(): number;
  /** When this replica started, epoch ms by the clock of the database. */
  startedAt(): number;
  /** Schedules a heartbeat shortly. */
  hurry(): void;
  /** Sends a heartbeat now. @throws GatewayError STORE_UNAVAILABLE */
  beat(): Promise<void>;
  /** Stops the heartbeats and removes this replica's row. */
  leave(): Promise<void>;
}

export interface PresenceDeps {
  readonly store: Store;
  readonly statements: ReplicaStatements;
  readonly id: string;
  readonly label: string;
  readonly clock: SharedClock;
  /** As JSON. */
  readonly view: () => string;
  readonly onBeat: () => void;
}

export function createPresence(deps: PresenceDeps): Presence {
  const { store, statements, id, label, clock, view, onBeat } = deps;
  let living = 1;
  let startedAt = clock.now();
  let hurrying: NodeJS.Timeout | undefined;
  let isLeaving = false;
  /** Sequential: a slow heartbeat must not overwrite a newer view with an older one. */
  let beating: Promise<unknown> = Promise.resolve();

  const write = async (): Promise<void> => {
    if (isLeaving) return;
    const skewMs = clock.skewMs();
    const params = [id, label, view(), skewMs === undefined ? null : Math.round(skewMs)];
    const sentTick = clock.tick();
    const [row] = await store.run(statements.beat, params);
    if (row === undefined) return;
    clock.measured(row.database_at, sentTick, clock.tick());
    clock.report();
    living = 1 + row.others;
    startedAt = Date.parse(row.started_at);
  };
  const beat = (): Promise<void> => {
    const done = beating.then(write);
    beating = done.catch(() => {});
    return done;
  };
  const beatQuietly = (): void => {
    onBeat();
    beat().catch(() => {});
  };
  const timer = setInterval(beatQuietly, BEAT_MS).unref();

  return {
    living: () => living,
    startedAt: () => startedAt,
    hurry: () => {
      if (isLeaving) return;
      hurrying ??= setTimeout(() => {
        hurrying = undefined;
        beat().catch(() => {});
      }, SOON_MS).unref();
    },
    beat,
    leave: async () => {
      isLeaving = true;
      clearInterval(timer);
      clearTimeout(hurrying);
      await beating;
      await store.run(statements.leave, [id]);
    },
  };
}
