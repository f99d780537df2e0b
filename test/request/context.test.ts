import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { localeOf, requestIdOf } from '../../src/request/headers.ts';
import { anOfficer } from './an-identity.ts';

const aContext = (more: Partial<Parameters<typeof createRequestContext>[0]> = {}) =>
  createRequestContext({
    requestId: 'r-1',
    locale: 'vi',
    identity: anOfficer('CB0001', 'H26'),
    deadlineMs: 100,
    ...more,
  });

describe('the deadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('a request · past its deadline · then its signal aborts with DEADLINE_EXCEEDED', () => {
    const context = aContext();
    expect(context.deadlineAt - context.startedAt).toBe(100);
    vi.advanceTimersByTime(99);
    expect(context.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(context.signal.reason).toBeInstanceOf(GatewayError);
    expect(context.signal.reason.code).toBe('DEADLINE_EXCEEDED');
  });

  it('a request · disposed of · then no timer is left, and the signal does not abort', () => {
    const context = aContext();
    context.dispose();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(context.signal.aborted).toBe(false);
  });

  it('a request · whose client disconnects · then CANCELLED, and no timer is left', () => {
    const context = aContext();
    context.cancel();
    expect(context.signal.reason.code).toBe('CANCELLED');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('a client signal · before or after the start · then CANCELLED', () => {
    const gone = new AbortController();
    const before = aContext({ clientGone: gone.signal });
    gone.abort();
    const after = aContext({ clientGone: gone.signal });
    expect(before.signal.reason.code).toBe('CANCELLED');
    expect(after.signal.reason.code).toBe('CANCELLED');
  });
});

it('call ids · of one request · then all different, at most 40 characters', () => {
  const context = aContext();
  const ids = Array.from({ length: 100 }, () => context.callId());
  expect(new Set(ids).size).toBe(100);
  expect(ids.every((id) => id.length <= 40)).toBe(true);
  context.dispose();
});

it.each([
  [undefined, 'vi'],
  ['', 'vi'],
  ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
  ['en', 'en'],
  ['en-GB', 'en'],
  ['fr,en;q=0.8,vi;q=0.5', 'en'],
  ['en;q=0.1,vi;q=0.9', 'vi'],
  ['ja', 'vi'],
  ['*', 'vi'],
  ['english', 'vi'],
  ['en;q=abc', 'vi'],
])('Accept-Language · %j · then %s', (header, locale) => {
  expect(localeOf(header)).toBe(locale);
});

it('x-request-id · valid · then used', () => {
  for (const id of [
    'web.42_a-B',
    '7f044991-70f3-4e47-9d4d-123456789012',
    '20260609123000',
    '1781234567890',
    '0af7651916cd43dd8448eb211c80319c',
  ])
    expect(requestIdOf(id)).toBe(id);
});

it.each([
  '001099012345',
  'req-001099012345',
  'abcd-beef-001099012345',
  '7f044991-70f3-4e47-9d4d-001099012345',
  'old_123456789',
  '0912345678',
  '84912345678',
  'eyJhbGciOiJFUzI1NiJ9.e30',
])('x-request-id · %s, which looks like personal data or a token · then a new one', (header) => {
  const id = requestIdOf(header);
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(id).not.toBe(header);
});

it.each([undefined, '', 'a b', 'a\nb', 'x'.repeat(65), 'é', ['a', 'b']])(
  'x-request-id · %j · then a new one',
  (header) => {
    expect(requestIdOf(header as string)).toMatch(/^[0-9a-f-]{36}$/);
  },
);
