// Checks periodically whether a source can be reached while there are no calls; a source that receives calls is not probed, so that
// probes cost neither quota nor work. One prober per connector; operators use it too.

import { type ErrorCode, GatewayError, isGatewayError } from '../errors.ts';

export interface ProbeResult {
  readonly connector: string;
  readonly reachable: boolean;
  readonly kind: 'SOCKET' | 'REQUEST';
  /** `null` when the source was reached. */
  readonly code: ErrorCode | null;
  readonly durationMs: number;
  /** Epoch ms of the end of the probe. */
  readonly at: number;
  /** Breakers that may probe immediately because the source was reached. */
  readonly breakersWoken: number;
}

export interface Prober {
  /** Probes now, whatever the traffic. One probe at a time: concurrent callers share the result. Never rejects. */
  probe(): Promise<ProbeResult>;
  last(): ProbeResult | undefined;
  close(): void;
}

export interface ProberOptions {
  readonly connector: string;
  /** The kind of probe of this source. */
  readonly kind: ProbeResult['kind'];
  /** @throws GatewayError when the source cannot be reached */
  readonly reach: (signal: AbortSignal) => Promise<unknown>;
  /** Called when the source was reached: open breakers may probe immediately. @returns the number of those breakers */
  readonly wake: () => number;
  /** Epoch ms of the last call sent to the source; `undefined` if there was none. */
  readonly lastCallAt: () => number | undefined;
  /** Interval of probes while there are no calls, ms. Unset: probes on request only. */
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
          // Recent calls are better evidence than a probe.
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
