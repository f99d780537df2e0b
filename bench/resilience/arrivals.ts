// The load of the resilience bench: requests that arrive at a constant rate, answered or not, as those of many people do. Their
// time counts from the moment at which they were due, so that a stall of the gateway, or of this process, shows in all who came
// meanwhile (no coordinated omission). Runs in the bench's own process; called by the scenarios.

import { Pool } from 'undici';

/** Requests of one kind; the kinds take turns. */
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
  /** How much later than due it was sent: what this process itself adds. */
  readonly lateMs: number;
  /** `OK`, or the code of the first error. */
  readonly code: string;
  /** When the source of `own` answered, epoch ms; absent where it did not. */
  readonly fetchedAt: number | undefined;
}

export interface Arrivals {
  /** Sends until the promise settles. @returns when all are answered, in the order of their answers */
  run(until: Promise<unknown>, onAnswer?: (answer: Answered) => void): Promise<Answered[]>;
  close(): Promise<void>;
}

export const PER_SECOND = 200;

export function createArrivals(origin: string, lanes: readonly Lane[]): Arrivals {
  // Sockets of each kind's own: those that wait for an ill source must not make the others open new ones.
  const pools = new Map(lanes.map(({ name }) => [name, new Pool(origin, { pipelining: 1 })]));
  const everyMs = 1000 / PER_SECOND;
  let count = 0;

  const one = async (lane: Lane, due: number): Promise<Answered> => {
    const id = String(++count);
    const sent = performance.now();
    const answer = await ask(pools.get(lane.name) as Pool, lane.query, id);
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

/** One answer, and what it says. @throws Error when the answer is no GraphQL answer */
export async function ask(
  pool: Pool,
  query: string,
  id: string,
): Promise<Pick<Answered, 'code' | 'fetchedAt'>> {
  const body = JSON.stringify({ query, variables: { id } });
  const answer = await pool.request({ method: 'POST', path: '/graphql', headers: HEADERS, body });
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
    throw new Error(`another record than asked for: ${text.slice(0, 400)}`);
  return { code, fetchedAt: own ? Date.parse(own.fetchedAt) : undefined };
}

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A timer is up to a millisecond off, which is as long as a whole answer takes: the last of it is spent turning. */
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
