// Step "bulkhead" of a guarded call: so many run, so many wait, the rest is rejected at once. First come, first served.
// A call that gets a place at once costs a counter; only waiting has a promise, a listener and a share in one timer.
import { createExpiryQueue, type Expiring } from '../expiry-queue.ts';

export interface Bulkhead<K> {
  /**
   * Takes a place: `true` at once, or a promise that fulfils at the call's turn and rejects with what `refuse` or `aborted`
   * made. Throws when even the queue is full. Every `true` and every fulfilled promise needs one `leave`.
   * @param kind calls of one kind can be turned away together.
   */
  enter(kind: K, signal: AbortSignal): true | Promise<void>;
  leave(): void;
  /** Takes a place if one is free, and never waits. */
  tryEnter(): boolean;
  /** From now on so many run at once; those above it end by themselves, those that wait begin where there is room. */
  setLimit(limit: number): void;
  /** Turns away all waiting calls of this kind. */
  turnAway(kind: K): void;
  /** Would a call have to wait now? */
  isFull(): boolean;
  running(): number;
  waiting(): number;
  limit(): number;
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

interface Waiter<K> extends Expiring {
  readonly kind: K;
  readonly begin: () => void;
  readonly fail: (error: Error) => void;
}

export function createBulkhead<K>(limits: BulkheadLimits<K>, now: () => number): Bulkhead<K> {
  const { maxWaiting, maxWaitMs, refuse, aborted } = limits;
  const queue = createExpiryQueue<Waiter<K>>(now, (waiter) =>
    waiter.fail(refuse(waiter.kind, 'WAITED_TOO_LONG')),
  );
  let limit = limits.maxConcurrent;
  let running = 0;
  let closed = false;

  const wait = (kind: K, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => {
        queue.delete(waiter);
        waiter.fail(aborted(signal));
      };
      const waiter: Waiter<K> = {
        kind,
        expiresAt: now() + maxWaitMs,
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
    });

  return {
    enter: (kind, signal) => {
      if (closed) throw refuse(kind, 'CLOSED');
      if (running < limit) {
        running++;
        return true;
      }
      if (queue.size() >= maxWaiting) throw refuse(kind, 'FULL');
      return wait(kind, signal);
    },
    tryEnter: () => {
      if (closed || running >= limit) return false;
      running++;
      return true;
    },
    leave: () => {
      const next = running > limit ? undefined : queue.shift();
      // The place goes over to the next in line: `running` stays.
      if (next === undefined) running--;
      else next.begin();
    },
    setLimit: (next) => {
      limit = next;
      while (running < limit) {
        const waiter = queue.shift();
        if (waiter === undefined) return;
        running++;
        waiter.begin();
      }
    },
    turnAway: (kind) => {
      for (const waiter of queue.entries()) {
        if (waiter.kind === kind && queue.delete(waiter)) waiter.fail(refuse(kind, 'TURNED_AWAY'));
      }
    },
    isFull: () => running >= limit,
    limit: () => limit,
    running: () => running,
    waiting: () => queue.size(),
    close: () => {
      closed = true;
      for (const waiter of queue.entries()) {
        if (queue.delete(waiter)) waiter.fail(refuse(waiter.kind, 'CLOSED'));
      }
    },
  };
}
