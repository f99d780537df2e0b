// A clock that stands still until it is told: `setTimeout` and `clearTimeout` of this process go by it. Unlike vitest's it has no smallest
// step, and lets promises settle after each timer, so that nothing of two moments ever runs mixed.

interface Timer {
  readonly at: number;
  readonly run: () => void;
  unref(): Timer;
}

export interface Clock {
  now(): number;
  /** Runs all that is due until then, one after the other. */
  advanceTo(at: number): Promise<void>;
  /** Lets promises settle. */
  settle(): Promise<void>;
  timers(): number;
  /** Forgets all timers and begins anew. */
  reset(at: number): void;
  uninstall(): void;
}

export function installClock(startsAt: number): Clock {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  let now = startsAt;
  let timers = new Set<Timer>();

  globalThis.setTimeout = ((callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const timer: Timer = { at: now + ms, run: () => callback(...args), unref: () => timer };
    timers.add(timer);
    return timer;
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer: Timer | undefined) => {
    if (timer !== undefined) timers.delete(timer);
  }) as unknown as typeof clearTimeout;

  // All microtasks run before the next immediate does.
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  return {
    now: () => now,
    settle,
    advanceTo: async (at) => {
      for (;;) {
        let next: Timer | undefined;
        // A Set keeps the order of setting: of those of one moment the first goes first.
        for (const timer of timers)
          if (timer.at <= at && (next === undefined || timer.at < next.at)) next = timer;
        if (next === undefined) break;
        timers.delete(next);
        now = next.at;
        next.run();
        await settle();
      }
      now = at;
    },
    timers: () => timers.size,
    reset: (from) => {
      timers = new Set();
      now = from;
    },
    uninstall: () => {
      Object.assign(globalThis, real);
    },
  };
}
