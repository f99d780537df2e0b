// Asks now and then whether a source can be reached, where its calls do not tell: a source that is called is never probed, so
// that a probe costs neither quota nor work. One per connector, made by `live-connector.ts`; operators probe through it too.

import { type ErrorCode, GatewayError, isGatewayError } from '../errors.ts';

export interface ProbeResult {
  readonly connector: string;
  readonly reachable: boolean;
  readonly kind: 'SOCKET' | 'REQUEST';
  /** `null` when it was reached. */
  readonly code: ErrorCode | null;
  readonly durationMs: number;
  /** Epoch ms of its end. */
  readonly at: number;
  /** Breakers that let their probes through because of it. */
  readonly breakersWoken: number;
}

export interface Prober {
  /** Now, whatever the traffic says. One at a time: who asks meanwhile gets the same result. Never rejects. */
  probe(): Promise<ProbeResult>;
  last(): ProbeResult | undefined;
  close(): void;
}

export interface ProberOptions {
  readonly connector: string;
  /** Which probe the source has. */
  readonly kind: ProbeResult['kind'];
  /** @throws GatewayError when the source cannot be reached */
  readonly reach: (signal: AbortSignal) => Promise<unknown>;
  /** A source that was reached: its open breakers may try at once. @returns how many do */
  readonly wake: () => number;
  /** Epoch ms of the last call that left for the source; `undefined` where there was none. */
  readonly lastCallAt: () => number | undefined;
  /** Between two probes of a source that nobody calls, ms; absent: only when asked. */
  readonly everyMs?: number | undefined;
  /** Limit of one probe, ms. */
  readonly limitMs: number;
  /** Epoch ms. Default `Date.now`. */
  readonly now?: () => number;
}

export function createProber(options: ProberOptions): Prober {
  const { connector, kind, reach, wake, lastCallAt, everyMs, limitMs } = options;
  const now = options.now ?? Date.now;
  let last: ProbeResult | undefined;
  let underWay: Promise<ProbeResult> | undefined;
  const closing = new AbortController();

  const reachInTime = async (): Promise<ErrorCode | null> => {
    const limit = new AbortController();
    const onClose = (): void => limit.abort(new GatewayError('CANCELLED'));
    closing.signal.addEventListener('abort', onClose);
    const timer = setTimeout(
      () => limit.abort(new GatewayError('UPSTREAM_TIMEOUT', { detail: `not reached within ${limitMs} ms` })),
      limitMs,
    );
    try {
      await reach(limit.signal);
      return null;
    } catch (error) {
      return isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
    } finally {
      clearTimeout(timer);
      closing.signal.removeEventListener('abort', onClose);
    }
  };

  const probeOnce = async (): Promise<ProbeResult> => {
    const startedAt = performance.now();
    const code = await reachInTime();
    const reachable = code === null;
    last = {
      connector,
      reachable,
      kind,
      code,
      durationMs: performance.now() - startedAt,
      at: now(),
      breakersWoken: reachable ? wake() : 0,
    };
    underWay = undefined;
    return last;
  };

  const probe = (): Promise<ProbeResult> => {
    underWay ??= probeOnce();
    return underWay;
  };

  const timer =
    everyMs === undefined
      ? undefined
      : setInterval(() => {
          const calledAt = lastCallAt();
          // Traffic has told more than a probe could.
          if (calledAt === undefined || now() - calledAt >= everyMs) void probe();
        }, everyMs).unref();

  return {
    probe,
    last: () => last,
    close: () => {
      clearInterval(timer);
      closing.abort();
    },
  };
}
