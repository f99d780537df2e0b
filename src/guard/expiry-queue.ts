// A queue of entries with the same lifetime and one timer for all: the first in is the first to expire.
// A timer per call would cost more than the rest of the guard.

export interface Expiring {
  /** Epoch ms: the time of `add` plus the lifetime of the queue. */
  readonly expiresAt: number;
}

export interface ExpiryQueue<E extends Expiring> {
  add(entry: E): void;
  /** @returns whether the entry was in the queue */
  delete(entry: E): boolean;
  /** Removes and returns the oldest entry. */
  shift(): E | undefined;
  /** Oldest first; entries may be deleted during iteration. */
  entries(): Iterable<E>;
  size(): number;
}

/** @param onExpire called with each entry that expired and was removed */
export function createExpiryQueue<E extends Expiring>(
  now: () => number,
  onExpire: (entry: E) => void,
): ExpiryQueue<E> {
  // A Set keeps the order of insertion and deletes in constant time.
  const queue = new Set<E>();
  let timer: NodeJS.Timeout | undefined;

  const expire = (): void => {
    timer = undefined;
    const at = now();
    for (const entry of queue) {
      const left = entry.expiresAt - at;
      if (left > 0) {
        timer ??= setTimeout(expire, left);
        return;
      }
      queue.delete(entry);
      onExpire(entry);
    }
  };

  const remove = (entry: E): boolean => {
    const found = queue.delete(entry);
    // Cleared only for an empty queue: otherwise `expire` runs early and sets it again for the oldest entry.
    if (timer !== undefined && queue.size === 0) {
      clearTimeout(timer);
      timer = undefined;
    }
    return found;
  };

  return {
    add: (entry) => {
      queue.add(entry);
      timer ??= setTimeout(expire, entry.expiresAt - now());
    },
    delete: remove,
    shift: () => {
      for (const first of queue) {
        remove(first);
        return first;
      }
      return undefined;
    },
    entries: () => queue,
    size: () => queue.size,
  };
}
