// Gate settings and cache drops, the same in every replica: a table holds them, and the change feed reads it again. While the store
// is unavailable the latest settings stay in force and no call is affected.

import type { GateSetting } from '../guard/contract.ts';
import { errorFields, type Log } from '../observe/log.ts';
import type { Store } from '../store/database.ts';
import type { ChangeReader } from './change-feed.ts';
import type { GateListener, Replicas, SharedGate } from './contract.ts';
import type { GateRow, ReplicaStatements } from './replica-statements.ts';

export interface SharedGates
  extends Pick<Replicas, 'gates' | 'setGate' | 'onGate' | 'dropCache' | 'onDropCache'> {
  /** Applies the settings and drops that are new. */
  readonly read: ChangeReader;
  close(): void;
}

export interface SharedGatesDeps {
  readonly store: Pick<Store, 'run'>;
  readonly statements: ReplicaStatements;
  readonly log: Log | undefined;
}

export function createSharedGates({ store, statements, log }: SharedGatesDeps): SharedGates {
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

  const read: ChangeReader = async (run) => {
    for (const row of await run(statements.readGates, [])) apply(row);
  };

  return {
    read,
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
    close: () => {
      listeners.clear();
      dropListeners.clear();
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
