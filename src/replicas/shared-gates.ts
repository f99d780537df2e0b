// The operators' words on gates and caches, the same in every replica: a table says what holds, NOTIFY says that it changed, and a look every
// second covers what NOTIFY did not bring. Made by `replicas.ts`. A store that is away disturbs no call: the last words hold.

import type { GateSetting } from '../guard/contract.ts';
import { errorFields, type Log } from '../observe/log.ts';
import type { Listening, Store } from '../store/database.ts';
import type { GateListener, Replicas, SharedGate } from './contract.ts';
import { GATES_CHANNEL, type GateRow, type ReplicaStatements } from './replica-statements.ts';

/** With the answer's time well under 2 s, which is what operators are promised. */
const LOOK_MS = 1_000;

export interface SharedGates
  extends Pick<Replicas, 'gates' | 'setGate' | 'onGate' | 'dropCache' | 'onDropCache'> {
  close(): Promise<void>;
}

export interface SharedGatesDeps {
  readonly store: Store;
  readonly statements: ReplicaStatements;
  readonly log: Log | undefined;
}

/** @throws GatewayError STORE_UNAVAILABLE: what operators have said must be known before the first call. */
export async function createSharedGates({ store, statements, log }: SharedGatesDeps): Promise<SharedGates> {
  const known = new Map<string, SharedGate>();
  const listeners = new Set<GateListener>();
  /** How often the answers of a connector were to be forgotten. */
  const drops = new Map<string, number>();
  const dropListeners = new Set<(connector: string) => void>();

  const tell = (connector: string, each: Iterable<() => void>): void => {
    for (const listener of each) {
      try {
        listener();
      } catch (error) {
        log?.error({ connector, err: errorFields(error) }, "an operator's word was not taken by a listener");
      }
    }
  };

  const take = (row: GateRow): SharedGate => {
    const gate = gateOf(row);
    const { connector, setting, version } = gate;
    if (row.cache_version > (drops.get(connector) ?? 0)) {
      drops.set(connector, row.cache_version);
      tell(
        connector,
        [...dropListeners].map((listener) => () => listener(connector)),
      );
    }
    // A look that began before the last word was stored must not put an older one back.
    if (version > (known.get(connector)?.version ?? 0)) {
      known.set(connector, gate);
      tell(
        connector,
        [...listeners].map((listener) => () => listener(connector, setting)),
      );
    }
    return gate;
  };

  /** Undefined while the first connection is made. */
  let listening: Listening | undefined;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  const readAll = async (): Promise<void> => {
    try {
      do {
        lookAgain = false;
        for (const row of (await listening?.run(statements.readGates, [])) ?? []) take(row);
      } while (lookAgain);
    } finally {
      looking = undefined;
    }
  };
  /** One look at a time; what is said during one is seen by another after it. */
  const look = (): Promise<void> => {
    if (looking === undefined) looking = readAll();
    else lookAgain = true;
    return looking;
  };
  /** Who listens connects anew and looks then. */
  const lookQuietly = (): void => void look().catch(() => {});

  listening = await store.listen(GATES_CHANNEL, { onMessage: lookQuietly, onReturn: lookQuietly });
  try {
    await look();
  } catch (error) {
    await listening.close();
    throw error;
  }
  // On PGlite nobody else writes.
  const timer = store.kind === 'postgres' ? setInterval(lookQuietly, LOOK_MS).unref() : undefined;

  return {
    gates: () => known,
    setGate: async (connector, { gate, reason, until, text }, by) => {
      const end = until === undefined ? null : new Date(until).toISOString();
      const params = [connector, gate, reason ?? null, end, text?.vi ?? null, text?.en ?? null, by];
      const [row] = await store.run(statements.setGate, params);
      return take(row as GateRow);
    },
    onGate: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dropCache: async (connector, by) => {
      const [row] = await store.run(statements.dropCache, [connector, by]);
      take(row as GateRow);
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
