// Formats and masks the body of a request as it was sent: JSON, XML, a form, or text.

import { parseJsonExact } from '../../exact-number.ts';
import { printableLine } from '../../printable.ts';
import type { Mask } from './mask.ts';

/** Returns the body with its values unchanged apart from the mask, and with indentation added. */
export function wireText(body: string, contentType: string, mask: Mask): string {
  const type = contentType.toLowerCase();
  if (type.startsWith('application/x-www-form-urlencoded')) return formText(body, mask);
  if (/[/+]xml/.test(type)) return xmlText(body, mask);
  try {
    return JSON.stringify(mask.body(parseJsonExact(body), 'request'), null, 2);
  } catch {
    return String(mask.leaf(body, [], 'request'));
  }
}

const formText = (body: string, mask: Mask): string =>
  [...new URLSearchParams(body)]
    // `a[b]` is a key below `a`.
    .map(([name, value]) =>
      printableLine(`${mask.text(name)}=${String(mask.leaf(value, name.split(/[[\]]+/), 'request'))}`),
    )
    .join('\n');

/** One element per line, indented; an element with text only is on one line. */
function xmlText(body: string, mask: Mask): string {
  const lines: string[] = [];
  const names: string[] = [];
  let line = '';
  const flush = () => {
    if (line !== '') lines.push(line);
    line = '';
  };
  for (const [token] of body.matchAll(/<[^<>]*>?|[^<]+/g)) {
    const name = /^<\/?([^\s/>]+)/.exec(token)?.[1];
    if (name === undefined) {
      const value = token.trim();
      if (value !== '') line += printableLine(String(mask.leaf(value, names, 'request')));
    } else if (token.startsWith('</')) {
      names.pop();
      if (line === '') lines.push('  '.repeat(names.length) + token);
      else line += token;
      flush();
    } else {
      flush();
      line = '  '.repeat(names.length) + printableLine(mask.text(token));
      if (name.startsWith('?') || name.startsWith('!') || token.endsWith('/>')) flush();
      else names.push(name.slice(name.indexOf(':') + 1));
    }
  }
  flush();
  return lines.join('\n');
}
