// Times in sentences for people: to the minute, in Vietnam time, in the form of the reader's language. Fields for programs use
// ISO 8601 instead.

import type { LocalizedText } from './errors.ts';

const TIME_ZONE = { timeZone: 'Asia/Ho_Chi_Minh' } as const;
const TIME = new Intl.DateTimeFormat('en-GB', {
  ...TIME_ZONE,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const DATE = {
  vi: new Intl.DateTimeFormat('vi-VN', { ...TIME_ZONE, day: '2-digit', month: '2-digit', year: 'numeric' }),
  en: new Intl.DateTimeFormat('en-GB', { ...TIME_ZONE, day: 'numeric', month: 'long', year: 'numeric' }),
};

/** `15:04 ngày 30/11/2026` in Vietnamese, `30 November 2026, 15:04` in English. @param at epoch ms */
export function timeText(at: number): LocalizedText {
  const time = TIME.format(at);
  return { vi: `${time} ngày ${DATE.vi.format(at)}`, en: `${DATE.en.format(at)}, ${time}` };
}
