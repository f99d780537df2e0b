import { describe, expect, it } from 'vitest';
import { timeText } from '../src/time-text.ts';

describe('a time in a sentence', () => {
  it.each([
    ['an afternoon', '2026-11-30T08:04:59Z', '15:04 ngày 30/11/2026', '30 November 2026, 15:04'],
    ['the next day in Vietnam', '2026-12-31T17:00:00Z', '00:00 ngày 01/01/2027', '1 January 2027, 00:00'],
    ['the minute before', '2026-12-31T16:59:59Z', '23:59 ngày 31/12/2026', '31 December 2026, 23:59'],
    ['another time zone', '2026-03-05T01:05:00+09:00', '23:05 ngày 04/03/2026', '4 March 2026, 23:05'],
  ])('%s · formatted · then Vietnam time in both languages', (_, at, vi, en) => {
    expect(timeText(Date.parse(at))).toEqual({ vi, en });
  });
});
