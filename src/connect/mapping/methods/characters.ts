// Strings by characters, which are code points, not UTF-16 units. All functions take time linear in the string, and no
// memory but for what they return.

const HIGH_SURROGATES = 0xd800;
const LOW_SURROGATES = 0xdc00;
const SURROGATES_END = 0xe000;

/** The white space of `\s`. */
export const isWhiteSpace = (code: number): boolean =>
  code === 0x20 ||
  (code >= 0x09 && code <= 0x0d) ||
  code === 0xa0 ||
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x200a) ||
  code === 0x2028 ||
  code === 0x2029 ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000 ||
  code === 0xfeff;

/** True for the second half of a code point that takes two units. */
function isSecondHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (!(unit >= LOW_SURROGATES && unit < SURROGATES_END)) return false;
  const before = text.charCodeAt(at - 1);
  return before >= HIGH_SURROGATES && before < LOW_SURROGATES;
}

export function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) if (isSecondHalf(text, i)) count--;
  return count;
}

/** The UTF-16 offset of a character; the length of the string when there are not that many. */
function offsetOf(text: string, index: number): number {
  let at = 0;
  for (let left = index; left > 0 && at < text.length; left--) at += isSecondHalf(text, at + 1) ? 2 : 1;
  return at;
}

/** The character at an index, from the end if negative; undefined outside the string. */
export function characterAt(text: string, index: number): string | undefined {
  const position = index < 0 ? countCharacters(text) + index : index;
  if (position < 0) return undefined;
  const at = offsetOf(text, position);
  return at < text.length ? text.slice(at, isSecondHalf(text, at + 1) ? at + 2 : at + 1) : undefined;
}

/** `Array.prototype.slice` of the characters, as a string. */
export function sliceCharacters(text: string, from: number, to: number | undefined): string {
  const count = from < 0 || (to ?? 0) < 0 ? countCharacters(text) : 0;
  const position = (index: number): number => (index < 0 ? Math.max(0, count + index) : index);
  const start = offsetOf(text, position(from));
  return text.slice(start, to === undefined ? text.length : Math.max(start, offsetOf(text, position(to))));
}

export function lastCharacter(text: string): string | undefined {
  if (text === '') return undefined;
  return text.slice(isSecondHalf(text, text.length - 1) ? -2 : -1);
}
