// The adapter to opossum, which supplies the states (closed, open, half-open), the rolling window and the timer.
// No call passes through it: `breaker.ts` admits calls and reports their outcomes afterwards, synchronously. The breaker also
// rotates the window, so that there is no interval per breaker and the window can be emptied.
import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';

export interface Machine {
  /** Counts of the window. */
  counts(): { readonly calls: number; readonly failures: number };
  /** Adds successes to the current slice, without a change of state. */
  add(successes: number): void;
  /** Sets how long the machine stays open after it opens next, ms. */
  openFor(ms: number): void;
  /** Adds a failure. Opens the machine when the rate is reached, and always while half-open. */
  fail(): void;
  /** From half-open to closed. */
  close(): void;
  open(): void;
  /** From open to half-open, before the open time is over. */
  halfOpen(): void;
  /** Moves the window on by a number of slices. */
  rotate(slices: number): void;
  shutdown(): void;
}

export interface MachineOptions {
  readonly name: string;
  readonly failureRate: number;
  readonly minimumCalls: number;
  readonly openMs: number;
  readonly slices: number;
  readonly sliceMs: number;
}

/** Called synchronously after a change of state. */
export interface MachineListeners {
  readonly onOpen: () => void;
  readonly onHalfOpen: () => void;
  readonly onClose: () => void;
}

export function createMachine(options: MachineOptions, on: MachineListeners): Machine {
  const rotation = new EventEmitter();
  const { slices, sliceMs } = options;

  const createCircuit = (state?: { closed: false; halfOpen: true }) => {
    const settings = {
      timeout: false as const,
      // opossum opens above the threshold, and this breaker at it.
      errorThresholdPercentage: options.failureRate * 100 - 1e-9,
      volumeThreshold: options.minimumCalls,
      resetTimeout: options.openMs,
      rollingCountTimeout: sliceMs * slices,
      rollingCountBuckets: slices,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: rotation,
      name: options.name,
      ...(state !== undefined && { state }),
    };
    const circuit = new CircuitBreaker(settle, settings);
    circuit.on('open', on.onOpen);
    circuit.on('halfOpen', on.onHalfOpen);
    circuit.on('close', on.onClose);
    return circuit;
  };
  let current = createCircuit();

  return {
    counts: () => {
      const { fires, failures } = current.stats;
      return { calls: fires, failures };
    },
    add: (successes) => {
      const slice = current.status.window[0] as CircuitBreaker.Stats;
      slice.fires += successes;
      slice.successes += successes;
    },
    openFor: (ms) => {
      // opossum reads the option at each opening; its types do not declare it.
      (current as unknown as { options: { resetTimeout: number } }).options.resetTimeout = ms;
    },
    // `settle` settles synchronously, so the state has changed when `fire` returns.
    fail: () => void current.fire(true).catch(ignore),
    close: () => void current.fire(false),
    open: () => current.open(),
    halfOpen: () => {
      // opossum becomes half-open only by its own timer, so a new instance starts half-open. The window of an open machine is empty.
      current.shutdown();
      current = createCircuit({ closed: false, halfOpen: true });
      on.onHalfOpen();
    },
    rotate: (times) => {
      for (let i = 0; i < times; i++) rotation.emit('rotate');
    },
    shutdown: () => current.shutdown(),
  };
}

function ignore(): void {}

/** The result of opossum's action, for a call that has already ended: a thenable that settles synchronously. */
const SUCCEEDED = {
  // biome-ignore lint/suspicious/noThenProperty: opossum calls `then` and `catch` of what its action returns.
  then: (fulfilled: (value: undefined) => void) => {
    fulfilled(undefined);
    return { catch: ignore };
  },
} as unknown as Promise<void>;

const FAILED = new Error('the call has failed');

function settle(hasFailed: boolean): Promise<void> {
  if (!hasFailed) return SUCCEEDED;
  throw FAILED;
}
