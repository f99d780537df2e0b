// Removes everything that looks like a personal id from a log line. The stream of the log applies it, so that no serializer can
// forget it.

// 12 digits (the personal id) or 9 (the old identity card), unless they are part of a longer number or a fraction, or the end of a
// UUID such as a request id.
// The digits of a JSON escape such as \u0001 are not part of the number that follows it.
const ID_LIKE = /(?:(?<=\\u[0-9a-f]{4})|(?<!\d|\d\.|[0-9a-f]{4}-[0-9a-f]{4}-))(?:\d{12}|\d{9})(?!\d)/g;

const isBareNumber = (text: string, start: number, end: number): boolean =>
  /[:,[]/.test(text[start - 1] ?? '') && /[,}\]]/.test(text[end] ?? '');

/** Replaces each number of 9 or 12 digits by `[id]`, or by 0 where it is a number in JSON. */
export const redact = (text: string): string =>
  text.replace(ID_LIKE, (found, start: number) =>
    isBareNumber(text, start, start + found.length) ? '0' : '[id]',
  );
