// The port of the answer cache to what stores: lru-cache, bounded by count and bytes, in this process's memory only. It knows
// nothing of time; `answer-cache.ts` does.
import { LRUCache } from 'lru-cache';

export interface AnswerStore<E extends object> {
  get(key: string): E | undefined;
  /** @param bytes its weight, ≥ 1; an entry heavier than the whole store is not kept. */
  set(key: string, entry: E, bytes: number): void;
  delete(key: string): void;
  /** Deletes what `isOver` says. */
  sweep(isOver: (entry: E) => boolean): void;
  clear(): void;
  entries(): number;
  bytes(): number;
}

export function createAnswerStore<E extends object>(maxEntries: number, maxBytes: number): AnswerStore<E> {
  const lru = new LRUCache<string, E>({ max: maxEntries, maxSize: maxBytes });
  return {
    get: (key) => lru.get(key),
    set: (key, entry, bytes) => void lru.set(key, entry, { size: bytes }),
    delete: (key) => void lru.delete(key),
    sweep: (isOver) => {
      for (const [key, entry] of lru.entries()) if (isOver(entry)) lru.delete(key);
    },
    clear: () => lru.clear(),
    entries: () => lru.size,
    bytes: () => lru.calculatedSize,
  };
}
