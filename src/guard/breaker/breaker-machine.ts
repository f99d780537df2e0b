// The port of the breaker to opossum: its states (closed, open, half-open), its rolling window, its timer. Not in the call's path:
// `breaker.ts` admits calls and feeds their results to it afterwards, synchronously. The window turns by the breaker's hand, so
// there is no interval per breaker, and it can be emptied.
import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';

export interface Machine {
  /** Of the window. */
  counts(): { readonly calls: number; readonly failures: number };
  /** Good answers, into the present slice. While half-open one of them closes it: see `close`. */
  add(successes: number): void;
  /** How long it stays open when it opens next, ms. */
  openFor(ms: number): void;
  /** A failure: opens it when the rate is reached, and always while half-open. */
  fail(): void;
  /** The probes have succeeded. */
  close(): void;
  open(): void;
  /** From open to half-open, without the wait. */
  halfOpen(): void;
  /** Turns the window on. */
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

/** Called when the state has changed, within the call that changed it. */
export interface MachineListeners {
  readonly onOpen: () => void;
  readonly onHalfOpen: () => void;
  readonly onClose: () => void;
}

export function createMachine(options: MachineOptions, on: MachineListeners): Machine {
  const rotation = new EventEmitter();
  const { slices, sliceMs } = options;

  const make = (state?: { closed: false; halfOpen: true }) => {
    const settings = {
      timeout: false as const,
      // opossum opens above the threshold; ours opens at it. And 0 would open at the first failure.
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
    const made = new CircuitBreaker(settle, settings);
    made.on('open', on.onOpen);
    made.on('halfOpen', on.onHalfOpen);
    made.on('close', on.onClose);
    return made;
  };
  let machine = make();

  return {
    counts: () => {
      const { fires, failures } = machine.stats;
      return { calls: fires, failures };
    },
    add: (successes) => {
      const present = machine.status.window[0] as CircuitBreaker.Stats;
      present.fires += successes;
      present.successes += successes;
    },
    openFor: (ms) => {
      // Read anew at each opening; its type keeps it to itself.
      (machine as unknown as { options: { resetTimeout: number } }).options.resetTimeout = ms;
    },
    // `settle` settles at once, so the machine has changed its state when `fire` returns.
    fail: () => void machine.fire(true).catch(ignore),
    close: () => void machine.fire(false),
    open: () => machine.open(),
    halfOpen: () => {
      // opossum becomes half-open by its own timer only: another one takes over, which begins so. Its window was empty.
      machine.shutdown();
      machine = make({ closed: false, halfOpen: true });
      on.onHalfOpen();
    },
    rotate: (times) => {
      for (let i = 0; i < times; i++) rotation.emit('rotate');
    },
    shutdown: () => machine.shutdown(),
  };
}

function ignore(): void {}

/** opossum's "action": a call that is over already. A thenable that settles at once, so that feeding it is synchronous. */
const SUCCEEDED = {
  // biome-ignore lint/suspicious/noThenProperty: opossum calls `then` and `catch` of what its action gives.
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
