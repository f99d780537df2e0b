// Stands between the gateway and a simulator and writes down what passes: the calls, and how many were under way at once.

import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passed {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RecordingProxy {
  readonly url: string;
  readonly passed: Passed[];
  /** The most calls that were under way at once since the last `reset`. */
  mostAtOnce(): number;
  reset(): void;
  /** Where calls go on to, and how long each is held back before. */
  to(target: { readonly port: number; readonly holdMs?: number }): void;
  close(): Promise<void>;
}

export async function aRecordingProxy(): Promise<RecordingProxy> {
  const passed: Passed[] = [];
  let target = { port: 0, holdMs: 0 };
  let underWay = 0;
  let most = 0;

  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const { method = 'GET', url: path = '/', headers } = incoming;
      const body = Buffer.concat(parts);
      passed.push({ method, path, headers, body: body.toString('utf8') });
      underWay += 1;
      most = Math.max(most, underWay);
      // The headers as they came: the host takes part in what the population database checks.
      const onward = () =>
        request({ host: '127.0.0.1', port: target.port, method, path, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        })
          .on('error', () => outgoing.destroy())
          .end(body);
      setTimeout(onward, target.holdMs);
    });
    outgoing.on('close', () => {
      underWay -= 1;
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    mostAtOnce: () => most,
    reset: () => {
      passed.length = 0;
      most = 0;
    },
    to: ({ port: onto, holdMs = 0 }) => {
      target = { port: onto, holdMs };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
