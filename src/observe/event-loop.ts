// Measures how long this process was unable to react: a timer that runs late shows that the event loop was busy or stopped. Callers
// subtract this time from what they measure about others, so that a lag of the gateway is never taken for a slow source.

export interface EventLoop {
  /** Total time since the start in which the event loop did not react, ms. Includes the stall that is going on. */
  stalledMs(): number;
  /** How long the event loop has not reacted right now, ms. */
  delayMs(): number;
  close(): void;
}

export interface EventLoopOptions {
  /** Interval of the measurement, ms. Default 10: a finer one would wake an idle process too often. */
  readonly tickMs?: number;
  /** Monotonic milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

/** Lateness below this is the ordinary noise of timers and of short work, ms. */
const NOISE_MS = 20;

export function createEventLoop(options: EventLoopOptions = {}): EventLoop {
  const tickMs = options.tickMs ?? 10;
  const now = options.now ?? (() => performance.now());
  let stalled = 0;
  let dueAt = now() + tickMs;
  let timer: NodeJS.Timeout;

  const lateMs = (): number => {
    const late = now() - dueAt;
    return late > NOISE_MS ? late : 0;
  };
  const tick = (): void => {
    stalled += lateMs();
    dueAt = now() + tickMs;
    timer = setTimeout(tick, tickMs).unref();
  };
  timer = setTimeout(tick, tickMs).unref();

  return {
    stalledMs: () => stalled + lateMs(),
    delayMs: lateMs,
    close: () => clearTimeout(timer),
  };
}

/** Is a time that passed mostly the gateway's own? Half of it is enough: the rest was then too short to judge anybody by. */
export const isMostlyStalled = (stalledMs: number, passedMs: number): boolean =>
  stalledMs > 0 && stalledMs * 2 >= passedMs;
