// Is a JSON text nested deeper than is healthy? The json codec asks before it parses: what walks the value later is recursive.
// Costs a few native searches for a small answer; only a text with many brackets is looked at in full.

const QUOTE = 34;
const BACKSLASH = 92;

/** True when objects and arrays are nested more than `most` deep. Says nothing of whether the text is JSON. */
export const isNestedDeeper = (text: string, most: number): boolean =>
  hasMoreThan(text, '{', '[', most) && depthExceeds(text, most);

const hasMoreThan = (text: string, a: string, b: string, most: number): boolean => {
  // Twice the brackets have to fit.
  if (text.length <= 2 * most) return false;
  let count = 0;
  for (let at = text.indexOf(a); at >= 0 && count <= most; at = text.indexOf(a, at + 1)) count++;
  for (let at = text.indexOf(b); at >= 0 && count <= most; at = text.indexOf(b, at + 1)) count++;
  return count > most;
};

const depthExceeds = (text: string, most: number): boolean => {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at < 0) return false;
    } else if (code === 123 || code === 91) {
      if (++depth > most) return true;
    } else if (code === 125 || code === 93) depth--;
  }
  return false;
};

/** The closing quote; -1 when there is none. */
const endOfString = (text: string, start: number): number => {
  let at = text.indexOf('"', start + 1);
  while (at > 0 && text.charCodeAt(at - 1) === BACKSLASH) {
    let first = at - 1;
    while (text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((at - first) % 2 === 0) break;
    at = text.indexOf('"', at + 1);
  }
  return at;
};
