// Persons whom unusually many officers look up: an alarm in the log and a metric, as it happens in this process. Holds keyed digests of
// persons, bounded in number, and names none; `auditAnomalies` has them over all gateways.

import { LRUCache } from 'lru-cache';
import type { Log } from '../observe/log.ts';
import type { Entry } from './record.ts';

/** A dossier passes through a handful of hands; more officers than this within the window are not explained by it. */
export const OFFICERS_LIMIT = 10;
/** One hour. */
export const WATCH_WINDOW_MS = 3_600_000;

/** Persons that are watched; the ones not seen for the longest time go first. About 200 bytes each. */
const MAX_PERSONS = 50_000;

export interface PersonWatch {
  /** Takes the records of a request. */
  readonly look: (
    entries: readonly Pick<Entry, 'kind' | 'system' | 'subject' | 'actorKind' | 'actor'>[],
  ) => void;
  /** Alarms since the start. */
  readonly alarms: () => number;
}

interface Watched {
  readonly since: number;
  readonly officers: Set<string>;
  isReported: boolean;
}

export function createPersonWatch(log: Log, now: () => number = Date.now): PersonWatch {
  const persons = new LRUCache<string, Watched>({ max: MAX_PERSONS });
  let alarms = 0;
  return {
    alarms: () => alarms,
    look: (entries) => {
      for (const { kind, system, subject, actorKind, actor } of entries) {
        // Reading the city's own dossiers is no look-up.
        if (kind !== 'ACCESS' || actorKind !== 'officer' || subject === null || system === 'store') continue;
        const known = persons.get(subject);
        const watched =
          known !== undefined && now() - known.since < WATCH_WINDOW_MS
            ? known
            : { since: now(), officers: new Set<string>(), isReported: false };
        if (watched !== known) persons.set(subject, watched);
        if (watched.isReported) continue;
        watched.officers.add(actor);
        if (watched.officers.size <= OFFICERS_LIMIT) continue;
        watched.isReported = true;
        alarms += 1;
        log.warn(
          { officers: watched.officers.size, windowMinutes: WATCH_WINDOW_MS / 60_000, system },
          'a person is looked up by unusually many officers; auditAnomalies shows by whom',
        );
      }
    },
  };
}
