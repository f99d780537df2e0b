// The faults of a simulator: validates the settings of `POST /__faults` and selects the calls that they apply to.
import { z } from 'zod';
import { createRandom } from '../city/random.ts';

const settings = z.strictObject({
  latencyMs: z
    .int()
    .min(0)
    .max(600_000)
    .optional()
    .describe('delay in milliseconds before anything else, 0–600000'),
  status: z
    .int()
    .min(200)
    .max(599)
    .optional()
    .describe('answer with this HTTP status and a plain text, 200–599'),
  hang: z
    .boolean()
    .optional()
    .describe('do not answer until the faults change or the client closes the socket'),
  reset: z.boolean().optional().describe('send the headers and half of the body, then reset the connection'),
  garbage: z.boolean().optional().describe('answer with status 200 and an HTML maintenance page'),
  rate: z.number().min(0).max(1).optional().describe('share of the calls that are affected, 0–1, default 1'),
  count: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe('number of calls to affect; later calls are answered normally'),
  only: z
    .enum(['data', 'all'])
    .optional()
    .describe('"data" exempts the endpoints that issue tokens; default "all"'),
});

/** The body of `POST /__faults`. Faults combine: first latency, then hang, then reset, garbage or status. */
export type FaultSettings = z.infer<typeof settings>;

export interface FaultProblem {
  readonly field: string;
  readonly problem: string;
}

/** Returns the settings, or the problem of each wrong field. */
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

/** The expected value of each field; part of the answer to wrong settings. */
export const FAULT_FIELDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(settings.shape).map(([name, field]) => [name, field.description ?? '']),
);

export interface Faults {
  set(value: FaultSettings): void;
  current(): FaultSettings;
  /** The faults that apply to this call, or null. Counts the call against `count`. */
  draw(isSignIn: boolean): FaultSettings | null;
  /** Resolves when the settings change or `signal` aborts; a hanging call waits for it. */
  changed(signal: AbortSignal): Promise<void>;
}

/** A fixed seed, so that a share of the calls is the same calls in every run. */
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
