// How many calls a source bears at once, from how its answers slow down under them: the limit of a bulkhead that adapts. The idea is the
// gradient of latencies: while answers take as long as they usually do the limit grows, when they take longer it shrinks in proportion,
// and on time-outs at once. Fed by `attempt-ends.ts`; each source has one, each operation its own usual time.
import type { AdaptiveOptions } from '../contract.ts';

export interface AdaptiveLimit {
  /** A good answer. @param running calls at its end, its own included. @returns the limit of the moment */
  answered(operation: string, tookMs: number, running: number): number;
  /** An attempt timed out. @returns the limit of the moment */
  timedOut(): number;
}

/** An answer's weight in the usual time: so many answers, and a source that is slow for good is as usual. */
const USUAL_WEIGHT = 1 / 300;

/** The same under load, where slow answers may be of our own making: what is to be found out must not be learnt as usual first. */
const LOADED_WEIGHT = 1 / 2_000;

/** A source that has healed is much faster than its usual time: that must not take as long to be believed. */
const HEALED_WEIGHT = 1 / 30;

/** Answers that are looked at together, at least; fewer would be noise. */
const LEAST_ANSWERS = 10;

/** Answers may take so much longer than usual before it counts as slowing down. */
const TOLERANCE = 1.5;

/** One step never takes more than half. */
const STEEPEST = 0.5;

/** How much of a new limit is taken at once. */
const SMOOTHING = 0.5;

/** Of the limit, after a time-out. */
const AFTER_TIME_OUT = 0.75;

export function createAdaptiveLimit(
  maxConcurrent: number,
  { minConcurrent }: AdaptiveOptions,
): AdaptiveLimit {
  const least = Math.min(minConcurrent, maxConcurrent);
  /** Begins at the most: until it knows better the bulkhead is one that does not adapt. */
  let limit = maxConcurrent;
  const usual = new Map<string, { ms: number; answers: number }>();

  // What has been seen since the last step: answers, how many times their usual time they took, and how busy it was.
  let answers = 0;
  let ratios = 0;
  let busiest = 0;
  let timeOuts = 0;

  const set = (next: number): void => {
    limit = Math.max(least, Math.min(maxConcurrent, next));
  };

  const isLoad = (running: number): boolean => running * 2 >= limit;

  /** @returns the usual time before this answer */
  const learn = (operation: string, ms: number, isLoaded: boolean): number => {
    const known = usual.get(operation);
    if (known === undefined) {
      usual.set(operation, { ms, answers: 1 });
      return ms;
    }
    const before = known.ms;
    const slower = isLoaded ? LOADED_WEIGHT : USUAL_WEIGHT;
    const weight = ms * 2 < before ? HEALED_WEIGHT : slower;
    known.answers++;
    // The first ones make a plain mean: one answer alone is no usual time.
    known.ms += (ms - before) * (known.answers <= LEAST_ANSWERS ? 1 / known.answers : weight);
    return before;
  };

  const step = (): void => {
    const slowness = ratios / answers;
    // Few calls say nothing of what many would do.
    if (timeOuts === 0 && isLoad(busiest)) {
      const gradient = Math.max(STEEPEST, Math.min(1, TOLERANCE / slowness));
      // The room to grow: a little queue at the source is no harm.
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
      // A clock in whole milliseconds: an answer from the same machine takes none.
      const ms = Math.max(1, tookMs);
      const ratio = ms / learn(operation, ms, isLoad(running));
      answers++;
      ratios += ratio;
      if (running > busiest) busiest = running;
      if (answers >= LEAST_ANSWERS && answers * 2 >= limit) step();
      return Math.floor(limit);
    },
    timedOut: () => {
      // Those that were sent together time out together: that is one sign, and more of them are another.
      if (timeOuts === 0 || timeOuts > limit) {
        set(limit * AFTER_TIME_OUT);
        timeOuts = 0;
      }
      timeOuts++;
      return Math.floor(limit);
    },
  };
}
