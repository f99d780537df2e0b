// The database's clock as a process knows it, whatever its own wall clock shows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/observe/log.ts';
import { createSharedClock } from '../../src/replicas/shared-clock.ts';

const EPOCH = 1_800_000_000_000;

/** A process whose monotonic clock starts at 0 when the database shows `EPOCH`. */
function aClock(skewMs: number) {
  const time = { passed: 0, skewMs };
  const log: Record<string, unknown>[] = [];
  const clock = createSharedClock({
    now: () => EPOCH + time.passed + time.skewMs,
    tick: () => time.passed,
    log: createLog({ write: (line) => void log.push(JSON.parse(line)) }),
  });
  /** A statement: the database reads its clock after `there` ms. */
  const ask = (there: number, back: number, databaseMovedMs = 0): void => {
    const sent = time.passed;
    time.passed += there;
    const databaseAt = EPOCH + time.passed + databaseMovedMs;
    time.passed += back;
    clock.measured(databaseAt, sent, time.passed);
  };
  return { clock, time, log, ask };
}

describe('the shared clock', () => {
  it('not measured · then the wall clock, and no skew', () => {
    const { clock } = aClock(5_000);
    expect(clock.now()).toBe(EPOCH + 5_000);
    expect(clock.skewMs()).toBeUndefined();
  });

  it.each([-300_000, -2_000, 0, 2_000, 300_000])(
    '%d ms off · measured · then the clock of the database',
    (skew) => {
      const { clock, time, ask } = aClock(skew);
      ask(3, 3);
      time.passed += 1_000;
      expect(clock.now()).toBe(EPOCH + time.passed);
      expect(clock.skewMs()).toBe(skew);
    },
  );

  it('any round trip · any skew · then wrong by at most half of the round trip', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), fc.integer({ min: -1e6, max: 1e6 }), (there, back, skew) => {
        const { clock, time, ask } = aClock(skew);
        ask(there, back);
        expect(Math.abs(clock.now() - (EPOCH + time.passed))).toBeLessThanOrEqual((there + back) / 2 + 1);
      }),
    );
  });

  it('a wall clock that jumps · then nothing changes but the skew', () => {
    const { clock, time, ask } = aClock(0);
    ask(1, 1);
    time.skewMs = 300_000;
    expect(clock.now()).toBe(EPOCH + time.passed);
    expect(clock.skewMs()).toBe(300_000);
    time.skewMs = -2_000;
    expect(clock.now()).toBe(EPOCH + time.passed);
    expect(clock.skewMs()).toBe(-2_000);
  });

  it('a slow statement after a fast one · then the fast one still counts', () => {
    const { clock, time, ask } = aClock(0);
    ask(1, 1);
    ask(900, 0);
    expect(clock.now()).toBe(EPOCH + time.passed);
  });

  it('a small correction backwards · then the clock waits, and never goes back', () => {
    const { clock, time, ask } = aClock(0);
    ask(0, 400);
    const before = clock.now();
    ask(1, 1);
    const after = clock.now();
    expect(after).toBeGreaterThanOrEqual(before);
    time.passed += 1_000;
    expect(clock.now()).toBe(EPOCH + time.passed);
  });

  it('the clock of the database set back by a minute, or a machine that slept · then the new time', () => {
    const { clock, time, ask } = aClock(0);
    ask(1, 1);
    ask(1, 1, -60_000);
    expect(clock.now()).toBe(EPOCH + time.passed - 60_000);
    ask(1, 1, 3_600_000);
    expect(clock.now()).toBe(EPOCH + time.passed + 3_600_000);
  });

  it('a clock that is off, and right again · then one line each; half a second off: none', () => {
    const { clock, time, log, ask } = aClock(500);
    ask(1, 1);
    clock.report();
    expect(log).toEqual([]);
    time.skewMs = -2_000;
    clock.report();
    clock.report();
    time.skewMs = 0;
    clock.report();
    clock.report();
    expect(log).toMatchObject([
      { level: 'warn', clockSkewMs: -2_000, msg: expect.stringContaining('synchronise the clocks (NTP)') },
      { level: 'info', clockSkewMs: 0 },
    ]);
  });

  it('off by less than the measurement may be wrong · then no line', () => {
    const { clock, log, ask } = aClock(2_000);
    ask(1_500, 1_500);
    clock.report();
    expect(log).toEqual([]);
  });
});
