// The adaptive limit of a bulkhead: how many concurrent calls a source bears, judged by the gradient of its latencies. The limit grows
// while answers take their usual time, shrinks in proportion when they take longer, and shrinks at once on time-outs. Each source has
// one limit, each operation its own usual time.
import type { AdaptiveOptions } from '../contract.ts';

export interface AdaptiveLimit {
  /** Records an answer. @param running concurrent calls at its end, its own included. @returns the current limit */
  answered(operation: string, tookMs: number, running: number): number;
  /** Records a time-out. @returns the current limit */
  timedOut(): number;
}

/** Weight of an answer in the usual time: after some 300 answers the latency of a permanently slower source is its usual time. */
const USUAL_WEIGHT = 1 / 300;

/** The same under load, where our own calls may cause the slowness: it must be detected before it becomes the usual time. */
const LOADED_WEIGHT = 1 / 2_000;

/** Weight of an answer in less than half the usual time: a source that has recovered is recognised sooner. */
const RECOVERED_WEIGHT = 1 / 30;

/** Least number of answers per step; fewer would be noise. */
const MIN_ANSWERS = 10;

/** Answers that take longer than this multiple of their usual time count as slow. */
const TOLERANCE = 1.5;

/** Least factor of one step. */
const MIN_GRADIENT = 0.5;

/** Share of the difference to a new limit that one step applies. */
const SMOOTHING = 0.5;

/** Factor of the limit after a time-out. */
const TIME_OUT_FACTOR = 0.75;

export function createAdaptiveLimit(
  maxConcurrent: number,
  { minConcurrent }: AdaptiveOptions,
): AdaptiveLimit {
  const minLimit = Math.min(minConcurrent, maxConcurrent);
  /** Starts at the maximum, as a bulkhead without an adaptive limit. */
  let limit = maxConcurrent;
  const usual = new Map<string, { ms: number; answers: number }>();

  // Since the last step: answers, the sum of their times as multiples of the usual time, and the most concurrent calls.
  let answers = 0;
  let ratios = 0;
  let busiest = 0;
  let timeOuts = 0;

  const set = (next: number): void => {
    limit = Math.max(minLimit, Math.min(maxConcurrent, next));
  };

  const isLoaded = (running: number): boolean => running * 2 >= limit;

  /** Adds an answer to the usual time. @returns the usual time before it */
  const learn = (operation: string, ms: number, loaded: boolean): number => {
    const known = usual.get(operation);
    if (known === undefined) {
      usual.set(operation, { ms, answers: 1 });
      return ms;
    }
    const before = known.ms;
    const slower = loaded ? LOADED_WEIGHT : USUAL_WEIGHT;
    const weight = ms * 2 < before ? RECOVERED_WEIGHT : slower;
    known.answers++;
    // The first answers form a plain mean, so that no single answer sets the usual time.
    known.ms += (ms - before) * (known.answers <= MIN_ANSWERS ? 1 / known.answers : weight);
    return before;
  };

  const step = (): void => {
    const slowness = ratios / answers;
    // Latencies under few calls do not show how the source behaves under many.
    if (timeOuts === 0 && isLoaded(busiest)) {
      const gradient = Math.max(MIN_GRADIENT, Math.min(1, TOLERANCE / slowness));
      // The square root is room to grow: a short queue at the source is harmless.
      const next = limit * gradient + Math.sqrt(limit);
      set(limit + (next - limit) * SMOOTHING);
    }
    answers = 0;
    ratios = 0;
    busiest = 0;
    timeOuts = 0;
  };

  return {
    answered: (operation, tookMs, running) => {
      // The clock has whole milliseconds: an answer from the same machine can take 0.
      const ms = Math.max(1, tookMs);
      const ratio = ms / learn(operation, ms, isLoaded(running));
      answers++;
      ratios += ratio;
      if (running > busiest) busiest = running;
      if (answers >= MIN_ANSWERS && answers * 2 >= limit) step();
      return Math.floor(limit);
    },
    timedOut: () => {
      // Calls sent together time out together and count as one time-out.
      if (timeOuts === 0 || timeOuts > limit) {
        set(limit * TIME_OUT_FACTOR);
        timeOuts = 0;
      }
      timeOuts++;
      return Math.floor(limit);
    },
  };
}
