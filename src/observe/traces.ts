// Sends OpenTelemetry spans to a collector in batches, by OTLP over HTTP. Loaded only if a collector is configured.
// Guarantees that a failing collector costs dropped spans and a log line, and never affects a request.

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
  /** Base address of the collector; `/v1/traces` is appended. */
  readonly collectorUrl: string;
  /** Headers for the collector, `name=value,name=value`, values percent-encoded. May contain a token. */
  readonly headers?: string | undefined;
  /** Share of traced requests, 0 to 1, for requests without a `traceparent`. */
  readonly sampleRatio: number;
  readonly channels: Channels;
  readonly log: Log;
  /** Longest time a span waits for its batch, ms. Default: 2,000. */
  readonly delayMs?: number;
  /** Longest time `close` waits for the last batches, ms. Default: 2,000, less than the time limit for a stop of the process. */
  readonly flushMs?: number;
}

export interface Traces {
  /** Ends the subscriptions and sends the remaining spans within `flushMs`; later ones are dropped. */
  close(): Promise<void>;
}

/** Bounds the memory while the collector is slow or down: some MB, a few seconds of a busy gateway. */
const MAX_WAITING_SPANS = 4096;
const SPANS_PER_BATCH = 512;
/** Time limit of a batch, retries by the exporter included. */
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
    // More than `spans.ts` writes, with one event per connector.
    spanLimits: { attributeCountLimit: 16, attributeValueLengthLimit: 200, eventCountLimit: 64 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: loggingOutages(exporter, log),
        maxQueueSize: MAX_WAITING_SPANS,
        maxExportBatchSize: SPANS_PER_BATCH,
        scheduledDelayMillis: options.delayMs ?? 2_000,
        // A safeguard: the exporter has a time limit of its own.
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

/** Wraps an exporter: logs once when the collector stops accepting spans, and once when it accepts them again. */
function loggingOutages(exporter: SpanExporter, log: Log): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed && !failing) {
          log.warn(
            { reason: reasonOf(result.error) },
            'the collector does not accept traces; spans are dropped',
          );
        }
        if (!failed && failing) log.info('the collector accepts traces again');
        failing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

/** A system error code or an HTTP status; never the message, which may contain an address or text of the collector. */
function reasonOf(error: unknown): string | number {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' || typeof code === 'number' ? code : 'time-out';
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

/** Waits until `work` settles, at most `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}
