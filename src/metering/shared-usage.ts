// What all gateways on one store admit: each writes the units that it admitted, once a second, and reads how much the others did.
// While the store is away every gateway limits what it sees itself.

import { errorFields, type Log } from '../observe/log.ts';
import type { Store } from '../store/database.ts';
import type { Statement } from '../store/statement.ts';

export interface SharedUsage {
  /** Counts units that this gateway admitted; negative: gave back. */
  readonly add: (key: string, units: number) => void;
  /** Sets the listener for units that other gateways admitted. */
  readonly onOthers: (listener: (key: string, units: number) => void) => void;
  /** Writes what has been counted and reads the rest. Never rejects. */
  readonly sync: () => Promise<void>;
  readonly close: () => void;
}

const SYNC_MS = 1_000;
/** Callers in one statement; the others follow with the next. */
const MAX_ROWS = 1_000;

export function createSharedUsage({
  store,
  log,
}: {
  readonly store: Pick<Store, 'run'>;
  readonly log: Log;
}): SharedUsage {
  const pending = new Map<string, number>();
  /** What the store held last in the current slot, by key. */
  let known = new Map<string, number>();
  let knownSlot: number | undefined;
  let listener: (key: string, units: number) => void = () => {};
  let isAway = false;
  let syncing = false;

  const sync = async (): Promise<void> => {
    if (syncing || pending.size === 0) return;
    syncing = true;
    const batch = [...pending].slice(0, MAX_ROWS).map(([key, units]) => ({ key, units: Math.round(units) }));
    for (const { key } of batch) pending.delete(key);
    try {
      const rows = await store.run(ADD_USAGE, [JSON.stringify(batch)]);
      const own = new Map(batch.map(({ key, units }) => [key, units]));
      const slot = rows[0]?.slot;
      if (slot !== knownSlot) known = new Map();
      knownSlot = slot;
      for (const { key, units } of rows) {
        const others = units - (known.get(key) ?? 0) - (own.get(key) ?? 0);
        known.set(key, units);
        if (others !== 0) listener(key, others);
      }
      if (isAway) log.info({}, 'rate limits are shared again');
      isAway = false;
    } catch (error) {
      for (const { key, units } of batch) pending.set(key, (pending.get(key) ?? 0) + units);
      if (!isAway) log.warn({ err: errorFields(error) }, 'rate limits are not shared: the store is away');
      isAway = true;
    } finally {
      syncing = false;
    }
  };
  const timer = setInterval(() => void sync(), SYNC_MS).unref();

  return {
    add: (key, units) => {
      if (pending.size < 50_000 || pending.has(key)) pending.set(key, (pending.get(key) ?? 0) + units);
    },
    onOthers: (next) => {
      listener = next;
    },
    sync,
    close: () => clearInterval(timer),
  };
}

interface UsageRow {
  readonly key: string;
  readonly slot: number;
  readonly units: number;
}

/** A slot is a minute by the clock of the database; rows of earlier minutes go. */
const ADD_USAGE: Statement<UsageRow> = {
  name: 'lt_rate_usage',
  sql: `with minute as (select floor(extract(epoch from clock_timestamp()) / 60)::integer as slot),
    given as (select key, units from jsonb_to_recordset($1::text::jsonb) as given(key text, units integer)),
    gone as (delete from rate_usage where slot < (select slot from minute) - 1)
    insert into rate_usage (key, slot, units) select key, slot, units from given, minute order by key
    on conflict (key, slot) do update set units = rate_usage.units + excluded.units
    returning key, slot, units`,
};
