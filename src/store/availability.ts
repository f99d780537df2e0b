// Whether the store answers: each outage is reported once at its begin and once at its end, however many statements fail in
// between.
import { causeCode } from './store-error.ts';

export interface StoreObserver {
  /** A statement has ended. */
  statement(name: string, outcome: StatementOutcome, durationMs: number): void;
  /** An outage has begun; `code` is the SQLSTATE or errno code of the first failure. */
  unavailable(code: string): void;
  recovered(outageMs: number): void;
}

/** `CANCELLED`: its request ended first. */
export type StatementOutcome = 'OK' | 'FAILED' | 'CANCELLED';

export interface Availability {
  /** Undefined while the store answers, else the begin of the outage, from `performance.now()`. */
  readonly downSince: () => number | undefined;
  readonly succeeded: () => void;
  /** Begins an outage where the error is about the database as a whole, not about one statement. */
  readonly failed: (error: unknown) => void;
  readonly close: () => void;
}

/** During an outage the database is asked this often, so that its end is noticed without requests. */
const PROBE_INTERVAL_MS = 1_000;

/** SQLSTATE classes about the database as a whole: connection, resources, operator intervention, system. */
const OUTAGE_CLASSES = new Set(['08', '53', '57', '58']);
const READ_ONLY = '25006';
/** A statement that took too long, or was cancelled. */
const QUERY_CANCELED = '57014';

export function createAvailability(
  observer: StoreObserver | undefined,
  probe: () => Promise<unknown>,
): Availability {
  let downSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const probeLater = (): void => {
    timer = setTimeout(() => {
      // Its outcome is reported as that of every statement.
      void probe()
        .catch(() => {})
        .then(() => downSince !== undefined && probeLater());
    }, PROBE_INTERVAL_MS).unref();
  };

  return {
    downSince: () => downSince,
    succeeded: () => {
      if (downSince === undefined) return;
      clearTimeout(timer);
      const outageMs = Math.round(performance.now() - downSince);
      downSince = undefined;
      observer?.recovered(outageMs);
    },
    failed: (error) => {
      const code = causeCode(error);
      if (downSince !== undefined || !isOutage(code)) return;
      downSince = performance.now();
      observer?.unavailable(code);
      probeLater();
    },
    close: () => clearTimeout(timer),
  };
}

const isOutage = (code: string): boolean => {
  const isSqlState = /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
  if (!isSqlState) return true;
  return code === READ_ONLY || (OUTAGE_CLASSES.has(code.slice(0, 2)) && code !== QUERY_CANCELED);
};
