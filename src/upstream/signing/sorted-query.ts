// The canonical form of a query: pairs decoded as a form, written with RFC 3986 percent-encoding, sorted by name, then by value, both
// by the bytes of their encoded form. Repeated names are kept. A name without `=` has an empty value.

/** @param query without `?` */
export function sortedQuery(query: string): string {
  if (query === '') return '';
  const pairs: (readonly [string, string])[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    pairs.push(
      equals < 0
        ? [canonical(pair), '']
        : [canonical(pair.slice(0, equals)), canonical(pair.slice(equals + 1))],
    );
  }
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** The encoded form is ASCII, so that code units are bytes. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const UNRESERVED_ONLY = /^[A-Za-z0-9._~-]*$/;

/** Works on bytes: a value that is not UTF-8 keeps its bytes. */
function canonical(text: string): string {
  if (UNRESERVED_ONLY.test(text)) return text;
  const bytes = Buffer.from(text, 'utf8');
  let out = '';
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i] as number;
    if (byte === PERCENT) {
      const decoded = twoDigits(bytes[i + 1], bytes[i + 2]);
      if (decoded !== undefined) {
        byte = decoded;
        i += 2;
      }
    } else if (byte === PLUS) byte = SPACE;
    out += ENCODED[byte];
  }
  return out;
}

const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return UNRESERVED_ONLY.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

function twoDigits(high: number | undefined, low: number | undefined): number | undefined {
  const first = digit(high);
  const second = digit(low);
  return first === undefined || second === undefined ? undefined : first * 16 + second;
}

function digit(code: number | undefined): number | undefined {
  if (code === undefined) return undefined;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}
