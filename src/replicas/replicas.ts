// What gateways on one store share: operators' gates, holds of sources, quotas and each other's views. Created after the store and closed before it.
// With PGlite this process is the only one: gates and holds are stored, quotas and views stay local.
import { randomUUID } from 'node:crypto';
import { errorFields, type Log } from '../observe/log.ts';
import type { Store } from '../store/database.ts';
import { createChangeFeed } from './change-feed.ts';
import type { Replicas, ReplicaView } from './contract.ts';
import { createLeaseDesk } from './lease-desk.ts';
import { createLeasedLedger, type LeasedLedger } from './leased-ledger.ts';
import { createPresence } from './presence.ts';
import { createReplicaStatements, type ReplicaRow, type ReplicaStatements } from './replica-statements.ts';
import { createSharedClock, type SharedClock } from './shared-clock.ts';
import { createSharedGates } from './shared-gates.ts';
import { createSharedHolds } from './shared-holds.ts';

export type * from './contract.ts';

/** Limit for unregistering, ms. Others detect a missing replica by themselves, and an unavailable store must not delay the shutdown. */
const LEAVE_MS = 1_000;
/** Readings of the database's clock at the start. */
const FIRST_READINGS = 3;

export interface ReplicasOptions {
  readonly store: Store;
  readonly log?: Log;
  /** The wall clock of this process, epoch ms. Default `Date.now`. */
  readonly now?: () => number;
  /** The monotonic clock of this process, ms. Default `performance.now`. */
  readonly tick?: () => number;
}

/** @throws GatewayError STORE_UNAVAILABLE */
export async function createReplicas(options: ReplicasOptions): Promise<Replicas> {
  const { store, log, now = Date.now, tick } = options;
  const id = randomUUID();
  const label = `gateway ${id.slice(0, 8)}`;
  const statements = createReplicaStatements(store.db);
  const clock = createSharedClock({ now, tick, log });
  const shared = store.kind === 'postgres';
  if (shared) await readClock(store, statements, clock);
  const gates = createSharedGates({ store, statements, log });
  const holds = createSharedHolds({ store, statements, now: clock.now, log });
  // Gates and holds must be known before the first call.
  const feed = await createChangeFeed(store, [gates.read, holds.read]);

  let readView: () => unknown = () => null;
  const view = (): string => {
    try {
      return JSON.stringify(readView() ?? null);
    } catch (error) {
      // An error in the view must not stop the heartbeat.
      log?.error({ err: errorFields(error) }, 'the view of this replica could not be read');
      return 'null';
    }
  };
  /** By connector and limits: a reloaded connector keeps the calls that it has leased. */
  const ledgers = new Map<string, LeasedLedger>();
  const desk = createLeaseDesk({ store, statements, log, clock });
  const presence = shared
    ? createPresence({
        store,
        statements,
        id,
        label,
        clock,
        view,
        onBeat: () => {
          for (const ledger of ledgers.values()) ledger.tidy();
        },
      })
    : undefined;
  try {
    await presence?.beat();
  } catch (error) {
    await Promise.all([feed.close(), presence?.leave().catch(() => {})]);
    throw error;
  }

  const createdAt = clock.now();
  const self = (): ReplicaView => ({
    id,
    label,
    isThis: true,
    startedAt: presence?.startedAt() ?? createdAt,
    seenAt: clock.now(),
    clockSkewMs: clock.skewMs() ?? null,
    view: JSON.parse(view()),
  });

  return {
    id,
    now: clock.now,
    clockSkewMs: clock.skewMs,
    gates: gates.gates,
    setGate: gates.setGate,
    onGate: gates.onGate,
    dropCache: gates.dropCache,
    onDropCache: gates.onDropCache,
    holdsOf: holds.holdsOf,
    shareHold: holds.shareHold,
    onHold: holds.onHold,
    quotaLedger: (connector, { perSecond, perDay }) => {
      if (presence === undefined) return undefined;
      const key = `${connector} ${perSecond} ${perDay}`;
      let ledger = ledgers.get(key);
      if (ledger === undefined) {
        ledger = createLeasedLedger(
          connector,
          { perSecond, perDay },
          {
            desk,
            living: presence.living,
            now: clock.now,
          },
        );
        ledgers.set(key, ledger);
      }
      return ledger;
    },
    publish: (read) => {
      readView = read;
      presence?.hurry();
    },
    views: async () => {
      if (presence === undefined) return [self()];
      const rows = await store.run(statements.living, []);
      const others = rows.filter((row) => row.id !== id);
      return [self(), ...others.map(viewOf)].sort((a, b) => a.startedAt - b.startedAt);
    },
    close: async () => {
      gates.close();
      holds.close();
      const leaving = Promise.all([
        feed.close(),
        ...Array.from(ledgers.values(), (ledger) => ledger.settle()),
        presence?.leave(),
      ]);
      await atMost(LEAVE_MS, leaving);
    },
  };
}

const viewOf = ({ id, label, started_at, seen_at, view, clock_skew_ms }: ReplicaRow): ReplicaView => ({
  id,
  label,
  isThis: false,
  startedAt: Date.parse(started_at),
  seenAt: Date.parse(seen_at),
  clockSkewMs: clock_skew_ms,
  view,
});

/** Before anything is shared: the best of several, since the first one may open a connection. @throws GatewayError STORE_UNAVAILABLE */
async function readClock(
  store: Store,
  { readClock: statement }: ReplicaStatements,
  clock: SharedClock,
): Promise<void> {
  for (let i = 0; i < FIRST_READINGS; i++) {
    const sentTick = clock.tick();
    const [row] = await store.run(statement, []);
    if (row !== undefined) clock.measured(row.database_at, sentTick, clock.tick());
  }
}

/** Waits until the work settles, but no longer than `ms`. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), time]);
  clearTimeout(timer);
}
