// Removes the values of keys that hold secrets or personal data from JSON, at any depth, also from JSON inside texts of JSON. Works on
// the text, since a line of the log is a text already. Linear in the size of the text.

/** How such keys end, in any case: `clientSecret` and `POPULATION_SECRET` end with `secret`. */
const KEY_ENDS = [
  ...['authorization', 'cookie', 'headers', 'body', 'variables', 'password', 'passwd', 'passphrase', 'pwd'],
  ...['secret', 'credentials', 'token', 'client[-_]?assertion', 'code[-_]?verifier', 'database[-_]?url'],
  ...['(?:api|private|signing|audit)[-_]?key', 'connection[-_]?string', 'personal[-_]?id', 'full[-_]?name'],
  ...['phone', 'phone[-_]?number', 'mail', 'birth[-_]?date', 'applicant'],
].join('|');
/** The last letters of the ends. Tells most lines from those that have such a key at a fraction of the cost. */
const TAILS = [...KEY_ENDS.matchAll(/(?:[a-z]\[-_\]\?)?[a-z]{2,6}(?=\||$)/g)].map(([tail]) =>
  tail.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`),
);
const MAY_HAVE_KEY = new RegExp(`(?<=(?:${[...new Set(TAILS)].join('|')})\\\\*)":`);
const KEY = new RegExp(`"[\\w.-]{0,40}(?<=["\\w.-](?:${KEY_ENDS}))\\\\*":`, 'gi');

/** The text with `"[removed]"` in place of each such value. */
export function withoutValuesOfKeys(text: string): string {
  if (!MAY_HAVE_KEY.test(text)) return text;
  let kept = '';
  let from = 0;
  KEY.lastIndex = 0;
  for (let found = KEY.exec(text); found !== null; found = KEY.exec(text)) {
    const start = KEY.lastIndex;
    const level = levelOf(text, start - 2);
    const end = endOfValue(text, start, level);
    const mark = `${'\\'.repeat(escapesOf(level))}"`;
    if (end > start) kept += `${text.slice(from, start)}${mark}[removed]${mark}`;
    else kept += text.slice(from, start);
    from = end;
    KEY.lastIndex = end;
  }
  return kept + text.slice(from);
}

/**
 * How many texts of JSON a quote is inside of: `"` 0, `\"` 1, `\\\"` 2 and so on. Further backslashes before those are the content's, so
 * the level is the number of ones at the end of their count in binary.
 */
function levelOf(text: string, quote: number): number {
  let start = quote;
  while (start > 0 && text[start - 1] === '\\') start--;
  return Math.clz32(0) - 1 - Math.clz32(~(quote - start) & (quote - start + 1));
}

const escapesOf = (level: number): number => 2 ** level - 1;

/** Where the value that begins at `start` ends; one that was cut short ends with the text around it. */
function endOfValue(text: string, start: number, level: number): number {
  let depth = 0;
  let isInText = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      const found = levelOf(text, i);
      if (found < level) return i - escapesOf(found);
      if (found > level) continue;
      isInText = !isInText;
      if (!isInText && depth === 0) return i + 1;
    } else if (isInText) continue;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return i;
      depth--;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && (character === ',' || character === '\n')) return i;
  }
  return text.length;
}
