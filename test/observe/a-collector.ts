// A collector on loopback that takes OTLP over HTTP as JSON, and keeps it: the bytes as they came, and the spans in them.
// Used here and by the tests of the whole gateway.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenSpan {
  readonly name: string;
  readonly kind: 'SERVER' | 'CLIENT' | 'OTHER';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  readonly failed: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface TestCollector {
  readonly url: string;
  readonly port: number;
  readonly requests: { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  /** All that came, as text. */
  text(): string;
  spans(): SeenSpan[];
  resources(): Readonly<Record<string, unknown>>[];
  /** What it answers with from now on. Default: 200. */
  answerWith(status: number): void;
  close(): Promise<void>;
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
}
type OtlpAttributes = readonly { readonly key: string; readonly value: OtlpValue }[];

const plain = ({ stringValue, intValue, arrayValue }: OtlpValue): unknown =>
  arrayValue ? arrayValue.values.map(plain) : (stringValue ?? Number(intValue));

const read = (attributes: OtlpAttributes = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));

const kinds: Readonly<Record<number, SeenSpan['kind']>> = { 2: 'SERVER', 3: 'CLIENT' };

// biome-ignore lint/suspicious/noExplicitAny: OTLP's own JSON, of which only this much is read.
const spanOf = (span: any): SeenSpan => ({
  name: span.name,
  kind: kinds[span.kind] ?? 'OTHER',
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId || undefined,
  attributes: read(span.attributes),
  events: (span.events ?? []).map((event: { name: string; attributes: OtlpAttributes }) => ({
    name: event.name,
    attributes: read(event.attributes),
  })),
  failed: span.status?.code === 2,
  startedAt: Number(span.startTimeUnixNano) / 1e6,
  endedAt: Number(span.endTimeUnixNano) / 1e6,
});

export async function aCollector(port = 0): Promise<TestCollector> {
  const bodies: string[] = [];
  const requests: TestCollector['requests'] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers });
      if (status === 200) bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const taken = (server.address() as AddressInfo).port;
  const parts = () => bodies.flatMap((body) => JSON.parse(body).resourceSpans);
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    requests,
    text: () => bodies.join('\n'),
    spans: () =>
      parts().flatMap((part) =>
        part.scopeSpans.flatMap((scope: { spans: unknown[] }) => scope.spans.map(spanOf)),
      ),
    resources: () => parts().map((part) => read(part.resource.attributes)),
    answerWith: (next) => {
      status = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
