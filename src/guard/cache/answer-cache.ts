// Step "cache" of a guarded call: what was answered lately is answered again, said to be CACHED or STALE and how old. Keeps answers
// under digests only, never errors, never longer than the operation's legal bound, and lets go of what is over by itself.
import { hash } from 'node:crypto';
import type { CacheLimits, CacheRules, GuardedAnswer } from '../contract.ts';
import { createAnswerStore } from './answer-store.ts';
import { freezeAndWeigh } from './weigh.ts';

/** An answer that is kept. All moments are epoch ms. */
export interface KeptAnswer {
  /** As it is given while fresh. */
  readonly cached: GuardedAnswer;
  /** Until then CACHED. */
  readonly freshUntil: number;
  /** Until then STALE, and asked anew behind the caller's back. */
  readonly staleUntil: number;
  /** Until then STALE, when the source cannot be asked. */
  readonly errorUntil: number;
}

export interface AnswerCache {
  /** @param at epoch ms of now. */
  find(key: string, at: number): KeptAnswer | undefined;
  /** Keeps an answer, or forgets the one before it when this one is not to be kept. Freezes what it keeps. */
  keep(key: string, answer: unknown, rules: CacheRules, at: number): void;
  forget(key: string): void;
  /** Changes with `clear`: an answer that was asked for before must not be kept after. */
  generation(): number;
  /** @returns how many were dropped */
  clear(): number;
  count(what: 'hits' | 'stale' | 'misses'): void;
  figures(): CacheFigures;
  /** Drops everything and keeps nothing more. */
  close(): void;
}

export interface CacheFigures {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly stale: number;
  readonly misses: number;
}

/** How often memory is freed of what nobody may see any more. */
const SWEEP_MS = 30_000;

export function createAnswerCache(limits: CacheLimits, now: () => number): AnswerCache {
  const store = createAnswerStore<KeptAnswer>(limits.maxEntries, limits.maxBytes);
  const counts = { hits: 0, stale: 0, misses: 0 };
  let generation = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const isOver = (entry: KeptAnswer, at: number): boolean => at >= entry.staleUntil && at >= entry.errorUntil;

  const sweep = (): void => {
    const at = now();
    timer = undefined;
    store.sweep((entry) => isOver(entry, at));
    if (store.entries() > 0) sweepLater();
  };
  const sweepLater = (): void => {
    timer ??= setTimeout(sweep, SWEEP_MS).unref();
  };
  const clear = (): number => {
    const dropped = store.entries();
    generation++;
    store.clear();
    clearTimeout(timer);
    timer = undefined;
    return dropped;
  };

  return {
    find: (key, at) => {
      const entry = store.get(key);
      if (entry === undefined) return undefined;
      // A clock that was set back makes an answer of the future: it would live too long.
      if (!isOver(entry, at) && at >= entry.cached.fetchedAt - CLOCK_TOLERANCE_MS) return entry;
      store.delete(key);
      return undefined;
    },
    keep: (key, answer, rules, at) => {
      const entry = closed ? undefined : aKeptAnswer(answer, rules);
      if (entry === undefined || isOver(entry, at)) {
        store.delete(key);
        return;
      }
      store.set(key, entry, freezeAndWeigh(entry.cached) + key.length);
      sweepLater();
    },
    forget: (key) => store.delete(key),
    generation: () => generation,
    clear,
    count: (what) => {
      counts[what]++;
    },
    figures: () => ({ entries: store.entries(), bytes: store.bytes(), ...counts }),
    close: () => {
      closed = true;
      clear();
    },
  };
}

const CLOCK_TOLERANCE_MS = 1_000;

function aKeptAnswer(answer: unknown, rules: CacheRules): KeptAnswer | undefined {
  if (!isGuardedAnswer(answer)) return undefined;
  const { fetchedAt } = answer;
  const last = fetchedAt + (rules.maxAgeMs ?? Number.POSITIVE_INFINITY);
  const cached: GuardedAnswer = { ...answer, freshness: 'CACHED' };
  if (answer.notFound === true) {
    // "There is none" is no good answer once its time is over: no staleness.
    const until = Math.min(last, fetchedAt + rules.negativeTtlMs);
    return { cached, freshUntil: until, staleUntil: until, errorUntil: until };
  }
  const freshUntil = fetchedAt + rules.ttlMs;
  return {
    cached,
    freshUntil: Math.min(last, freshUntil),
    staleUntil: Math.min(last, freshUntil + rules.staleWhileRevalidateMs),
    errorUntil: Math.min(last, freshUntil + rules.staleIfErrorMs),
  };
}

const isGuardedAnswer = (value: unknown): value is GuardedAnswer =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as GuardedAnswer).fetchedAt === 'number' &&
  (value as GuardedAnswer).freshness === 'LIVE';

/** The name an answer is kept under: nothing of the input can be read from it. */
export const digestOf = (connector: string, operation: string, key: string): string =>
  hash('sha256', `${connector}\0${operation}\0${key}`, 'base64');

/** The kept answer as it is given when its time is over. */
export const staleAnswer = (kept: KeptAnswer): GuardedAnswer => ({ ...kept.cached, freshness: 'STALE' });
