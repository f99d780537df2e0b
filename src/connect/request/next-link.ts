// The next page by a `Link` header (RFC 8288): the value of one query parameter of its URL. The URL itself is never followed, so
// a source cannot send the gateway to another host or path.

/** Characters of the header that are read. */
const MAX_HEADER = 16_384;

/**
 * @param header the values of `Link`
 * @param parameter the query parameter of the URL that has the relation `next`
 * @returns undefined without such a link; null when the link has no such parameter
 */
export function nextFromLink(
  header: string | readonly string[] | undefined,
  parameter: string,
): string | null | undefined {
  const text = typeof header === 'string' ? header : (header?.join(',') ?? '');
  for (const { url, parameters } of linksOf(text.slice(0, MAX_HEADER))) {
    if (!relationsOf(parameters).includes('next')) continue;
    const query = url.indexOf('?');
    if (query < 0) return null;
    return new URLSearchParams(url.slice(query + 1).split('#', 1)[0]).get(parameter);
  }
  return undefined;
}

/** Each `<url>` with the text up to the comma that ends its parameters. Commas in URLs and in quotes do not end one. */
function* linksOf(text: string): Generator<{ readonly url: string; readonly parameters: string }> {
  let at = 0;
  for (;;) {
    const open = text.indexOf('<', at);
    const close = open < 0 ? -1 : text.indexOf('>', open);
    if (close < 0) return;
    let end = close + 1;
    let isQuoted = false;
    for (; end < text.length && (isQuoted || text[end] !== ','); end++) {
      if (text[end] === '"') isQuoted = !isQuoted;
      else if (isQuoted && text[end] === '\\') end++;
    }
    yield { url: text.slice(open + 1, close), parameters: text.slice(close + 1, end) };
    at = end;
  }
}

/** The relation types, in lower case; the first `rel` counts. */
function relationsOf(parameters: string): readonly string[] {
  const [, quoted, bare] = /;[ \t]*rel[ \t]*=[ \t]*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
  return (quoted ?? bare ?? '').toLowerCase().split(/[ \t]+/);
}
