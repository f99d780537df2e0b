// The store with its log lines and metrics.
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { openStore, type Store, type StoreOptions } from './store/database.ts';

/** @throws StoreStartError */
export async function openObservedStore(options: StoreOptions, log: Log, metrics: Metrics): Promise<Store> {
  const store = await openStore({
    ...options,
    observer: {
      statement: (name, outcome, durationMs) => metrics.storeStatement(name, outcome, durationMs / 1000),
      unavailable: (code) => log.error({ code }, 'store unavailable'),
      recovered: (outageMs) => log.info({ outageMs }, 'store recovered'),
    },
  });
  metrics.readStore(store.state);
  return store;
}
