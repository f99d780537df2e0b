// The gate: maintenance windows in Vietnam time, an operator's word over them, and what callers are told.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatError } from '../../../src/graph/format-error.ts';
import type { MaintenanceWindow } from '../../../src/guard/contract.ts';
import { createGate } from '../../../src/guard/gate/gate.ts';
import { aGuardWith, aScope, errorOf } from '../made.ts';

/** A moment of Vietnam time. */
const at = (text: string): number => Date.parse(`${text}:00+07:00`);
const MINUTE = 60_000;

const TEXT = { vi: 'Bảo trì định kỳ', en: 'Scheduled maintenance' };
// 2026-11-21 is a Saturday.
const SATURDAY_NIGHT: MaintenanceWindow = { days: ['sat'], from: '22:00', to: '02:00', text: TEXT };
const ONCE: MaintenanceWindow = { from: '2026-12-31T20:00', to: '2027-01-01T06:00' };

describe('a weekly window', () => {
  const gate = createGate([SATURDAY_NIGHT]);
  it.each([
    ['2026-11-21T21:59', undefined],
    ['2026-11-21T22:00', 240],
    ['2026-11-22T00:30', 90],
    ['2026-11-22T01:59', 1],
    ['2026-11-22T02:00', undefined],
    ['2026-11-22T22:30', undefined],
    ['2026-11-28T23:00', 180],
  ])('%s · minutes until its end: %s', (time, minutes) => {
    const error = gate.rejection(at(time));
    expect(error?.retryAfterMs).toBe(minutes === undefined ? undefined : minutes * MINUTE);
    expect(error?.code).toBe(minutes === undefined ? undefined : 'MAINTENANCE');
  });

  it('closed · the error has the end and the text in both languages', () => {
    expect(gate.rejection(at('2026-11-22T00:30'))?.extensions).toEqual({
      maintenance: { until: '2026-11-21T19:00:00.000Z', text: TEXT },
    });
  });

  it('open · the state contains the next window', () => {
    expect(gate.state(at('2026-11-22T02:00'))).toEqual({
      gate: 'AUTOMATIC',
      passes: true,
      maintenance: { from: at('2026-11-28T22:00'), to: at('2026-11-29T02:00'), text: TEXT },
    });
  });
});

it('a window with a date · closed from its beginning to its end, then open', () => {
  const gate = createGate([ONCE]);
  expect(gate.rejection(at('2026-12-31T19:59'))).toBeUndefined();
  expect(gate.rejection(at('2026-12-31T20:00'))?.retryAfterMs).toBe(600 * MINUTE);
  expect(gate.rejection(at('2027-01-01T06:00'))).toBeUndefined();
  expect(gate.state(at('2027-01-01T06:00')).maintenance).toBeUndefined();
});

it('windows that touch or overlap · form one window', () => {
  const gate = createGate([
    { days: ['mon'], from: '22:00', to: '00:00' },
    { days: ['tue'], from: '00:00', to: '01:00' },
    { days: ['tue'], from: '00:30', to: '03:00' },
  ]);
  expect(gate.rejection(at('2026-11-23T23:00'))?.retryAfterMs).toBe(240 * MINUTE);
  expect(gate.rejection(at('2026-11-24T03:00'))).toBeUndefined();
});

it('all days from 00:00 to 00:00 · always closed, with an end', () => {
  const gate = createGate([
    { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00' },
  ]);
  const error = gate.rejection(at('2026-11-23T23:00'));
  expect(error?.retryAfterMs).toBeGreaterThan(0);
});

it.each<[MaintenanceWindow, string]>([
  [{ days: ['mon'], from: '24:00', to: '01:00' }, 'found "24:00"'],
  [{ from: '2026-04-31T00:00', to: '2026-05-02T00:00' }, 'found "2026-04-31T00:00"'],
  [{ from: '2026-05-02T00:00', to: '2026-05-02T00:00' }, 'ends (2026-05-02T00:00) before it begins'],
])('an invalid window · created · rejected with the value found', (window, message) => {
  expect(() => createGate([window])).toThrow(message);
});

describe('a setting by an operator', () => {
  const noon = at('2026-11-25T12:00');

  it('CLOSED until a time · closed until then, automatic afterwards', () => {
    const gate = createGate([]);
    gate.set({ gate: 'CLOSED', reason: 'ticket 12', until: noon + 5 * MINUTE, text: TEXT });
    const error = gate.rejection(noon);
    expect(error).toMatchObject({ code: 'MAINTENANCE', retryAfterMs: 5 * MINUTE });
    expect(JSON.stringify([error?.message, error?.extensions, error?.reason])).not.toContain('ticket');
    expect(gate.state(noon)).toMatchObject({ gate: 'CLOSED', passes: false, reason: 'ticket 12' });
    expect(gate.rejection(noon + 5 * MINUTE)).toBeUndefined();
    expect(gate.state(noon + 5 * MINUTE)).toEqual({ gate: 'AUTOMATIC', passes: true });
  });

  it('CLOSED for months · retryAfterMs of at most a day, and the end as a time', () => {
    const gate = createGate([]);
    gate.set({ gate: 'CLOSED', until: at('2027-05-01T00:00'), text: TEXT });
    const { extensions } = formatError(gate.rejection(noon), { locale: 'en', requestId: 'r' });
    expect(extensions).toMatchObject({
      code: 'MAINTENANCE',
      retryAfterMs: 24 * 60 * MINUTE,
      maintenance: { until: '2027-04-30T17:00:00.000Z', text: TEXT },
    });
  });

  it('CLOSED without an end · closed until the next setting, with retryAfterMs of a minute', () => {
    const gate = createGate([]);
    gate.set({ gate: 'CLOSED' });
    expect(gate.rejection(noon)?.retryAfterMs).toBe(MINUTE);
    expect(gate.rejection(noon + 1e10)?.code).toBe('MAINTENANCE');
    gate.set({ gate: 'AUTOMATIC' });
    expect(gate.rejection(noon + 1e10)).toBeUndefined();
  });

  it('OPEN · calls pass during a window', () => {
    const gate = createGate([SATURDAY_NIGHT]);
    const night = at('2026-11-22T00:30');
    expect(gate.rejection(night)?.code).toBe('MAINTENANCE');
    gate.set({ gate: 'OPEN', until: night + 10 * MINUTE });
    expect(gate.rejection(night)).toBeUndefined();
    expect(gate.rejection(night + 10 * MINUTE)?.retryAfterMs).toBe(80 * MINUTE);
  });
});

it('read at any times in any order · equals a gate created for that time', () => {
  const windows: MaintenanceWindow[] = [
    SATURDAY_NIGHT,
    ONCE,
    { days: ['wed', 'thu'], from: '12:00', to: '13:00' },
  ];
  const moment = fc.integer({ min: at('2026-12-20T00:00'), max: at('2027-01-10T00:00') });
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 20 }), (moments) => {
      const gate = createGate(windows);
      for (const one of moments) {
        expect(gate.rejection(one)?.retryAfterMs).toBe(createGate(windows).rejection(one)?.retryAfterMs);
      }
    }),
  );
});

describe('a guarded call', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('gate closed · MAINTENANCE without an attempt, which does not count for the breaker', async () => {
    const guard = aGuardWith({ connector: 'population', breaker: { minimumCalls: 1 } });
    guard.setGate({ gate: 'CLOSED' });
    const attempt = vi.fn(async () => 1);
    for (let i = 0; i < 3; i++) {
      expect(await errorOf(guard.run('Citizen', attempt, aScope()))).toMatchObject({
        code: 'MAINTENANCE',
        connector: 'population',
        operation: 'Citizen',
        breaker: 'CLOSED',
      });
    }
    expect(attempt).not.toHaveBeenCalled();
    expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: 64 });
    guard.setGate({ gate: 'AUTOMATIC' });
    expect(await guard.run('Citizen', attempt, aScope())).toBe(1);
  });

  it('gate closed while a call waits · not started, and its place is released', async () => {
    const guard = aGuardWith({ connector: 'population', bulkhead: { maxConcurrent: 1 } });
    let free: (value: number) => void = () => {};
    const first = guard.run('Citizen', () => new Promise<number>((resolve) => (free = resolve)), aScope());
    const attempt = vi.fn(async () => 1);
    const second = errorOf(guard.run('Citizen', attempt, aScope()));
    guard.setGate({ gate: 'CLOSED' });
    free(5);
    expect(await first).toBe(5);
    expect((await second).code).toBe('MAINTENANCE');
    expect(attempt).not.toHaveBeenCalled();
    expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: 1 });
  });
});
