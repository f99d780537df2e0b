// How a simulator falls ill: the settings of `POST /__faults`, checked, and the choice of which call is hit.
import { z } from 'zod';
import { createRandom } from '../city/random.ts';

const settings = z.strictObject({
  latencyMs: z
    .int()
    .min(0)
    .max(600_000)
    .optional()
    .describe('milliseconds to wait before anything else, 0–600000'),
  status: z.int().min(200).max(599).optional().describe('answer this HTTP status with a plain text, 200–599'),
  hang: z.boolean().optional().describe('never answer, until healed or the caller closes the socket'),
  reset: z.boolean().optional().describe('send the headers and half of the body, then cut the socket'),
  garbage: z.boolean().optional().describe('answer 200 with an HTML maintenance page'),
  rate: z.number().min(0).max(1).optional().describe('share of the calls that are hit, 0–1, default 1'),
  count: z.int().min(1).max(1_000_000_000).optional().describe('hit only the next so many calls, then heal'),
  only: z
    .enum(['data', 'all'])
    .optional()
    .describe('"data" spares the endpoints that give out tokens; default "all"'),
});

/** The body of `POST /__faults`. Several faults add up: latency first, then hang, then reset, garbage or status. */
export type FaultSettings = z.infer<typeof settings>;

export interface FaultProblem {
  readonly field: string;
  readonly problem: string;
}

/** Gives the settings, or what is wrong with each field. */
export function parseFaults(
  value: unknown,
):
  | { readonly ok: true; readonly settings: FaultSettings }
  | { readonly ok: false; readonly problems: FaultProblem[] } {
  const result = settings.safeParse(value);
  if (result.success) return { ok: true, settings: result.data };
  return {
    ok: false,
    problems: result.error.issues.map((issue) => ({ field: issue.path.join('.'), problem: issue.message })),
  };
}

/** Field → what is expected there; sent along with a refusal. */
export const FAULT_FIELDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(settings.shape).map(([name, field]) => [name, field.description ?? '']),
);

export interface Faults {
  set(value: FaultSettings): void;
  current(): FaultSettings;
  /** The faults that this call meets, or null when it is spared. Counts the call against `count`. */
  draw(isSignIn: boolean): FaultSettings | null;
  /** Resolves when the settings change or `signal` aborts: what a hanging call waits for. */
  changed(signal: AbortSignal): Promise<void>;
}

/** One seed for all, so that "30 % of the calls" are the same calls in each run. */
const SEED = 7;

export function createFaults(): Faults {
  let current: FaultSettings = {};
  let left = Number.POSITIVE_INFINITY;
  let random = createRandom(SEED);
  let waiting = new Set<() => void>();

  const release = (): void => {
    const released = waiting;
    waiting = new Set();
    for (const resolve of released) resolve();
  };

  return {
    set(value) {
      current = value;
      left = value.count ?? Number.POSITIVE_INFINITY;
      random = createRandom(SEED);
      release();
    },
    current: () => (left > 0 ? current : {}),
    draw(isSignIn) {
      const { latencyMs, hang, reset, garbage, status, rate = 1, only } = current;
      if (left <= 0 || !(latencyMs || hang || reset || garbage || status)) return null;
      if (isSignIn && only === 'data') return null;
      if (rate < 1 && !random.chance(rate)) return null;
      left -= 1;
      return current;
    },
    changed: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
      }),
  };
}
