// Checks periodically whether a source can be reached while there are no calls; a source that receives calls is not probed, so that
// probes cost neither quota nor work. One prober per connector; operators use it too. Time in which the gateway itself stood still does
// not count, and a probe that it used up says nothing about the source.

import { type ErrorCode, GatewayError, isGatewayError } from '../errors.ts';
import { startFairLimit } from '../observe/fair-limit.ts';

export interface ProbeResult {
  readonly connector: string;
  readonly reachable: boolean;
  readonly kind: 'SOCKET' | 'REQUEST';
  /** `null` when the source was reached. OVERLOADED: the gateway used up the time, and the source may be reachable. */
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
  /** The last probe that shows something about the source. */
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
  /** Total time in which the event loop of this process stood still, ms. Default: none. */
  readonly stalledMs?: (() => number) | undefined;
  /** Epoch ms. Default `Date.now`. */
  readonly now?: () => number;
}

export function createProber(options: ProberOptions): Prober {
  const { connector, kind, reach, wake, lastCallAt, everyMs, limitMs } = options;
  const now = options.now ?? Date.now;
  const stalledMs = options.stalledMs ?? (() => 0);
  let last: ProbeResult | undefined;
  let underWay: Promise<ProbeResult> | undefined;
  const closing = new AbortController();

  const reachInTime = async (): Promise<ErrorCode | null> => {
    const limit = new AbortController();
    const onClose = (): void => limit.abort(new GatewayError('CANCELLED'));
    closing.signal.addEventListener('abort', onClose);
    const cancel = startFairLimit(limitMs, stalledMs, (stalled) =>
      limit.abort(
        stalled >= limitMs
          ? new GatewayError('OVERLOADED', {
              detail: `the gateway stood still for ${Math.round(stalled)} ms`,
            })
          : new GatewayError('UPSTREAM_TIMEOUT', { detail: `not reached within ${limitMs} ms` }),
      ),
    );
    try {
      await reach(limit.signal);
      return null;
    } catch (error) {
      return isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
    } finally {
      cancel();
      closing.signal.removeEventListener('abort', onClose);
    }
  };

  const probeOnce = async (): Promise<ProbeResult> => {
    const startedAt = performance.now();
    const code = await reachInTime();
    const reachable = code === null;
    const result: ProbeResult = {
      connector,
      reachable,
      kind,
      code,
      durationMs: performance.now() - startedAt,
      at: now(),
      breakersWoken: reachable ? wake() : 0,
    };
    if (code !== 'OVERLOADED') last = result;
    underWay = undefined;
    return result;
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
