// Step "bulkhead" of a guarded call: so many run, so many wait, the rest is rejected at once. First come, first served.
// One timer for the whole queue: all wait equally long, so the first in the queue is the first to time out.

export interface Bulkhead<K> {
  /**
   * Takes a place: `true` at once, or a promise that fulfils at the call's turn and rejects with what `refuse` or `aborted`
   * made. Throws when even the queue is full. Every `true` and every fulfilled promise needs one `leave`.
   * @param kind calls of one kind can be turned away together.
   */
  enter(kind: K, signal: AbortSignal): true | Promise<void>;
  leave(): void;
  /** Turns away all waiting calls of this kind. */
  turnAway(kind: K): void;
  /** Would a call have to wait now? */
  isFull(): boolean;
  running(): number;
  waiting(): number;
  close(): void;
}

export type Rejection = 'FULL' | 'WAITED_TOO_LONG' | 'TURNED_AWAY' | 'CLOSED';

export interface BulkheadLimits<K> {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** Makes the error of a call that does not get its place. */
  readonly refuse: (kind: K, why: Rejection) => Error;
  /** The error of a call whose signal aborted. */
  readonly aborted: (signal: AbortSignal) => Error;
}

interface Waiter<K> {
  readonly kind: K;
  readonly since: number;
  readonly begin: () => void;
  readonly fail: (error: Error) => void;
}

export const createBulkhead = <K>(limits: BulkheadLimits<K>, now: () => number): Bulkhead<K> => {
  const { maxConcurrent, maxWaiting, maxWaitMs, refuse, aborted } = limits;
  // A Set keeps the order of arrival and forgets a waiter in constant time.
  const queue = new Set<Waiter<K>>();
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const expire = (): void => {
    timer = undefined;
    const at = now();
    for (const waiter of queue) {
      const left = waiter.since + maxWaitMs - at;
      if (left > 0) {
        timer = setTimeout(expire, left);
        return;
      }
      queue.delete(waiter);
      waiter.fail(refuse(waiter.kind, 'WAITED_TOO_LONG'));
    }
  };

  const wait = (kind: K, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => {
        queue.delete(waiter);
        stopTimerWhenEmpty();
        waiter.fail(aborted(signal));
      };
      const waiter: Waiter<K> = {
        kind,
        since: now(),
        begin: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
        fail: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort);
      queue.add(waiter);
      timer ??= setTimeout(expire, maxWaitMs);
    });

  const stopTimerWhenEmpty = (): void => {
    if (queue.size > 0 || timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
  };

  const failAll = (why: Rejection, chosen: (waiter: Waiter<K>) => boolean): void => {
    for (const waiter of queue) {
      if (!chosen(waiter)) continue;
      queue.delete(waiter);
      waiter.fail(refuse(waiter.kind, why));
    }
    stopTimerWhenEmpty();
  };

  return {
    enter: (kind, signal) => {
      if (closed) throw refuse(kind, 'CLOSED');
      if (running < maxConcurrent) {
        running++;
        return true;
      }
      if (queue.size >= maxWaiting) throw refuse(kind, 'FULL');
      return wait(kind, signal);
    },
    leave: () => {
      for (const next of queue) {
        // The place goes over to the next in line: `running` stays.
        queue.delete(next);
        stopTimerWhenEmpty();
        next.begin();
        return;
      }
      running--;
    },
    turnAway: (kind) => failAll('TURNED_AWAY', (waiter) => waiter.kind === kind),
    isFull: () => running >= maxConcurrent,
    running: () => running,
    waiting: () => queue.size,
    close: () => {
      closed = true;
      failAll('CLOSED', () => true);
    },
  };
};
