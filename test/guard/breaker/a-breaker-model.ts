// What a breaker promises, written as plainly as possible: for the tests that compare the real one, alone and within its guard.

export const SLICE_MS = 100;
export const SLICES = 10;

export function aBreakerModel(
  rate: number,
  minimum: number,
  inARow: number,
  openMs: number,
  probes: number,
  slowMs: number,
  recoverMs: number,
  clock: () => number = Date.now,
) {
  let state: 'CLOSED' | 'OPEN' | 'HALF_OPEN' = 'CLOSED';
  let term = 0;
  let opensUntil = 0;
  let began = clock();
  let results: { slice: number; failed: boolean; slow: boolean }[] = [];
  let row = 0;
  let probing = 0;
  let probed = 0;
  let recoversUntil = 0;
  let credit = 0;
  let present = 0;
  const enter = (next: typeof state, now: number, openFor = openMs): void => {
    state = next;
    term++;
    began = now;
    results = [];
    row = 0;
    probing = 0;
    probed = 0;
    present = 0;
    if (next === 'OPEN') opensUntil = now + openFor;
    recoversUntil = next === 'CLOSED' ? now + recoverMs : 0;
    credit = 0.75;
  };
  return {
    tick: (now: number): void => {
      if (state === 'OPEN' && now >= opensUntil) enter('HALF_OPEN', opensUntil);
    },
    admit: (now: number): number => {
      if (state === 'CLOSED') {
        if (now >= recoversUntil) return term;
        credit += 0.25 + (0.75 * (now - began)) / recoverMs;
        if (credit < 1 - 1e-9) return -1;
        credit--;
        return term;
      }
      if (state === 'OPEN' || probing >= probes) return -1;
      probing++;
      return term;
    },
    /** @param countsAt the moment it is counted at; one that is past counts in the present slice */
    end: (
      of: number,
      result: 'succeed' | 'fail' | 'abandon',
      tookMs: number,
      now: number,
      countsAt = now,
    ): void => {
      if (of !== term) return;
      const slow = result === 'succeed' && tookMs >= slowMs;
      if (state === 'HALF_OPEN') {
        // A slow probe opens it while it is still under way, which makes no difference: the term is over.
        probing--;
        // The time that the probe took is time open, up to three quarters of it.
        if (result === 'fail' || slow) enter('OPEN', now, Math.max(openMs / 4, openMs - tookMs));
        else if (result === 'succeed' && ++probed >= probes) enter('CLOSED', now);
        return;
      }
      if (result === 'abandon') return;
      const slice = Math.max(present, Math.floor((countsAt - began) / SLICE_MS));
      present = slice;
      results.push({ slice, failed: result === 'fail', slow });
      results = results.filter((r) => r.slice > slice - SLICES);
      const failures = results.filter((r) => r.failed).length;
      row = result === 'fail' ? row + 1 : 0;
      const rateReached = results.length >= minimum && failures / results.length >= rate - 1e-9;
      const most = now < recoversUntil ? Math.min(inARow, Math.max(2, probes)) : inARow;
      const rowReached = row >= most && failures >= most;
      const slowOnes = results.filter((r) => r.slow).length;
      const slowReached = results.length >= minimum && slowOnes / results.length >= 0.5 - 1e-9;
      if ((result === 'fail' && (rateReached || rowReached)) || (slow && slowReached)) enter('OPEN', now);
    },
    probeNow: (now: number): boolean => {
      if (state !== 'OPEN') return false;
      enter('HALF_OPEN', now);
      return true;
    },
    wouldReject: () => state === 'OPEN' || (state === 'HALF_OPEN' && probing >= probes),
    /** Failures of the window with no success after them. */
    inARow: () => Math.min(row, results.filter((r) => r.failed).length),
    /** When it changes by itself. */
    changesAt: (now: number): number => {
      if (state === 'OPEN') return opensUntil;
      return now < recoversUntil ? recoversUntil : Number.POSITIVE_INFINITY;
    },
    state: (now: number) => (now < recoversUntil ? 'HALF_OPEN' : state),
  };
}

export type BreakerModel = ReturnType<typeof aBreakerModel>;
