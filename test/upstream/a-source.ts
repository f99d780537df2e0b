// A source over a real loopback socket, for the tests of one attempt: say how it answers, read what it was asked.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  createUpstream,
  type Upstream,
  type UpstreamDeps,
  type UpstreamRequest,
} from '../../src/upstream/upstream.ts';
import { anUpstreamSpec, type SpecParts } from './a-spec.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Behaviour = (response: ServerResponse, asked: Asked, request: IncomingMessage) => void;

export interface ASource {
  readonly origin: string;
  readonly asked: Asked[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** A server on port 0 that closes, with all its sockets, when the test ends. */
export async function aSource(behaviour: Behaviour): Promise<ASource> {
  let current = behaviour;
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one: Asked = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      asked.push(one);
      current(response, one, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(close);
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    behave: (next) => {
      current = next;
    },
    close,
  };
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

export const text =
  (body: string, contentType: string, status = 200): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body);
  };

export function anUpstream(spec: SpecParts = {}, deps: UpstreamDeps = {}): Upstream {
  const upstream = createUpstream(anUpstreamSpec(spec), deps);
  onTestFinished(() => upstream.close());
  return upstream;
}

export const aRequest = (origin: string, more: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  operation: 'Thing',
  method: 'GET',
  origin,
  path: '/thing?id=1',
  headers: {},
  ...more,
});

export const live = (): AbortSignal => new AbortController().signal;
