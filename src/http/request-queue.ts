// Decides when a request begins, before anything of it is read. In each turn of the event loop requests begin for a short slice of
// time only; the others wait, so that answers of sources, health routes and new requests are served in between. A queue that does not
// become empty means overload: then a request that has waited for `targetMs` is refused (controlled delay, as CoDel and its variant for
// server queues). A burst that the gateway can work off is never refused.

export interface RequestQueueOptions {
  /** Longest wait of a request while the gateway is overloaded, ms. */
  readonly targetMs: number;
  /** The queue must not have been empty for this long before the gateway counts as overloaded, ms; also the longest wait until then. */
  readonly intervalMs: number;
  /** Requests that are being answered at once. */
  readonly maxRunning: number;
}

export interface QueuedRequest {
  /** @param waitedMs time in the queue */
  begin(waitedMs: number): void;
  refuse(waitedMs: number): void;
  /** Has the client closed the connection? */
  isGone(): boolean;
}

export interface RequestQueue {
  /** Begins the request at once or later, or refuses it. */
  enter(request: QueuedRequest): void;
  /** Would a request that arrives now wait for longer than the target, by the recent rate? */
  refusesArrival(): boolean;
  /** A request was refused without having entered. */
  countRefused(): void;
  /** How many more requests can begin within half of the target, by the recent rate. */
  room(): number;
  /** A connection was accepted: the event loop accepts one per turn, so turns must be short while there may be others. */
  accepted(): void;
  /** A request is being answered, until `ended`. */
  begun(): void;
  ended(): void;
  figures(): RequestQueueFigures;
}

export interface RequestQueueFigures {
  readonly running: number;
  readonly waiting: number;
  /** Requests refused since the start. */
  readonly refused: number;
}

export interface RequestQueueDeps {
  /** Called when requests begin to be refused, and when the queue is empty again. */
  readonly onOverload?: ((isOverloaded: boolean) => void) | undefined;
  /** Monotonic milliseconds. Default `performance.now`. */
  readonly now?: () => number;
  /** Runs a callback after the sockets were read. Default `setImmediate`. */
  readonly afterPoll?: (callback: () => void) => unknown;
}

/** Time of one turn of the event loop in which requests begin, the work for others in that turn included, ms. */
const SLICE_MS = 10;

/** The same while connections are accepted, ms. */
const ACCEPTING_SLICE_MS = 1;

/** Most requests that begin in a turn: refusals are cheap, and the sockets must be read. */
const MAX_STEPS = 64;

/** Time over which the rate of beginning requests is measured, ms. */
const RATE_WINDOW_MS = 500;

/** Check for waits that are too long while no place is free, ms. */
const EXPIRY_CHECK_MS = 10;

interface Waiting {
  readonly request: QueuedRequest;
  readonly since: number;
}

export function createRequestQueue(options: RequestQueueOptions, deps: RequestQueueDeps = {}): RequestQueue {
  const { targetMs, intervalMs, maxRunning } = options;
  const now = deps.now ?? (() => performance.now());
  const afterPoll = deps.afterPoll ?? setImmediate;
  const queue = createFifo<Waiting>();
  let running = 0;
  let refused = 0;
  let isOverloaded = false;
  /** When the queue was last empty; `undefined` while it is. */
  let standingSince: number | undefined;
  /** When the first request of this turn began; `undefined` before. */
  let sliceSince: number | undefined;
  /** When the last turn had begun its requests. */
  let turnEndedAt: number | undefined;
  /** Callbacks of this turn that have not run. */
  let steps = 0;
  let isTurnStart = false;
  let sliceEndsAt = 0;
  /** Of this turn. */
  let sliceMs = SLICE_MS;
  let isExpiryCheckDue = false;

  // Each request begins in a callback of its own: what it does up to its first wait runs before the next callback, and is measured.
  const schedule = (): void => {
    if (steps > 0) return;
    steps = Math.min(MAX_STEPS, Math.max(1, queue.size()));
    isTurnStart = true;
    for (let i = steps; i > 0; i--) afterPoll(step);
  };

  /** Requests that began in the current window, and per millisecond in the last one. */
  let rateSince = now();
  let begunInWindow = 0;
  let perMs = 0;
  const countBegun = (at: number): void => {
    begunInWindow++;
    const passed = at - rateSince;
    if (passed < RATE_WINDOW_MS) return;
    perMs = begunInWindow / passed;
    begunInWindow = 0;
    rateSince = at;
  };

  const setOverloaded = (next: boolean): void => {
    if (next === isOverloaded) return;
    isOverloaded = next;
    deps.onOverload?.(next);
  };

  const longestWaitMs = (at: number): number =>
    standingSince !== undefined && at - standingSince >= intervalMs ? targetMs : intervalMs;

  /** Begins the next request, if the slice of this turn has time left; the first step of a turn begins one in any case. */
  const step = (): void => {
    steps--;
    const startedAt = now();
    const isFirst = isTurnStart;
    if (isFirst) {
      isTurnStart = false;
      sliceSince = undefined;
      // What the sources and the sockets took in this turn is part of the slice.
      sliceEndsAt = (turnEndedAt ?? startedAt) + sliceMs;
      sliceMs = SLICE_MS;
    }
    for (let head = queue.first(); head !== undefined; head = queue.first()) {
      const at = now();
      const waitedMs = at - head.since;
      const isTooLate = waitedMs > longestWaitMs(at);
      const isGone = head.request.isGone();
      if (!isTooLate && !isGone && (running >= maxRunning || (!isFirst && at >= sliceEndsAt))) break;
      queue.shift();
      if (isGone) continue;
      if (!isTooLate) {
        countBegun(at);
        head.request.begin(waitedMs);
        break;
      }
      refused++;
      setOverloaded(true);
      head.request.refuse(waitedMs);
    }
    if (steps === 0) continueLater();
  };

  const continueLater = (): void => {
    if (queue.size() === 0) {
      standingSince = undefined;
      turnEndedAt = undefined;
      setOverloaded(false);
    } else if (running >= maxRunning) {
      // `ended` continues; without it only the waits end.
      turnEndedAt = undefined;
      if (isExpiryCheckDue) return;
      isExpiryCheckDue = true;
      setTimeout(() => {
        isExpiryCheckDue = false;
        schedule();
      }, EXPIRY_CHECK_MS);
    } else {
      turnEndedAt = now();
      schedule();
    }
  };

  return {
    enter: (request) => {
      const at = now();
      if (queue.size() === 0 && running < maxRunning) {
        if (sliceSince === undefined) {
          sliceSince = at;
          schedule();
        }
        if (at - sliceSince < sliceMs) {
          countBegun(at);
          request.begin(0);
          return;
        }
      }
      standingSince ??= at;
      queue.push({ request, since: at });
      schedule();
    },
    refusesArrival: () => isOverloaded && queue.size() >= perMs * targetMs,
    countRefused: () => {
      refused++;
    },
    room: () => {
      if (!isOverloaded || running >= maxRunning) return maxRunning - running;
      return (perMs * targetMs) / 2 - queue.size();
    },
    accepted: () => {
      sliceMs = ACCEPTING_SLICE_MS;
    },
    begun: () => {
      running++;
    },
    ended: () => {
      running--;
      if (queue.size() > 0) schedule();
    },
    figures: () => ({ running, waiting: queue.size(), refused }),
  };
}

/** A queue whose operations take constant time. */
function createFifo<T>() {
  let items: T[] = [];
  let start = 0;
  return {
    push: (item: T): void => void items.push(item),
    first: (): T | undefined => items[start],
    shift: (): void => {
      start++;
      // Half of the array is free: moving the rest costs no more than what was shifted.
      if (start * 2 < items.length) return;
      items = items.slice(start);
      start = 0;
    },
    size: (): number => items.length - start,
  };
}
