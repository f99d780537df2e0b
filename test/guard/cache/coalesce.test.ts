// Calls with the same key that meet: one call, each waiter with its own end.
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import type { Guard } from '../../../src/guard/guard.ts';
import { aGuardWith, aScope, errorOf } from '../made.ts';

let guard: Guard;
const CALL = { idempotent: true, key: 'id=1' };

/** An attempt that ends when told; `signals` are those of the attempts begun. */
function aSlowSource() {
  const ends: { resolve: (value: number) => void; reject: (error: unknown) => void }[] = [];
  const signals: AbortSignal[] = [];
  const attempt = (signal: AbortSignal) =>
    new Promise<number>((resolve, reject) => {
      signals.push(signal);
      ends.push({ resolve, reject });
    });
  return { attempt, ends, signals };
}

beforeEach(() => {
  vi.useFakeTimers();
  guard = aGuardWith({
    connector: 'population',
    attemptTimeoutMs: 2_000,
    operations: { Citizen: { coalesce: true } },
  });
});
afterEach(() => {
  expect(guard.figures().coalesced.underWay).toBe(0);
  expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: 64 });
  guard.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('equal keys · one call, one answer for all', async () => {
  const { attempt, ends } = aSlowSource();
  const scopes = [aScope(), aScope(), aScope()];
  const runs = scopes.map((scope) => guard.run('Citizen', attempt, scope, CALL));
  expect(ends).toHaveLength(1);
  ends[0]?.resolve(7);
  expect(await Promise.all(runs)).toEqual([7, 7, 7]);
  for (const { signal } of scopes) expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(guard.figures().coalesced.joined).toBe(2);
});

it('equal keys · one failure for all', async () => {
  const { attempt, ends } = aSlowSource();
  const runs = [1, 2].map(() =>
    errorOf(guard.run('Citizen', attempt, aScope(), { ...CALL, idempotent: false })),
  );
  ends[0]?.reject(new GatewayError('UPSTREAM_FAULT'));
  for (const error of await Promise.all(runs)) {
    expect(error).toMatchObject({ code: 'UPSTREAM_FAULT', connector: 'population', operation: 'Citizen' });
  }
});

it('another key, or no key · a call of its own', async () => {
  const { attempt, ends } = aSlowSource();
  const runs = [CALL, { ...CALL, key: 'id=2' }, { idempotent: true }, undefined].map((call) =>
    guard.run('Citizen', attempt, aScope(), call),
  );
  expect(ends).toHaveLength(4);
  for (const end of ends) end.resolve(1);
  await Promise.all(runs);
});

it('a completed call · the next caller starts a new call', async () => {
  const attempt = vi.fn(async () => 1);
  await guard.run('Citizen', attempt, aScope(), CALL);
  await guard.run('Citizen', attempt, aScope(), CALL);
  expect(attempt).toHaveBeenCalledTimes(2);
});

it('the first caller disconnects · only it ends, the others receive the answer', async () => {
  const { attempt, ends, signals } = aSlowSource();
  const [first, second] = [aScope(), aScope()];
  const gone = errorOf(guard.run('Citizen', attempt, first, CALL));
  const stays = guard.run('Citizen', attempt, second, CALL);
  first.controller.abort(new GatewayError('CANCELLED'));
  expect(await gone).toMatchObject({ code: 'CANCELLED', connector: 'population', operation: 'Citizen' });
  expect(signals[0]?.aborted).toBe(false);
  ends[0]?.resolve(7);
  expect(await stays).toBe(7);
});

it('the last caller disconnects · the call is cancelled, does not count, and a new caller starts a new call', async () => {
  const { attempt, ends, signals } = aSlowSource();
  const scopes = [aScope(), aScope()];
  const runs = scopes.map((scope) => errorOf(guard.run('Citizen', attempt, scope, CALL)));
  for (const { controller } of scopes) controller.abort(new GatewayError('DEADLINE_EXCEEDED'));
  expect(signals[0]?.aborted).toBe(true);
  const newcomer = guard.run('Citizen', attempt, aScope(), CALL);
  for (const error of await Promise.all(runs)) expect(error.code).toBe('DEADLINE_EXCEEDED');
  expect(ends).toHaveLength(2);
  ends[1]?.resolve(8);
  expect(await newcomer).toBe(8);
  expect(guard.state('Citizen').breaker).toBe('CLOSED');
});

it('the first caller has an early deadline · a joined caller has its own', async () => {
  const { attempt, ends } = aSlowSource();
  const hurried = aScope(500);
  const gone = errorOf(guard.run('Citizen', attempt, hurried, CALL));
  const patient = guard.run('Citizen', attempt, aScope(10_000), CALL);
  await vi.advanceTimersByTimeAsync(500);
  hurried.controller.abort(new GatewayError('DEADLINE_EXCEEDED'));
  expect((await gone).code).toBe('DEADLINE_EXCEEDED');
  await vi.advanceTimersByTimeAsync(1_000);
  ends[0]?.resolve(7);
  expect(await patient).toBe(7);
});

it('a caller that disconnected before · starts no call', async () => {
  const { attempt, ends } = aSlowSource();
  const scope = aScope();
  scope.controller.abort();
  expect((await errorOf(guard.run('Citizen', attempt, scope, CALL))).code).toBe('CANCELLED');
  expect(ends).toHaveLength(0);
});

it('the call fails and there is time · retried once for all callers', async () => {
  const { attempt, ends } = aSlowSource();
  const runs = [aScope(100), aScope()].map((scope) => guard.run('Citizen', attempt, scope, CALL));
  ends[0]?.reject(new GatewayError('UPSTREAM_FAULT'));
  await vi.advanceTimersByTimeAsync(100);
  ends[1]?.resolve(9);
  expect(await Promise.all(runs)).toEqual([9, 9]);
});
