// One abort listener per request in place of one per call: a request makes many calls, and all of them end with it.
// The attempt limit registers each call under way here.
import { GatewayError } from '../errors.ts';

export interface Stoppable {
  stop(error: GatewayError): void;
}

export interface RequestSignals {
  /** From now on an abort of the signal stops the call with the signal's reason. */
  watch(signal: AbortSignal, call: Stoppable): void;
  forget(signal: AbortSignal, call: Stoppable): void;
}

interface Watched {
  readonly calls: Set<Stoppable>;
  readonly onAbort: () => void;
}

export function createRequestSignals(): RequestSignals {
  const watched = new WeakMap<AbortSignal, Watched>();
  return {
    watch: (signal, call) => {
      let entry = watched.get(signal);
      if (entry === undefined) {
        const calls = new Set<Stoppable>();
        const onAbort = (): void => {
          // A stopped call forgets itself, which a Set's iteration bears.
          for (const each of calls) each.stop(reasonOf(signal));
        };
        entry = { calls, onAbort };
        watched.set(signal, entry);
        signal.addEventListener('abort', onAbort);
      }
      entry.calls.add(call);
    },
    forget: (signal, call) => {
      const entry = watched.get(signal);
      if (entry === undefined || !entry.calls.delete(call) || entry.calls.size > 0) return;
      watched.delete(signal);
      signal.removeEventListener('abort', entry.onAbort);
    },
  };
}

/** Why a request was given up: its own reason, else CANCELLED. */
export const reasonOf = (signal: AbortSignal): GatewayError =>
  signal.reason instanceof GatewayError ? signal.reason : new GatewayError('CANCELLED');
