// One abort listener per request instead of one per call: a request makes many calls, and all of them end with it.
import { GatewayError } from '../errors.ts';

export interface Stoppable {
  stop(error: GatewayError): void;
}

export interface RequestSignals {
  /** Until `unwatch`, an abort of the signal stops the call with the signal's reason. */
  watch(signal: AbortSignal, call: Stoppable): void;
  unwatch(signal: AbortSignal, call: Stoppable): void;
}

interface WatchedSignal {
  readonly calls: Set<Stoppable>;
  readonly onAbort: () => void;
}

export function createRequestSignals(): RequestSignals {
  const watched = new WeakMap<AbortSignal, WatchedSignal>();
  return {
    watch: (signal, call) => {
      let entry = watched.get(signal);
      if (entry === undefined) {
        const calls = new Set<Stoppable>();
        const onAbort = (): void => {
          // A stopped call removes itself from the Set, which is safe during iteration.
          for (const each of calls) each.stop(abortReason(signal));
        };
        entry = { calls, onAbort };
        watched.set(signal, entry);
        signal.addEventListener('abort', onAbort);
      }
      entry.calls.add(call);
    },
    unwatch: (signal, call) => {
      const entry = watched.get(signal);
      if (entry === undefined || !entry.calls.delete(call) || entry.calls.size > 0) return;
      watched.delete(signal);
      signal.removeEventListener('abort', entry.onAbort);
    },
  };
}

/** The error that ended a request: the reason of its signal, or CANCELLED when the reason is not a GatewayError. */
export const abortReason = (signal: AbortSignal): GatewayError =>
  signal.reason instanceof GatewayError ? signal.reason : new GatewayError('CANCELLED');
