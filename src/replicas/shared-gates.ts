// Gate settings and cache drops, the same in every replica: a table holds them, NOTIFY announces changes, and polling once a second
// covers lost notifications. While the store is unavailable the latest settings stay in force and no call is affected.

import type { GateSetting } from '../guard/contract.ts';
import { errorFields, type Log } from '../observe/log.ts';
import type { Listening, Store } from '../store/database.ts';
import type { GateListener, Replicas, SharedGate } from './contract.ts';
import { GATES_CHANNEL, type GateRow, type ReplicaStatements } from './replica-statements.ts';

/** Polling interval, ms. With the query's own time it stays well below the promised 2 s. */
const POLL_MS = 1_000;

export interface SharedGates
  extends Pick<Replicas, 'gates' | 'setGate' | 'onGate' | 'dropCache' | 'onDropCache'> {
  close(): Promise<void>;
}

export interface SharedGatesDeps {
  readonly store: Store;
  readonly statements: ReplicaStatements;
  readonly log: Log | undefined;
}

/** @throws GatewayError STORE_UNAVAILABLE: gate settings must be known before the first call. */
export async function createSharedGates({ store, statements, log }: SharedGatesDeps): Promise<SharedGates> {
  const known = new Map<string, SharedGate>();
  const listeners = new Set<GateListener>();
  /** Latest cache version of each connector. */
  const drops = new Map<string, number>();
  const dropListeners = new Set<(connector: string) => void>();

  const notify = (connector: string, each: Iterable<() => void>): void => {
    for (const listener of each) {
      try {
        listener();
      } catch (error) {
        log?.error(
          { connector, err: errorFields(error) },
          'a listener failed to apply a gate setting or cache drop',
        );
      }
    }
  };

  const apply = (row: GateRow): SharedGate => {
    const gate = gateOf(row);
    const { connector, setting, version } = gate;
    if (row.cache_version > (drops.get(connector) ?? 0)) {
      drops.set(connector, row.cache_version);
      notify(
        connector,
        [...dropListeners].map((listener) => () => listener(connector)),
      );
    }
    // A poll that began before the latest setting was stored must not restore an older one.
    if (version > (known.get(connector)?.version ?? 0)) {
      known.set(connector, gate);
      notify(
        connector,
        [...listeners].map((listener) => () => listener(connector, setting)),
      );
    }
    return gate;
  };

  /** Undefined until the first connection is open. */
  let listening: Listening | undefined;
  let polling: Promise<void> | undefined;
  let pollAgain = false;
  const readAll = async (): Promise<void> => {
    try {
      do {
        pollAgain = false;
        for (const row of (await listening?.run(statements.readGates, [])) ?? []) apply(row);
      } while (pollAgain);
    } finally {
      polling = undefined;
    }
  };
  /** One poll at a time; a change during a poll is read by a second poll after it. */
  const poll = (): Promise<void> => {
    if (polling === undefined) polling = readAll();
    else pollAgain = true;
    return polling;
  };
  /** After a failure the listener reconnects and polls again. */
  const pollQuietly = (): void => void poll().catch(() => {});

  listening = await store.listen(GATES_CHANNEL, { onMessage: pollQuietly, onReconnect: pollQuietly });
  try {
    await poll();
  } catch (error) {
    await listening.close();
    throw error;
  }
  // With PGlite no other process writes.
  const timer = store.kind === 'postgres' ? setInterval(pollQuietly, POLL_MS).unref() : undefined;

  return {
    gates: () => known,
    setGate: async (connector, { gate, reason, until, text }, by) => {
      const end = until === undefined ? null : new Date(until).toISOString();
      const params = [connector, gate, reason ?? null, end, text?.vi ?? null, text?.en ?? null, by];
      const [row] = await store.run(statements.setGate, params);
      return apply(row as GateRow);
    },
    onGate: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dropCache: async (connector, by) => {
      const [row] = await store.run(statements.dropCache, [connector, by]);
      apply(row as GateRow);
    },
    onDropCache: (listener) => {
      dropListeners.add(listener);
      return () => void dropListeners.delete(listener);
    },
    close: async () => {
      clearInterval(timer);
      listeners.clear();
      dropListeners.clear();
      await listening.close();
    },
  };
}

function gateOf(row: GateRow): SharedGate {
  const { connector, gate, reason, until, text_vi: vi, text_en: en } = row;
  const setting: GateSetting = {
    gate,
    since: Date.parse(row.set_at),
    ...(reason !== null && { reason }),
    ...(until !== null && { until: Date.parse(until) }),
    ...(vi !== null && en !== null && { text: { vi, en } }),
  };
  return { connector, setting, by: row.set_by, at: Date.parse(row.set_at), version: row.version };
}
