// The bench's hand on the process that plays the five sources: makes one ill, heals it, asks what has reached it.
// Called by the scenarios.

import { fork } from 'node:child_process';
import { once } from 'node:events';

export type Condition =
  | { readonly is: 'well' }
  | { readonly is: 'hanging' }
  | { readonly is: 'slow'; readonly ms: number }
  /** 503 for this share of its calls, 0 < share ≤ 1. */
  | { readonly is: 'faulty'; readonly share: number };

export type Order =
  | { readonly do: 'start'; readonly ids: readonly string[] }
  | { readonly do: 'be'; readonly id: string; readonly condition: Condition }
  | { readonly do: 'healAfter'; readonly id: string; readonly calls: number }
  | { readonly do: 'tell'; readonly id: string };

/** What a source has seen since it was asked before. */
export interface Seen {
  /** Epoch ms, and the id that was asked for: one per request of the load. */
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
  /** So many calls still meet the illness, those after them a source that is well. @returns when the last of them came, epoch ms */
  healAfter(id: string, calls: number): Promise<number>;
  /** And counts from nothing again. */
  seen(id: string): Promise<Seen>;
  stop(): void;
}

export async function startSources(ids: readonly string[]): Promise<Sources> {
  const child = fork(new URL('./sources-server.ts', import.meta.url), { execArgv: ['--no-warnings'] });
  const tell = async (order: Order): Promise<Report> => {
    const answered = once(child, 'message');
    child.send(order);
    return (await answered)[0] as Report;
  };
  const { ports = {} } = await tell({ do: 'start', ids });
  return {
    pid: child.pid as number,
    urls: Object.fromEntries(ids.map((id) => [id, `http://127.0.0.1:${ports[id]}`])),
    be: async (id, condition) => (await tell({ do: 'be', id, condition })).at ?? 0,
    healAfter: async (id, calls) => (await tell({ do: 'healAfter', id, calls })).at ?? 0,
    seen: async (id) => (await tell({ do: 'tell', id })).seen ?? { calls: [], mostAtOnce: 0 },
    stop: () => child.disconnect(),
  };
}
