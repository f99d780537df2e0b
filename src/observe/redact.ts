// The last thing that happens to a log line: whatever looks like a personal id is taken out, whoever wrote it.
// Called by the log's own stream, so that no serializer can be forgotten.

// 12 digits (the personal id) or 9 (the old identity card), not as a part of a longer number or of a fraction, and not
// as the end of a UUID, which would lose the request id.
const idLike = /(?<!\d|\d\.|[0-9a-f]{4}-[0-9a-f]{4}-)(?:\d{12}|\d{9})(?!\d)/g;

const isBareNumber = (text: string, start: number, end: number): boolean =>
  /[:,[]/.test(text[start - 1] ?? '') && /[,}\]]/.test(text[end] ?? '');

/** The text with each 9- or 12-digit number replaced by `[id]`, or by 0 where it is a number of a JSON text. */
export const redact = (text: string): string =>
  text.replace(idLike, (found, start: number) =>
    isBareNumber(text, start, start + found.length) ? '0' : '[id]',
  );
