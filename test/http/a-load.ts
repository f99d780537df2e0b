// Clients that keep a server busy until it refuses connections. They behave as HTTP clients and load balancers do: they reuse
// connections, drop those that the server closes while they are idle, and honour `Connection: close`.

import { Agent, request } from 'node:http';

export interface LoadReport {
  /** Requests that received an answer, by status. */
  readonly answered: Readonly<Record<number, number>>;
  /** Requests for which no connection was opened. */
  readonly refused: number;
  /** Requests that were sent on an accepted connection and received no answer, by reason. */
  readonly lost: readonly string[];
  /** Answers that ended their connection. */
  readonly lastOfConnection: number;
}

export interface Load {
  answered(): number;
  /** Resolves when every client has been refused. */
  readonly ended: Promise<LoadReport>;
}

export interface LoadOptions {
  readonly url: string;
  readonly query: string;
  readonly clients: number;
  /** Whether clients reuse connections. */
  readonly keepAlive: boolean;
  readonly authorization?: string | undefined;
}

export function aLoad({ url, query, clients, keepAlive, authorization }: LoadOptions): Load {
  const agent = new Agent({ keepAlive, maxSockets: clients });
  const body = JSON.stringify({ query });
  const answered: Record<number, number> = {};
  const lost: string[] = [];
  let count = 0;
  let refused = 0;
  let lastOfConnection = 0;

  const ask = (): Promise<'REFUSED' | 'DONE'> =>
    new Promise((resolve) => {
      const sent = request(url, {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(authorization !== undefined && { authorization }),
        },
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') {
          refused++;
          resolve('REFUSED');
        } else {
          lost.push(`${error.code} ${error.message} reused: ${sent.reusedSocket}`);
          resolve('DONE');
        }
      });
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('close', () => {
          const { statusCode = 0, headers, complete } = response;
          if (!complete) lost.push(`an answer of ${text.length} characters broke off`);
          else {
            answered[statusCode] = (answered[statusCode] ?? 0) + 1;
            count++;
          }
          if (headers.connection === 'close') lastOfConnection++;
          resolve('DONE');
        });
      });
      sent.end(body);
    });

  const client = async (): Promise<void> => {
    while ((await ask()) !== 'REFUSED');
  };
  const ended = Promise.all(Array.from({ length: clients }, client)).then(() => {
    agent.destroy();
    return { answered, refused, lost, lastOfConnection };
  });
  return { answered: () => count, ended };
}
