// Floods the gateway from a process of its own, so that the process of the bench can measure health routes meanwhile.

import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Flood {
  readonly port: number;
  readonly body: string;
  readonly authorization: string;
  /** Most connections. */
  readonly connections: number;
  /** Requests due per second; undefined: each connection sends its next request at once. */
  readonly perSecond: number | undefined;
  readonly ms: number;
}

/** Times count from the moment at which a request was due. */
export interface Flooded {
  readonly sent: number;
  /** 200 without errors. */
  readonly good: number;
  /** 503. */
  readonly shed: number;
  /** Any other answer, by its first code. */
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
  /** Connections that ended without an answer. */
  readonly lost: number;
  /** Not sent, as all connections waited. */
  readonly unsent: number;
  readonly good50Ms: number;
  readonly good99Ms: number;
  readonly goodMaxMs: number;
  readonly shed99Ms: number;
  readonly late99Ms: number;
  readonly lastedMs: number;
}

export async function runFlood(flood: Flood): Promise<Flooded> {
  const child = fork(new URL('./flood-client.ts', import.meta.url), { execArgv: ['--no-warnings'] });
  const answered = once(child, 'message');
  child.send(flood);
  return (await answered)[0] as Flooded;
}
