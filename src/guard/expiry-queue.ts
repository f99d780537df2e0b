// Things that all live equally long, in the order they came, with one timer for all: the first in is the first to expire.
// The bulkhead's queue and the attempts under way are such; a timer per call would cost more than the rest of the guard.

export interface Expiring {
  /** Epoch ms: the moment of `add` plus the queue's lifetime. */
  readonly expiresAt: number;
}

export interface ExpiryQueue<E extends Expiring> {
  add(entry: E): void;
  /** Was it there? */
  delete(entry: E): boolean;
  /** Takes out the first. */
  shift(): E | undefined;
  /** Oldest first; entries may be deleted on the way. */
  entries(): Iterable<E>;
  size(): number;
}

/** @param onExpire called for an entry that was taken out because its time is over. */
export function createExpiryQueue<E extends Expiring>(
  now: () => number,
  onExpire: (entry: E) => void,
): ExpiryQueue<E> {
  // A Set keeps the order of arrival and forgets an entry in constant time.
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
    // Cleared only when empty: otherwise it goes off for an entry that has left, and is set for the first of the rest.
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
