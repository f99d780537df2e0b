// The load of the resilience bench: requests arrive at a constant rate, whether earlier ones are answered or not, as those of many
// people do. The duration of a request counts from the time at which it was due, so that a stall of the gateway, or of this process,
// shows in all requests that were due meanwhile (no coordinated omission). Runs in the process of the bench.

import { Pool } from 'undici';
import type { Subject } from '../page/subjects.ts';

/** Requests of one kind; kinds are sent in turn. */
export interface Lane {
  readonly name: string;
  /** With the variable `$id`. */
  readonly query: string;
}

export interface Answered {
  readonly lane: string;
  readonly id: string;
  /** When it was due, epoch ms. */
  readonly at: number;
  /** From then to the whole answer. */
  readonly ms: number;
  /** The delay of sending, which this process adds. */
  readonly lateMs: number;
  /** `OK`, or the code of the first error. */
  readonly code: string;
  /** When the source of `own` answered, epoch ms; undefined without an answer. */
  readonly fetchedAt: number | undefined;
}

export interface Arrivals {
  /** Sends until the promise settles. @returns when all are answered, in the order of their answers */
  run(until: Promise<unknown>, onAnswer?: (answer: Answered) => void): Promise<Answered[]>;
  close(): Promise<void>;
}

export const PER_SECOND = 200;

/** @param gateway which is asked, and the headers of its clients */
export function createArrivals(
  { origin, headers }: Pick<Subject, 'origin' | 'headers'>,
  lanes: readonly Lane[],
): Arrivals {
  // Sockets per kind: requests that wait for a failing source must not make the other kinds open new sockets.
  const pools = new Map(lanes.map(({ name }) => [name, new Pool(origin, { pipelining: 1 })]));
  const everyMs = 1000 / PER_SECOND;
  let count = 0;

  const one = async (lane: Lane, due: number): Promise<Answered> => {
    const id = String(++count);
    const sent = performance.now();
    const answer = await ask(pools.get(lane.name) as Pool, headers, lane.query, id);
    const at = performance.timeOrigin + due;
    return { lane: lane.name, id, at, ms: performance.now() - due, lateMs: sent - due, ...answer };
  };

  return {
    run: async (until, onAnswer) => {
      const answers: Answered[] = [];
      const failures: unknown[] = [];
      let underWay = 0;
      let sending = true;
      const stop = (): void => {
        sending = false;
      };
      until.then(stop, stop);
      const startedAt = performance.now();
      let turn = 0;
      const keep = (answer: Answered): void => {
        underWay--;
        answers.push(answer);
        onAnswer?.(answer);
      };
      const fail = (error: unknown): void => {
        underWay--;
        failures.push(error);
      };
      while (sending && failures.length === 0) {
        const due = startedAt + turn * everyMs;
        await moment(due);
        underWay++;
        one(lanes[turn++ % lanes.length] as Lane, due).then(keep, fail);
      }
      while (underWay > 0) await sleep(20);
      await until;
      if (failures.length > 0) throw failures[0];
      return answers;
    },
    close: async () => void (await Promise.all([...pools.values()].map((pool) => pool.close()))),
  };
}

/** Sends one request. @throws Error when the answer is not a GraphQL answer, or has another record */
export async function ask(
  pool: Pool,
  headers: Subject['headers'],
  query: string,
  id: string,
): Promise<Pick<Answered, 'code' | 'fetchedAt'>> {
  const body = JSON.stringify({ query, variables: { id } });
  const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new Error(`the gateway answered ${answer.statusCode}: ${text.slice(0, 400)}`);
  const { data, errors } = JSON.parse(text) as {
    data: Record<string, { id: string; provenance: { fetchedAt: string } | null } | null>;
    errors?: readonly { readonly extensions: { readonly code: string } }[];
  };
  const own = data.own?.provenance;
  const code = errors?.[0]?.extensions.code ?? 'OK';
  if (code === 'OK' && data.own?.id !== id)
    throw new Error(`found another record than ${id}: ${text.slice(0, 400)}`);
  return { code, fetchedAt: own ? Date.parse(own.fetchedAt) : undefined };
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A timer is late by up to a millisecond, the duration of a whole answer; so the last part of the wait polls the clock. */
async function moment(due: number): Promise<void> {
  const left = due - performance.now();
  if (left > 2) await sleep(left - 1.5);
  while (performance.now() < due) await new Promise(setImmediate);
}

/** @param share 0.5: the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
