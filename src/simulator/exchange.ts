// Converts between node:http and the fetch types of MSW handlers: reads a body, creates a Request, sends an answer.
import type { IncomingMessage, ServerResponse } from 'node:http';

export const MAX_BODY_BYTES = 1_048_576;

/** The complete body; null when it exceeds the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= MAX_BODY_BYTES) parts.push(part);
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(parts, size);
}

/** @param url absolute */
export function toRequest(incoming: IncomingMessage, url: string, body: Buffer): Request {
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] as string, incoming.rawHeaders[i + 1] as string);
  }
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
  return new Request(url, hasBody ? { method, headers, body: new Uint8Array(body) } : { method, headers });
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

export const jsonReply = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  content: Buffer.from(`${JSON.stringify(value)}\n`),
});

export const textReply = (status: number, text: string, type = 'text/plain'): Reply => ({
  status,
  headers: { 'content-type': `${type}; charset=utf-8` },
  content: Buffer.from(text),
});

export const toReply = async (response: Response): Promise<Reply> => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  content: Buffer.from(await response.arrayBuffer()),
});

export function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.content.length });
  response.end(reply.content);
}

/** Sends the headers and half of the content, then resets the connection. */
export function sendHalf(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.content.length });
  response.write(reply.content.subarray(0, Math.floor(reply.content.length / 2)), () => {
    // A reset discards data that the client has not read yet; the delay lets the headers arrive.
    setTimeout(() => response.socket?.resetAndDestroy(), 5);
  });
}
