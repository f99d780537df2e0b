// Records the calls that a simulator received: counts per method and path, and the last calls. Never stores a query, a
// body or an id.

export interface RecordedCall {
  /** ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** Without the query; long numbers are shown as `{id}`. */
  readonly path: string;
  /** Null until the call is answered. */
  readonly status: number | null;
  /** The faults applied to the call, joined with `+`. */
  readonly fault: string | null;
}

export interface CallReport {
  /** Calls since the start or the last reset. */
  readonly total: number;
  /** `"POST /token"` → number of calls. */
  readonly counts: Readonly<Record<string, number>>;
  /** Oldest first, at most 200. */
  readonly last: readonly RecordedCall[];
}

/** The record of one call in progress. */
export interface CallEntry {
  recordFault(fault: string): void;
  recordStatus(status: number): void;
}

export interface CallLog {
  add(method: string, path: string): CallEntry;
  report(): CallReport;
  reset(): void;
}

const KEPT = 200;
/** Number of distinct paths that are counted; further paths share one count, because any path can be requested. */
const DISTINCT = 200;

export function createCallLog(now: () => number): CallLog {
  let total = 0;
  let counts = new Map<string, number>();
  let last: { -readonly [K in keyof RecordedCall]: RecordedCall[K] }[] = [];

  return {
    add(method, path) {
      // A path may contain an id; long digit sequences are not stored.
      const shown = path.replaceAll(/\d{9,}/g, '{id}');
      const key = `${method} ${shown}`;
      const name = counts.has(key) || counts.size < DISTINCT ? key : '(others)';
      total += 1;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const call: (typeof last)[number] = {
        at: new Date(now()).toISOString(),
        method,
        path: shown,
        status: null,
        fault: null,
      };
      last.push(call);
      if (last.length > KEPT) last.shift();
      return {
        recordFault: (fault) => {
          call.fault = call.fault === null ? fault : `${call.fault}+${fault}`;
        },
        recordStatus: (status) => {
          call.status = status;
        },
      };
    },
    report: () => ({ total, counts: Object.fromEntries(counts), last: last.map((call) => ({ ...call })) }),
    reset() {
      total = 0;
      counts = new Map();
      last = [];
    },
  };
}
