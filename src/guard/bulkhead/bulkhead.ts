// Step "bulkhead": limits the concurrent calls and the waiting calls, and rejects all others at once. First come, first served.
// A call that finds a free place costs a counter; only a waiting call has a promise and a listener, and all share one timer.
import { createExpiryQueue, type Expiring } from '../expiry-queue.ts';

export interface Bulkhead<K> {
  /**
   * Takes a place: returns `true` at once, or a promise that fulfils at the call's turn and rejects with the error of `rejection`
   * or `abortReason`. Throws when the queue is full. Every `true` and every fulfilled promise requires one `leave`.
   * @param kind waiting calls of the same kind can be rejected together
   */
  enter(kind: K, signal: AbortSignal): true | Promise<void>;
  leave(): void;
  /** Takes a free place without waiting. @returns whether there was a free place */
  tryEnter(): boolean;
  /** Sets the limit of concurrent calls. Running calls above it continue; waiting calls begin if there is room. */
  setLimit(limit: number): void;
  /** Rejects all waiting calls of this kind. @param kind `undefined`: of all kinds. @param toError default: that of CIRCUIT_OPENED */
  rejectWaiting(kind: K | undefined, toError?: () => Error): void;
  /** Would a call have to wait now? */
  isFull(): boolean;
  running(): number;
  waiting(): number;
  limit(): number;
  close(): void;
}

export type Rejection = 'FULL' | 'WAITED_TOO_LONG' | 'CIRCUIT_OPENED' | 'CLOSED';

export interface BulkheadLimits<K> {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** Creates the error of a rejected call. */
  readonly rejection: (kind: K, why: Rejection) => Error;
  /** Creates the error of a waiting call whose signal aborted. */
  readonly abortReason: (signal: AbortSignal) => Error;
}

interface Waiter<K> extends Expiring {
  readonly kind: K;
  readonly begin: () => void;
  readonly fail: (error: Error) => void;
}

export function createBulkhead<K>(limits: BulkheadLimits<K>, now: () => number): Bulkhead<K> {
  const { maxWaiting, maxWaitMs, rejection, abortReason } = limits;
  const queue = createExpiryQueue<Waiter<K>>(now, (waiter) =>
    waiter.fail(rejection(waiter.kind, 'WAITED_TOO_LONG')),
  );
  let limit = limits.maxConcurrent;
  let running = 0;
  let closed = false;

  const wait = (kind: K, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => {
        queue.delete(waiter);
        waiter.fail(abortReason(signal));
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
      if (closed) throw rejection(kind, 'CLOSED');
      if (running < limit) {
        running++;
        return true;
      }
      if (queue.size() >= maxWaiting) throw rejection(kind, 'FULL');
      return wait(kind, signal);
    },
    tryEnter: () => {
      if (closed || running >= limit) return false;
      running++;
      return true;
    },
    leave: () => {
      const next = running > limit ? undefined : queue.shift();
      // The next waiting call takes over the place, so `running` does not change.
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
    rejectWaiting: (kind, toError) => {
      for (const waiter of queue.entries()) {
        if ((kind === undefined || waiter.kind === kind) && queue.delete(waiter))
          waiter.fail(toError?.() ?? rejection(waiter.kind, 'CIRCUIT_OPENED'));
      }
    },
    isFull: () => running >= limit,
    limit: () => limit,
    running: () => running,
    waiting: () => queue.size(),
    close: () => {
      closed = true;
      for (const waiter of queue.entries()) {
        if (queue.delete(waiter)) waiter.fail(rejection(waiter.kind, 'CLOSED'));
      }
    },
  };
}
