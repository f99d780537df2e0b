// What observes a gateway from its start to its end: event loop, channels, metrics, statistics, the log of channels and, where a
// collector is configured, traces.

import { type CallStatistics, createCallStatistics } from './call-statistics.ts';
import { type Channels, createChannels } from './channels.ts';
import { createEventLoop, type EventLoop } from './event-loop.ts';
import type { Log } from './log.ts';
import { logChannels } from './log-channels.ts';
import { createMetrics, type Metrics } from './metrics.ts';

export interface Observation {
  readonly loop: EventLoop;
  readonly channels: Channels;
  readonly metrics: Metrics;
  readonly statistics: CallStatistics;
  readonly close: () => Promise<void>;
}

export interface ObservationSettings {
  readonly otelExporterOtlpEndpoint?: string | undefined;
  readonly otelTracesSamplerArg: number;
  readonly readEnv: (name: string) => string | undefined;
}

export async function startObservation(settings: ObservationSettings, log: Log): Promise<Observation> {
  const loop = createEventLoop();
  const channels = createChannels();
  const metrics = createMetrics(channels);
  const statistics = createCallStatistics(channels);
  const closers: (() => unknown)[] = [
    loop.close,
    metrics.close,
    statistics.close,
    logChannels(log, channels),
  ];
  const close = async (): Promise<void> => {
    for (const stop of closers.toReversed()) await stop();
  };
  const { otelExporterOtlpEndpoint: collectorUrl, otelTracesSamplerArg: sampleRatio, readEnv } = settings;
  if (collectorUrl !== undefined) {
    try {
      // Loaded only when a collector is configured: the SDK costs memory and start time.
      const { startTraces } = await import('./traces.ts');
      const headers = readEnv('OTEL_EXPORTER_OTLP_HEADERS');
      closers.push(startTraces({ collectorUrl, headers, sampleRatio, channels, log }).close);
    } catch (error) {
      await close();
      throw error;
    }
  }
  return { loop, channels, metrics, statistics, close };
}
