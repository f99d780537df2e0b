// Controls the process of the five sources: makes a source fail or recover, and reads the calls that reached it.

import { fork } from 'node:child_process';
import { once } from 'node:events';

export type Condition =
  | { readonly is: 'healthy' }
  | { readonly is: 'hanging' }
  | { readonly is: 'slow'; readonly ms: number }
  /** 429 with this Retry-After, for calls that arrive before it has passed since the first. */
  | { readonly is: 'throttling'; readonly seconds: number }
  /** 503 for this share of its calls, 0 < share ≤ 1. */
  | { readonly is: 'faulty'; readonly share: number };

export type Order =
  | { readonly do: 'start'; readonly ids: readonly string[] }
  | { readonly do: 'be'; readonly id: string; readonly condition: Condition }
  | { readonly do: 'recoverAfter'; readonly id: string; readonly calls: number }
  | { readonly do: 'report'; readonly id: string };

/** The calls that reached a source since the previous report. */
export interface Seen {
  /** Epoch ms, and the id of the record, which differs for each request of the load. */
  readonly calls: readonly { readonly at: number; readonly id: string }[];
  readonly mostAtOnce: number;
}

export interface Report {
  readonly ports?: Readonly<Record<string, number>>;
  readonly at?: number;
  readonly seen?: Seen;
}

export interface Sources {
  readonly pid: number;
  /** Base URL by id. */
  readonly urls: Readonly<Record<string, string>>;
  /** @returns when, epoch ms */
  be(id: string, condition: Condition): Promise<number>;
  /** The source recovers after this number of further calls. @returns when the last of them arrived, epoch ms */
  recoverAfter(id: string, calls: number): Promise<number>;
  /** Reads the calls since the previous report, and resets them. */
  seen(id: string): Promise<Seen>;
  stop(): void;
}

export async function startSources(ids: readonly string[]): Promise<Sources> {
  const child = fork(new URL('./sources-server.ts', import.meta.url), { execArgv: ['--no-warnings'] });
  const send = async (order: Order): Promise<Report> => {
    const answered = once(child, 'message');
    child.send(order);
    return (await answered)[0] as Report;
  };
  const { ports = {} } = await send({ do: 'start', ids });
  return {
    pid: child.pid as number,
    urls: Object.fromEntries(ids.map((id) => [id, `http://127.0.0.1:${ports[id]}`])),
    be: async (id, condition) => (await send({ do: 'be', id, condition })).at ?? 0,
    recoverAfter: async (id, calls) => (await send({ do: 'recoverAfter', id, calls })).at ?? 0,
    seen: async (id) => (await send({ do: 'report', id })).seen ?? { calls: [], mostAtOnce: 0 },
    stop: () => child.disconnect(),
  };
}
