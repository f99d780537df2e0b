// The bench's hand on the process that serves recorded answers. Called by `page.ts`.

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
  /** From now on only what is recorded is answered. @returns how many answers there are */
  replay(): Promise<number>;
  setLatency(ms: number): Promise<void>;
  /** Calls since the last count, and how many of them had no recorded answer. */
  count(): Promise<{ readonly calls: Readonly<Record<string, number>>; readonly misses: number }>;
  stop(): void;
}

/** @param simulators URL by connector id, asked while it records */
export async function startRecorded(simulators: Readonly<Record<string, string>>): Promise<Recorded> {
  const child = fork(new URL('./recorded-server.ts', import.meta.url), { execArgv: ['--no-warnings'] });
  const tell = async (order: Order): Promise<Report> => {
    const answered = once(child, 'message');
    child.send(order);
    return (await answered)[0] as Report;
  };
  const { ports = {} } = await tell({ do: 'start', simulators });
  return {
    pid: child.pid as number,
    urls: Object.fromEntries(Object.entries(ports).map(([id, port]) => [id, `http://127.0.0.1:${port}`])),
    replay: async () => (await tell({ do: 'replay' })).answers ?? 0,
    setLatency: async (ms) => void (await tell({ do: 'latency', ms })),
    count: async () => {
      const { calls = {}, misses = 0 } = await tell({ do: 'count' });
      return { calls, misses };
    },
    stop: () => child.disconnect(),
  };
}
