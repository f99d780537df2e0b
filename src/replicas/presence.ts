// Who lives: each replica writes its row with a heartbeat, and what it shows of itself with it. Made by `replicas.ts` where the store is
// PostgreSQL. A heartbeat that fails is followed by the next one.
import type { Store } from '../store/database.ts';
import type { ReplicaStatements } from './replica-statements.ts';

/** A third of the time after which a silent replica is dead. */
const BEAT_MS = 5_000;
/** Changes come in bursts: a source that dies opens the breakers of all its operations. */
const SOON_MS = 100;

export interface Presence {
  /** Replicas that lived at the last heartbeat, this one included. */
  living(): number;
  /** Another heartbeat, soon. */
  hurry(): void;
  /** A heartbeat now. @throws GatewayError STORE_UNAVAILABLE */
  beat(): Promise<void>;
  /** No more heartbeats; others no longer see this replica. */
  leave(): Promise<void>;
}

export interface PresenceDeps {
  readonly store: Store;
  readonly statements: ReplicaStatements;
  readonly id: string;
  readonly label: string;
  readonly startedAt: number;
  /** As JSON. */
  readonly view: () => string;
  readonly onBeat: () => void;
}

export function createPresence(deps: PresenceDeps): Presence {
  const { store, statements, id, label, startedAt, view, onBeat } = deps;
  const since = new Date(startedAt).toISOString();
  let living = 1;
  let hurrying: NodeJS.Timeout | undefined;
  let isLeaving = false;
  /** One after the other: a slow one must not put an older view over a newer. */
  let beating: Promise<unknown> = Promise.resolve();

  const write = async (): Promise<void> => {
    if (isLeaving) return;
    const [row] = await store.run(statements.beat, [id, label, since, view()]);
    living = 1 + (row?.others ?? 0);
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
