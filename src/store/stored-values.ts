// What a value must be so that the database stores it, and returns it unchanged. The scalars and every other check of input
// that reaches a statement read this table.

/** Ranges of the integer columns. `integer` is PostgreSQL's int4; of int8 only the numbers that a double holds exactly. */
export const STORED_INTEGERS = {
  integer: { min: -2_147_483_648, max: 2_147_483_647 },
  bigint: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
} as const;

export function isStoredInteger(
  value: unknown,
  type: keyof typeof STORED_INTEGERS = 'bigint',
): value is number {
  const { min, max } = STORED_INTEGERS[type];
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** PostgreSQL stores every character but U+0000, in UTF-8, which has no half surrogate pairs. */
export const isStoredText = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

const MOMENT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d+))?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * The moment in UTC with milliseconds, in the years 0001 to 9999, as the store returns it; `undefined` for any other text,
 * for 30 February, and for digits beyond the milliseconds that are not zero, which would be lost.
 * @param text by RFC 3339, in upper case, with `T` before the time
 */
export function readMoment(text: string): string | undefined {
  const match = MOMENT.exec(text);
  if (match === null || /[1-9]/.test(match[1]?.slice(3) ?? '')) return undefined;
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined;
  const instant = new Date(text);
  const utc = Number.isNaN(instant.getTime()) ? '' : instant.toISOString();
  return /^(?!0000)\d{4}-/.test(utc) ? utc : undefined;
}

export const isMoment = (text: string): boolean => readMoment(text) !== undefined;
