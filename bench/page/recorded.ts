// Controls the process that serves recorded answers.

import { fork } from 'node:child_process';
import { once } from 'node:events';

export type Order =
  | { readonly do: 'start'; readonly simulators: Readonly<Record<string, string>> }
  | { readonly do: 'replay' }
  | { readonly do: 'latency'; readonly ms: number }
  | { readonly do: 'count' };

export interface Report {
  readonly ports?: Readonly<Record<string, number>>;
  readonly answers?: number;
  /** Since the last count, by system. */
  readonly calls?: Readonly<Record<string, number>>;
  readonly misses?: number;
}

export interface Recorded {
  readonly pid: number;
  /** Base URL by connector id. */
  readonly urls: Readonly<Record<string, string>>;
  /** Ends recording: only recorded answers are served. @returns their number */
  replay(): Promise<number>;
  setLatency(ms: number): Promise<void>;
  /** Calls since the last count, and how many of them had no recorded answer. */
  count(): Promise<{ readonly calls: Readonly<Record<string, number>>; readonly misses: number }>;
  stop(): void;
}

/** @param simulators URL by connector id, called while recording */
export async function startRecorded(simulators: Readonly<Record<string, string>>): Promise<Recorded> {
  const child = fork(new URL('./recorded-server.ts', import.meta.url), { execArgv: ['--no-warnings'] });
  const send = async (order: Order): Promise<Report> => {
    const answered = once(child, 'message');
    child.send(order);
    return (await answered)[0] as Report;
  };
  const { ports = {} } = await send({ do: 'start', simulators });
  return {
    pid: child.pid as number,
    urls: Object.fromEntries(Object.entries(ports).map(([id, port]) => [id, `http://127.0.0.1:${port}`])),
    replay: async () => (await send({ do: 'replay' })).answers ?? 0,
    setLatency: async (ms) => void (await send({ do: 'latency', ms })),
    count: async () => {
      const { calls = {}, misses = 0 } = await send({ do: 'count' });
      return { calls, misses };
    },
    stop: () => child.disconnect(),
  };
}
