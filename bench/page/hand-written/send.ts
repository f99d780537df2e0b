// How the hand-written endpoint speaks HTTP: `request` on an undici Pool, as a good engineer writes it, or `dispatch` with
// callbacks, which is as low as undici goes.

import { type Dispatcher, Pool } from 'undici';

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The text of an answer. @throws Error for a status other than 200, a timeout, a broken socket */
export type Send = (outgoing: Outgoing) => Promise<string>;

/** The time limit of a call, in ms: that of the connectors' manifests. The cheap way: the pool's own limits. */
const LIMIT_MS = 2000;

const aPool = (url: string, connections: number): Pool =>
  new Pool(url, {
    connections,
    headersTimeout: LIMIT_MS,
    bodyTimeout: LIMIT_MS,
    connect: { timeout: LIMIT_MS },
  });

export function createRequestSend(url: string, connections: number): Send {
  const pool = aPool(url, connections);
  return async ({ method, path, headers, body }) => {
    const answer = await pool.request({ method, path, headers, body: body ?? null });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
    return text;
  };
}

export function createDispatchSend(url: string, connections: number): Send {
  const pool = aPool(url, connections);
  return ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      let status = 0;
      let first: Buffer | undefined;
      let rest: Buffer[] | undefined;
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: () => {},
        onResponseStart: (_, code) => {
          status = code;
        },
        onResponseData: (_, chunk) => {
          if (first === undefined) first = chunk;
          else if (rest === undefined) rest = [first, chunk];
          else rest.push(chunk);
        },
        onResponseEnd: () => {
          if (status !== 200) reject(new Error(`status ${status}`));
          else resolve(rest === undefined ? (first?.toString() ?? '') : Buffer.concat(rest).toString());
        },
        onResponseError: (_, error) => reject(error),
      };
      pool.dispatch(
        { method, path, headers: headers as Record<string, string>, body: body ?? null },
        handler,
      );
    });
}
