// Escapes characters that can change how a line of output is displayed or where it ends: control characters such as ESC and U+009B,
// bidirectional controls, line separators and invisible format characters. The log and the command line write all text through here.

/** The last range is that of tags. Excepts tab, and the zero-width joiners, which texts in some scripts require. */
const UNSAFE = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{e0000}-\u{e007f}]--[\t\u200c\u200d]]/gv;

/** As in JSON, so that an escaped line of JSON has the same value. */
function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  let escaped = '';
  for (let i = 0; i < character.length; i++)
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return escaped;
}

/** The text on one line: line breaks are escaped as well. */
export const printableLine = (text: string): string => text.replace(UNSAFE, escapeCharacter);

/** Whatever `UNSAFE` matches is outside this set, and most texts are inside: the test costs a third of the search for `UNSAFE`. */
const MAY_BE_UNSAFE = /[^\t\n\x20-\x7e]/;

/** The text with its line breaks. */
export const printableText = (text: string): string =>
  MAY_BE_UNSAFE.test(text) ? text.split('\n').map(printableLine).join('\n') : text;
