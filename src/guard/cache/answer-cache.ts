// Step "cache": serves recent answers again, marked CACHED or STALE. Stores answers under digests only, never errors, never longer
// than the legal bound of the operation, and frees expired entries.
import { hash } from 'node:crypto';
import type { CacheLimits, CacheRules, GuardedAnswer } from '../contract.ts';
import { createAnswerStore } from './answer-store.ts';
import { freezeAndWeigh } from './freeze-and-weigh.ts';

/** A cached answer. All times are epoch ms. */
export interface CacheEntry {
  /** The answer, marked CACHED. */
  readonly answer: GuardedAnswer;
  /** Until then served as CACHED. */
  readonly freshUntil: number;
  /** Until then served as STALE and refreshed in the background. */
  readonly staleUntil: number;
  /** Until then served as STALE when the source cannot be called. */
  readonly errorUntil: number;
  /** Until then kept to be renewed. */
  readonly keptUntil: number;
}

export interface AnswerCache {
  /** @param at epoch ms of now */
  find(key: string, at: number): CacheEntry | undefined;
  /** Stores and freezes an answer, or deletes the entry if the answer must not be stored. */
  store(key: string, answer: unknown, rules: CacheRules, at: number): void;
  delete(key: string): void;
  /** Changes with `clear`: an answer to a call that began before must not be stored after. */
  generation(): number;
  /** @returns the number of dropped entries */
  clear(): number;
  count(what: 'hits' | 'stale' | 'misses'): void;
  figures(): CacheFigures;
  /** Drops all entries and stores no more. */
  close(): void;
}

export interface CacheFigures {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly stale: number;
  readonly misses: number;
}

/** Time between two removals of expired entries. */
const SWEEP_MS = 30_000;

export function createAnswerCache(
  limits: CacheLimits,
  now: () => number,
  isRenewable: (answer: GuardedAnswer) => boolean,
): AnswerCache {
  const entries = createAnswerStore<CacheEntry>(limits.maxEntries, limits.maxBytes);
  const counts = { hits: 0, stale: 0, misses: 0 };
  let generation = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const isExpired = (entry: CacheEntry, at: number): boolean =>
    at >= entry.staleUntil && at >= entry.errorUntil && at >= entry.keptUntil;

  const sweep = (): void => {
    const at = now();
    timer = undefined;
    entries.sweep((entry) => isExpired(entry, at));
    if (entries.entries() > 0) sweepLater();
  };
  const sweepLater = (): void => {
    timer ??= setTimeout(sweep, SWEEP_MS).unref();
  };
  const clear = (): number => {
    const dropped = entries.entries();
    generation++;
    entries.clear();
    clearTimeout(timer);
    timer = undefined;
    return dropped;
  };

  return {
    find: (key, at) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      // After the clock was set back an answer from the future would live too long.
      if (!isExpired(entry, at) && at >= entry.answer.fetchedAt - CLOCK_TOLERANCE_MS) return entry;
      entries.delete(key);
      return undefined;
    },
    store: (key, answer, rules, at) => {
      const entry = closed ? undefined : toEntry(answer, rules, isRenewable);
      if (entry === undefined || isExpired(entry, at)) {
        entries.delete(key);
        return;
      }
      entries.set(key, entry, freezeAndWeigh(entry.answer) + key.length);
      sweepLater();
    },
    delete: (key) => entries.delete(key),
    generation: () => generation,
    clear,
    count: (what) => {
      counts[what]++;
    },
    figures: () => ({ entries: entries.entries(), bytes: entries.bytes(), ...counts }),
    close: () => {
      closed = true;
      clear();
    },
  };
}

const CLOCK_TOLERANCE_MS = 1_000;

function toEntry(
  answer: unknown,
  rules: CacheRules,
  isRenewable: (answer: GuardedAnswer) => boolean,
): CacheEntry | undefined {
  if (!isGuardedAnswer(answer)) return undefined;
  const { fetchedAt } = answer;
  const last = fetchedAt + (rules.maxAgeMs ?? Number.POSITIVE_INFINITY);
  const cached: GuardedAnswer = { ...answer, freshness: 'CACHED' };
  if (answer.notFound === true) {
    // "No such record" is never served as STALE.
    const until = Math.min(last, fetchedAt + rules.negativeTtlMs);
    return { answer: cached, freshUntil: until, staleUntil: until, errorUntil: until, keptUntil: until };
  }
  const freshUntil = fetchedAt + rules.ttlMs;
  return {
    answer: cached,
    freshUntil: Math.min(last, freshUntil),
    staleUntil: Math.min(last, freshUntil + rules.staleWhileRevalidateMs),
    errorUntil: Math.min(last, freshUntil + rules.staleIfErrorMs),
    keptUntil: isRenewable(answer) ? Math.min(last, freshUntil + (rules.revalidateMs ?? 0)) : freshUntil,
  };
}

const isGuardedAnswer = (value: unknown): value is GuardedAnswer =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as GuardedAnswer).fetchedAt === 'number' &&
  (value as GuardedAnswer).freshness === 'LIVE';

/** The key of an entry, which does not reveal the input. */
export const digestOf = (connector: string, operation: string, key: string): string =>
  hash('sha256', `${connector}\0${operation}\0${key}`, 'base64');

/** The answer of an entry that is no longer fresh. */
export const staleAnswer = ({ answer }: CacheEntry): GuardedAnswer => ({ ...answer, freshness: 'STALE' });
