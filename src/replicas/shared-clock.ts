// The clock of the database, as this process knows it: the time that statements return, carried on by the monotonic clock. The
// wall clock of this process has no part in it, so that it may be wrong or jump; its distance is measured, and logged above a limit.
import type { Log } from '../observe/log.ts';

/** Distance from the database's clock that is worth a warning, ms. A machine with NTP stays within a tenth of it. */
export const SKEW_LIMIT_MS = 1_000;

/** How far the monotonic clock may drift from the database's: 0.1 ms a second, twice what a quartz does. */
const DRIFT = 1e-4;

/** A correction up to this many ms holds the clock instead of setting it back: a window that has ended does not begin again. */
const HELD_MS = 1_000;

export interface SharedClock {
  /** Epoch ms by the clock of the database, whole. Before the first measurement: the wall clock. */
  now(): number;
  /** Wall clock of this process minus the database's, ms; `undefined` where nothing was measured. */
  skewMs(): number | undefined;
  /** Time by the monotonic clock, ms; for `measured`. */
  tick(): number;
  /**
   * A statement returned the database's time.
   * @param databaseAt epoch ms @param sentTick, receivedTick by `tick`, around the statement
   */
  measured(databaseAt: number, sentTick: number, receivedTick: number): void;
  /** Logs once when the wall clock leaves the limit, and once when it is back. */
  report(): void;
}

export interface SharedClockDeps {
  /** The wall clock, epoch ms. */
  readonly now: () => number;
  /** The monotonic clock, ms. Default `performance.now`. */
  readonly tick?: (() => number) | undefined;
  readonly log: Log | undefined;
}

interface Measurement {
  /** Epoch ms of the database at tick 0. */
  readonly offset: number;
  /** The database read its clock at some time between the two ticks: half of the distance. */
  readonly error: number;
  readonly tick: number;
}

export function createSharedClock({
  now,
  tick = () => performance.now(),
  log,
}: SharedClockDeps): SharedClock {
  let best: Measurement | undefined;
  let latest = Number.NEGATIVE_INFINITY;
  let isFar = false;

  const errorAt = (measurement: Measurement, at: number): number =>
    measurement.error + (at - measurement.tick) * DRIFT;

  const read = (): number => {
    if (best === undefined) return now();
    const at = Math.floor(best.offset + tick());
    latest = at < latest && latest - at < HELD_MS ? latest : at;
    return latest;
  };

  const skewMs = (): number | undefined => (best === undefined ? undefined : now() - (best.offset + tick()));

  return {
    now: read,
    skewMs,
    tick,
    measured: (databaseAt, sentTick, receivedTick) => {
      const error = Math.max(0, receivedTick - sentTick) / 2;
      const next = { offset: databaseAt - (sentTick + receivedTick) / 2, error, tick: receivedTick };
      const known = best === undefined ? Number.POSITIVE_INFINITY : errorAt(best, receivedTick);
      // A slow statement is a worse measurement, unless the two exclude each other: a clock was set, or this machine slept.
      const isMoved = best !== undefined && Math.abs(next.offset - best.offset) > known + error;
      if (error <= known || isMoved) best = next;
    },
    report: () => {
      const skew = skewMs();
      if (skew === undefined || best === undefined) return;
      const wasFar = isFar;
      isFar = Math.abs(skew) - errorAt(best, tick()) > SKEW_LIMIT_MS;
      if (isFar === wasFar) return;
      const fields = { clockSkewMs: Math.round(skew) };
      if (isFar)
        log?.warn(
          fields,
          'the clock of this machine differs from the database: synchronise the clocks (NTP)',
        );
      else log?.info(fields, 'the clock of this machine agrees with the database again');
    },
  };
}
