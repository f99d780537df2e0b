// The head of a request that is refused without being parsed. Accepts plain requests only, as HTTP clients send them: the whole request in
// one piece, of a stated length, on a connection that stays open. Everything else is left to Node's parser.

export interface RequestHead {
  /** The value of a header; `undefined` without it. @param name in lower case */
  header(name: string): string | undefined;
}

/** Other framing, lines that are continued or end otherwise, requests of browsers, and those that want more than an answer. */
const NOT_PLAIN = /transfer-encoding|\norigin|\nexpect|\nupgrade|\n[ \t]|[^\r]\n|\r[^\n]/;

/** @returns `undefined` unless this is one whole request with this request line */
export function readRequestHead(chunk: Buffer, requestLine: Buffer): RequestHead | undefined {
  if (chunk.length < requestLine.length || requestLine.compare(chunk, 0, requestLine.length) !== 0)
    return undefined;
  const end = chunk.indexOf('\r\n\r\n', requestLine.length - 2);
  if (end < 0) return undefined;
  const text = chunk.toString('latin1', requestLine.length - 2, end);
  const names = text.toLowerCase();
  const header = (name: string): string | undefined => {
    const start = names.indexOf(`\r\n${name}:`);
    if (start < 0) return undefined;
    const from = start + name.length + 3;
    const to = names.indexOf('\r\n', from);
    return text.slice(from, to < 0 ? text.length : to).trim();
  };
  const length = header('content-length');
  if (length === undefined || !/^\d{1,9}$/.test(length)) return undefined;
  // Where two readers of the same bytes could disagree about the end of the request, Node decides.
  const isPlain =
    !NOT_PLAIN.test(names) &&
    names.indexOf('content-length') === names.lastIndexOf('content-length') &&
    (header('connection') ?? 'keep-alive').toLowerCase() === 'keep-alive';
  return isPlain && chunk.length === end + 4 + Number(length) ? { header } : undefined;
}
