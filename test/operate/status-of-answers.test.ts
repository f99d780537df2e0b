// The status that what callers got leads to: over time, with few calls, and after a recovery.
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import { type AnswerWindow, createAnswerWindow } from '../../src/observe/answer-window.ts';
import { causesOfAnswers } from '../../src/operate/causes-of-answers.ts';
import { aManifest } from '../a-manifest.ts';

const NOON = 1_800_000_000_000;

/** A connector whose operations are called. */
function aConnector() {
  const time = { at: NOON };
  const windows = new Map<string, AnswerWindow>();
  const windowOf = (operation: string): AnswerWindow => {
    const found = windows.get(operation) ?? createAnswerWindow();
    windows.set(operation, found);
    return found;
  };
  const call = (
    outcome: 'OK' | ErrorCode,
    times = 1,
    { operation = 'Citizen', isLate = false, replaced = undefined as ErrorCode | undefined } = {},
  ): void => {
    const done = { connector: 'population', operation, outcome, durationMs: 5, requestId: 'r', isLate };
    for (let i = 0; i < times; i++) windowOf(operation).add({ ...done, replaced }, time.at);
  };
  const causes = (sourceSkewMs?: number) =>
    causesOfAnswers({
      health: aManifest({}).health,
      answers: new Map([...windows].map(([name, window]) => [name, window.counts(time.at)])),
      lateMs: () => 1_000,
      sourceSkewMs,
      quotaRefillsAt: undefined,
      lastMappingProblem: 'name: expected a text',
    });
  const verdict = (): string => {
    const [lead] = causes();
    return lead === undefined ? 'OK' : `${lead.status} ${lead.cause}`;
  };
  return { time, call, causes, verdict, windowOf };
}

describe('the status of what callers got', () => {
  it.each<[string, number, number, string]>([
    ['none of 20 missing', 20, 0, 'OK'],
    ['one of 5 missing: chance', 4, 1, 'OK'],
    ['one of 20 missing', 19, 1, 'OK'],
    ['two of 20 missing', 18, 2, 'DEGRADED FAILURES'],
    ['half of 100 missing', 50, 50, 'DEGRADED FAILURES'],
    ['89 of 100 missing', 11, 89, 'DEGRADED FAILURES'],
    ['90 of 100 missing', 10, 90, 'UNAVAILABLE FAILURES'],
    ['all of 4 missing: too few', 0, 4, 'OK'],
    ['all of 5 missing', 0, 5, 'UNAVAILABLE FAILURES'],
  ])('%s', (_, good, missing, expected) => {
    const { call, verdict } = aConnector();
    call('UPSTREAM_FAULT', missing);
    call('OK', good);
    expect(verdict()).toBe(expected);
  });

  it('missing and late answers · each below a tenth, together above · then DEGRADED', () => {
    const { call, verdict } = aConnector();
    call('OK', 88);
    call('UPSTREAM_FAULT', 6);
    call('OK', 6, { isLate: true });
    expect(verdict()).toBe('DEGRADED FAILURES');
  });

  it('partial failures · that leave the minute · then OK', () => {
    const { time, call, verdict } = aConnector();
    call('UPSTREAM_FAULT', 30);
    call('OK', 70);
    expect(verdict()).toBe('DEGRADED FAILURES');
    for (let second = 0; second < 60; second++) {
      time.at += 1_000;
      call('OK');
    }
    expect(verdict()).toBe('OK');
  });

  it('a source that fails · then silence · then it stays ill, and it is said that nobody called', () => {
    const { time, call, causes, verdict } = aConnector();
    call('UPSTREAM_UNAUTHORIZED', 20);
    time.at += 3_600_000;
    expect(verdict()).toBe('UNAVAILABLE CREDENTIALS_REJECTED');
    expect(causes().map(({ cause }) => cause)).toEqual(['CREDENTIALS_REJECTED', 'NO_CALLS']);
  });

  it('a source that is called once in five minutes · and fails each time · then it is ill all the same', () => {
    const { time, call, verdict } = aConnector();
    for (let i = 0; i < 5; i++) {
      time.at += 300_000;
      call('UPSTREAM_FAULT');
    }
    expect(verdict()).toBe('UNAVAILABLE FAILURES');
    const seen: string[] = [];
    for (let i = 0; i < 5; i++) {
      time.at += 300_000;
      call('OK');
      seen.push(verdict());
    }
    // One way, without flapping.
    expect(seen).toEqual([...Array(3).fill('DEGRADED FAILURES'), 'OK', 'OK']);
  });

  it('a healthy source · one failure an hour · then always OK', () => {
    const { time, call, verdict } = aConnector();
    for (let hour = 0; hour < 10; hour++) {
      call('UPSTREAM_TIMEOUT');
      expect(verdict()).toBe('OK');
      for (let i = 0; i < 5; i++) {
        time.at += 600_000;
        call('OK');
        expect(verdict()).toBe('OK');
      }
    }
  });

  it('one operation that fails beside a busy healthy one · then DEGRADED, with its name', () => {
    const { call, causes } = aConnector();
    call('OK', 1_000);
    call('UPSTREAM_FAULT', 6, { operation: 'Household' });
    expect(causes()).toMatchObject([
      { cause: 'FAILURES', status: 'DEGRADED', operation: 'Household', share: 1 },
    ]);
  });

  it('older answers in place of failures · then ill: callers do not get what the source has', () => {
    const { call, verdict } = aConnector();
    call('OK', 10, { replaced: 'UPSTREAM_TIMEOUT' });
    expect(verdict()).toBe('UNAVAILABLE FAILURES');
  });

  it.each<[ErrorCode, string]>([
    ['UPSTREAM_THROTTLED', 'UNAVAILABLE THROTTLED'],
    ['QUOTA_EXCEEDED', 'UNAVAILABLE QUOTA_USED_UP'],
    ['BULKHEAD_FULL', 'UNAVAILABLE FAILURES'],
    ['DEADLINE_EXCEEDED', 'UNAVAILABLE FAILURES'],
    ['INTERNAL_SERVER_ERROR', 'UNAVAILABLE FAILURES'],
    ['UPSTREAM_REFUSED', 'DEGRADED REFUSALS'],
    ['CANCELLED', 'OK NO_CALLS'],
    ['BAD_USER_INPUT', 'OK NO_CALLS'],
    ['MAINTENANCE', 'OK NO_CALLS'],
    ['OVERLOADED', 'OK NO_CALLS'],
  ])('%s · of every call · then %s', (code, expected) => {
    const { call, verdict } = aConnector();
    call(code, 20);
    expect(verdict()).toBe(expected);
  });

  it('an open breaker · most calls rejected by it · then the failure behind it is the code', () => {
    const { call, causes } = aConnector();
    call('UPSTREAM_TIMEOUT', 8);
    call('CIRCUIT_OPEN', 500);
    expect(causes()[0]?.code).toBe('UPSTREAM_TIMEOUT');
  });

  it('answers that do not fit their mapping · then DEGRADED; operators read the place', () => {
    const { time, call, causes, windowOf } = aConnector();
    call('OK', 10);
    for (let i = 0; i < 5; i++) windowOf('Citizen').addUnmapped(time.at);
    const [lead] = causes();
    expect(lead).toMatchObject({ cause: 'FORMAT_CHANGED', status: 'DEGRADED', share: 0.5 });
    expect(lead?.text.en).not.toContain('name');
    expect(lead?.detail?.en).toContain('name: expected a text');
  });

  it('rejected credentials · a clock five minutes from that of the source · then operators read so', () => {
    const { call, causes } = aConnector();
    call('UPSTREAM_UNAUTHORIZED', 10);
    expect(causes(300_000)[0]?.detail?.en).toContain('is 300 s ahead of that of the source system');
    expect(causes(-300_000)[0]?.detail?.en).toContain('is 300 s behind that of the source system');
    expect(causes(900)[0]?.detail).toBeUndefined();
  });

  it('rejected credentials · renewed · then OK with the fifth answer', () => {
    const { call, verdict } = aConnector();
    call('OK', 50);
    call('UPSTREAM_UNAUTHORIZED', 60);
    call('OK', 4);
    expect(verdict()).toBe('UNAVAILABLE CREDENTIALS_REJECTED');
    call('OK', 1);
    expect(verdict()).toBe('OK');
  });
});
