// When requests begin, wait and are refused, on a clock and turns of the event loop that the tests make.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRequestQueue, type RequestQueueOptions } from '../../src/http/request-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** @param costMs time that the begin of a request takes */
function aQueue(costMs: number, options: Partial<RequestQueueOptions> = {}) {
  const clock = { at: 1_000 };
  let turns: (() => void)[] = [];
  const overloads: boolean[] = [];
  const queue = createRequestQueue(
    { targetMs: 50, intervalMs: 500, maxRunning: 1_000, ...options },
    {
      now: () => clock.at,
      afterPoll: (callback) => turns.push(callback),
      onOverload: (isOverloaded) => void overloads.push(isOverloaded),
    },
  );
  const begun: number[] = [];
  const refused: number[] = [];
  let asked = 0;
  const gone = new Set<number>();
  const arrive = (count = 1): void => {
    for (let i = 0; i < count; i++) {
      const id = asked++;
      queue.enter({
        begin: () => {
          begun.push(id);
          clock.at += costMs;
        },
        refuse: () => void refused.push(id),
        isGone: () => gone.has(id),
      });
    }
  };
  /** @param otherMs what sockets and sources take in this turn */
  const turn = (otherMs = 0): void => {
    const due = turns;
    turns = [];
    clock.at += otherMs;
    for (const each of due) each();
  };
  return { queue, clock, arrive, turn, begun, refused, overloads, gone, scheduled: () => turns.length };
}

describe('requests that arrive together', () => {
  it('few of them · begin at once', () => {
    const { arrive, begun, queue } = aQueue(1);
    arrive(8);
    expect(begun).toHaveLength(8);
    expect(queue.figures()).toEqual({ running: 0, waiting: 0, refused: 0 });
  });

  it('many · begin in slices of 10 ms, in the order of arrival, and none is refused', () => {
    const { arrive, turn, begun, refused, overloads, scheduled } = aQueue(1);
    arrive(200);
    expect(begun).toHaveLength(10);
    turn();
    // The first turn was asked for by one request.
    expect(begun).toHaveLength(11);
    turn();
    expect(begun).toHaveLength(21);
    // The work for others counts in the slice.
    turn(5);
    expect(begun).toHaveLength(26);
    turn(300);
    expect(begun).toHaveLength(27);
    while (scheduled() > 0) turn();
    expect(begun).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(refused).toEqual([]);
    expect(overloads).toEqual([]);
  });

  it('a client that has left · is skipped', () => {
    const { arrive, turn, begun, gone, scheduled } = aQueue(20);
    arrive(4);
    gone.add(2);
    while (scheduled() > 0) turn();
    expect(begun).toEqual([0, 1, 3]);
  });
});

describe('more requests than the gateway can answer', () => {
  it('for longer than the interval · those that waited for longer than the target are refused', () => {
    const { arrive, turn, begun, refused, overloads, clock } = aQueue(5);
    const startedAt = clock.at;
    // Four times what 10 ms a turn allow.
    while (clock.at - startedAt < 3_000) {
      arrive(8);
      turn();
    }
    expect(refused.length).toBeGreaterThan(1_000);
    // No time is lost: a request begins in every 5 ms.
    expect(begun.length).toBeGreaterThanOrEqual(599);
    expect(overloads).toEqual([true]);
  });

  it('and then fewer · nothing is refused any more', () => {
    const { arrive, turn, begun, refused, overloads, clock, scheduled } = aQueue(5);
    const startedAt = clock.at;
    while (clock.at - startedAt < 1_000) {
      arrive(8);
      turn();
    }
    while (scheduled() > 0) turn();
    expect(overloads).toEqual([true, false]);
    const before = refused.length;
    const count = begun.length;
    for (let i = 0; i < 100; i++) {
      arrive(2);
      turn(10);
    }
    expect(refused).toHaveLength(before);
    expect(begun).toHaveLength(count + 200);
  });
});

describe('a limit of requests at once', () => {
  it('reached · the next waits for an end, or for its refusal', () => {
    const { queue, arrive, turn, begun, refused, clock, scheduled } = aQueue(0, { maxRunning: 1 });
    arrive();
    queue.begun();
    turn();
    arrive(2);
    turn();
    expect(begun).toEqual([0]);
    expect(scheduled()).toBe(0);
    queue.ended();
    turn();
    expect(begun).toEqual([0, 1, 2]);
    queue.begun();
    arrive();
    turn();
    clock.at += 501;
    vi.advanceTimersByTime(10);
    turn();
    expect(refused).toEqual([3]);
    expect(queue.figures()).toEqual({ running: 1, waiting: 0, refused: 1 });
  });
});
