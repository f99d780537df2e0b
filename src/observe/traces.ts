// Traces: OpenTelemetry spans sent to a collector, in batches, OTLP over HTTP. Loaded and started by `gateway.ts` only where
// a collector is set. Guarantees that a collector which is down costs dropped spans and one log line, and never a request.

import { randomUUID } from 'node:crypto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import about from '../../package.json' with { type: 'json' };
import type { Channels } from './channels.ts';
import type { Log } from './log.ts';
import { writeSpans } from './spans.ts';

export interface TracesOptions {
  /** Base address of the collector; `/v1/traces` is added. */
  readonly collectorUrl: string;
  /** Headers for the collector, `name=value,name=value`, values percent-encoded: it may hold a token. */
  readonly headers?: string | undefined;
  /** 0 to 1: share of requests that are traced where the client's `traceparent` does not decide. */
  readonly sampleRatio: number;
  readonly channels: Channels;
  readonly log: Log;
  /** Milliseconds that a span waits for its batch. Default: 2,000. */
  readonly delayMs?: number;
  /** Milliseconds that `close` waits for the last batches. Default: 2,000, less than a stop of the process may take. */
  readonly flushMs?: number;
}

export interface Traces {
  /** Stops listening and sends what is left, within `flushMs`; what the collector has not taken by then is dropped. */
  close(): Promise<void>;
}

/** Bounds what is held while the collector is slow or down: some MB, a few seconds of a busy gateway. */
const MAX_WAITING_SPANS = 4096;
const SPANS_PER_BATCH = 512;
/** For one batch, with the exporter's own second tries. */
const EXPORT_MS = 5_000;

/** Starts to write and send spans. */
export function startTraces(options: TracesOptions): Traces {
  const { sampleRatio, channels, log } = options;
  const exporter = new OTLPTraceExporter({
    url: `${options.collectorUrl.replace(/\/+$/, '')}/v1/traces`,
    headers: parseHeaders(options.headers),
    timeoutMillis: EXPORT_MS,
    concurrencyLimit: 2,
  });
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        [ATTR_SERVICE_NAME]: about.name,
        [ATTR_SERVICE_VERSION]: about.version,
        [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
      }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    // Above all that `spans.ts` writes, with one event for each connector.
    spanLimits: { attributeCountLimit: 16, attributeValueLengthLimit: 200, eventCountLimit: 64 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: announcingOutages(exporter, log),
        maxQueueSize: MAX_WAITING_SPANS,
        maxExportBatchSize: SPANS_PER_BATCH,
        scheduledDelayMillis: options.delayMs ?? 2_000,
        // The exporter ends by itself; this is only for one that does not.
        exportTimeoutMillis: 2 * EXPORT_MS,
      }),
    ],
  });
  const stop = writeSpans(provider.getTracer(about.name, about.version), channels);
  return {
    close: () => {
      stop();
      return within(options.flushMs ?? 2_000, provider.shutdown());
    },
  };
}

/** The same exporter; says once that the collector does not take spans, and once that it does again. */
function announcingOutages(exporter: SpanExporter, log: Log): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed && !failing) {
          log.warn({ reason: reasonOf(result.error) }, 'the collector takes no traces; spans are dropped');
        }
        if (!failed && failing) log.info('the collector takes traces again');
        failing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

/** A code of the system or a status: a message may hold an address, or what the collector said. */
function reasonOf(error: unknown): string | number {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' || typeof code === 'number' ? code : 'not taken in time';
}

function parseHeaders(text: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text?.split(',') ?? []) {
    const [name = '', ...value] = pair.split('=');
    if (name.trim() !== '' && value.length > 0) headers[name.trim()] = decode(value.join('=').trim());
  }
  return headers;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Waits for `work`, whatever becomes of it, but no longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}
