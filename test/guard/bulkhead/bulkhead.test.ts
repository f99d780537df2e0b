// The bulkhead alone, with a fake clock: places, queue, waiting limit, cancellation.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Bulkhead, createBulkhead } from '../../../src/guard/bulkhead/bulkhead.ts';

const aBulkhead = (
  limits: { maxConcurrent?: number; maxWaiting?: number; maxWaitMs?: number } = {},
): Bulkhead<string> =>
  createBulkhead<string>(
    {
      maxConcurrent: 2,
      maxWaiting: 3,
      maxWaitMs: 1_000,
      rejection: (kind, why) => new Error(`${kind} ${why}`),
      abortReason: (signal) => new Error(`aborted ${String(signal.reason)}`),
      ...limits,
    },
    Date.now,
  );

const never = new AbortController().signal;

/** Enters and notes in `log` what became of it. */
function entering(bulkhead: Bulkhead<string>, name: string, log: string[], signal = never): void {
  const place = bulkhead.enter(name, signal);
  if (place === true) log.push(`${name} in`);
  else {
    place.then(
      () => log.push(`${name} in`),
      (error: Error) => log.push(error.message),
    );
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('calls within the limit · enter · at once and without a timer', () => {
  const bulkhead = aBulkhead();
  expect(bulkhead.enter('a', never)).toBe(true);
  expect(bulkhead.isFull()).toBe(false);
  expect(bulkhead.enter('b', never)).toBe(true);
  expect(bulkhead.isFull()).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it('calls above the limit · wait · and start in their order of arrival', async () => {
  const bulkhead = aBulkhead();
  const log: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) entering(bulkhead, name, log);
  expect([bulkhead.running(), bulkhead.waiting()]).toEqual([2, 3]);
  bulkhead.leave();
  await settled();
  expect(log).toEqual(['a in', 'b in', 'c in']);
  expect([bulkhead.running(), bulkhead.waiting()]).toEqual([2, 2]);
  bulkhead.leave();
  bulkhead.leave();
  bulkhead.leave();
  await settled();
  expect(log).toEqual(['a in', 'b in', 'c in', 'd in', 'e in']);
  expect([bulkhead.running(), bulkhead.waiting()]).toEqual([1, 0]);
  expect(vi.getTimerCount()).toBe(0);
});

it('a call above the queue · is rejected · at once', () => {
  const bulkhead = aBulkhead({ maxWaiting: 0 });
  bulkhead.enter('a', never);
  bulkhead.enter('b', never);
  expect(() => bulkhead.enter('c', never)).toThrow('c FULL');
});

it('calls that wait too long · leave the queue · each at its own limit', async () => {
  const bulkhead = aBulkhead();
  const log: string[] = [];
  entering(bulkhead, 'a', log);
  entering(bulkhead, 'b', log);
  entering(bulkhead, 'c', log);
  vi.advanceTimersByTime(400);
  entering(bulkhead, 'd', log);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(599);
  expect(log).toEqual(['a in', 'b in']);
  await vi.advanceTimersByTimeAsync(1);
  expect(log.at(-1)).toBe('c WAITED_TOO_LONG');
  await vi.advanceTimersByTimeAsync(400);
  expect(log.at(-1)).toBe('d WAITED_TOO_LONG');
  expect(vi.getTimerCount()).toBe(0);
});

it('a waiting call whose signal aborts · leaves the queue at once · with the reason', async () => {
  const bulkhead = aBulkhead();
  const log: string[] = [];
  const controller = new AbortController();
  entering(bulkhead, 'a', log);
  entering(bulkhead, 'b', log);
  entering(bulkhead, 'c', log, controller.signal);
  entering(bulkhead, 'd', log);
  controller.abort('gone');
  expect(bulkhead.waiting()).toBe(1);
  bulkhead.leave();
  await settled();
  expect(log).toEqual(['a in', 'b in', 'aborted gone', 'd in']);
});

it('calls of one kind rejected · leave the queue · the others stay', async () => {
  const bulkhead = aBulkhead({ maxConcurrent: 1 });
  const log: string[] = [];
  entering(bulkhead, 'a', log);
  entering(bulkhead, 'ill', log);
  entering(bulkhead, 'well', log);
  entering(bulkhead, 'ill', log);
  bulkhead.rejectWaiting('ill');
  bulkhead.leave();
  await settled();
  expect(log).toEqual(['a in', 'ill CIRCUIT_OPENED', 'ill CIRCUIT_OPENED', 'well in']);
});

it('a closed bulkhead · rejects waiting and new calls · and leaves no timer', async () => {
  const bulkhead = aBulkhead({ maxConcurrent: 1 });
  const log: string[] = [];
  entering(bulkhead, 'a', log);
  entering(bulkhead, 'b', log);
  bulkhead.close();
  await settled();
  expect(log).toEqual(['a in', 'b CLOSED']);
  expect(() => bulkhead.enter('c', never)).toThrow('c CLOSED');
  expect(vi.getTimerCount()).toBe(0);
});
