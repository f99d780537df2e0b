// Dates and working hours of the synthetic city. Viet Nam uses UTC+7 without daylight saving time, so plain arithmetic is exact.
// Weekends are days off. Public holidays are ignored here.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const VIETNAM_OFFSET = 7 * HOUR;

/** Start of a day in Asia/Ho_Chi_Minh, in epoch milliseconds. @throws RangeError unless `date` is an existing `yyyy-MM-dd` */
export function startOfDay(date: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) {
    throw new RangeError(`anchor: found ${JSON.stringify(date)}, expected a real date as "yyyy-MM-dd".`);
  }
  return at - VIETNAM_OFFSET;
}

/** The date in Asia/Ho_Chi_Minh, `yyyy-MM-dd`. */
export const dateOf = (at: number): string => new Date(at + VIETNAM_OFFSET).toISOString().slice(0, 10);

/** Milliseconds since midnight in Asia/Ho_Chi_Minh. */
export const timeOfDay = (at: number): number => (at + VIETNAM_OFFSET) % DAY;

/** True on Saturdays and Sundays in Asia/Ho_Chi_Minh. */
export function isWeekend(at: number): boolean {
  // Day 0 of the epoch was a Thursday.
  const weekday = (Math.floor((at + VIETNAM_OFFSET) / DAY) + 4) % 7;
  return weekday === 0 || weekday === 6;
}

/** True from 08:00 to 17:00 on a weekday. */
export function isOfficeHour(at: number): boolean {
  const time = timeOfDay(at);
  return !isWeekend(at) && time >= 8 * HOUR && time < 17 * HOUR;
}

/** 17:00 on the day `days` working days after `from`. For 0 this is the day of `from`, or the next working day. */
export function dueAfter(from: number, days: number): number {
  let day = from - timeOfDay(from);
  if (timeOfDay(from) >= 17 * HOUR) day += DAY;
  while (isWeekend(day)) day += DAY;
  for (let left = days; left > 0; ) {
    day += DAY;
    if (!isWeekend(day)) left -= 1;
  }
  return day + 17 * HOUR;
}
