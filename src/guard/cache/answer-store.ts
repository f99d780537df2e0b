// The storage of the answer cache: lru-cache, bounded by entries and bytes, in the memory of this process. Entries do not expire here;
// `answer-cache.ts` does that.
import { LRUCache } from 'lru-cache';

export interface AnswerStore<E extends object> {
  get(key: string): E | undefined;
  /** @param bytes size of the entry, ≥ 1; an entry larger than the store is not stored */
  set(key: string, entry: E, bytes: number): void;
  delete(key: string): void;
  /** Deletes all expired entries. */
  sweep(isExpired: (entry: E) => boolean): void;
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
    sweep: (isExpired) => {
      for (const [key, entry] of lru.entries()) if (isExpired(entry)) lru.delete(key);
    },
    clear: () => lru.clear(),
    entries: () => lru.size,
    bytes: () => lru.calculatedSize,
  };
}
