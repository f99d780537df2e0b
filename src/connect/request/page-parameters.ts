// Writes position and size of a page into a request: as parameters of the query, or as fields of the body. A value that the
// connector's own mapping has put there, for routers without paging, is replaced in its place.

import { isComposite } from '../../exact-number.ts';
import type { ConnectRequest } from '../contract.ts';

/** A name with its value; undefined removes it. */
type Parameter = readonly [name: string, value: string | number | undefined];

export function withParameters(
  request: ConnectRequest,
  place: 'query' | 'body',
  parameters: readonly Parameter[],
): ConnectRequest {
  if (place === 'query') return { ...request, path: withQueryParameters(request.path, parameters) };
  const body = parameters.reduce<unknown>(
    (into, [name, value]) => withField(into, name.split('.'), 0, value),
    request.body,
  );
  return { ...request, body };
}

function withQueryParameters(path: string, parameters: readonly Parameter[]): string {
  const mark = path.indexOf('?');
  const own = mark < 0 || mark === path.length - 1 ? [] : path.slice(mark + 1).split('&');
  const names = new Set(parameters.map(([name]) => name));
  const kept = own.filter((pair) => !names.has(nameOf(pair)));
  const added = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  const query = [...kept, ...added].join('&');
  const base = mark < 0 ? path : path.slice(0, mark);
  return query === '' ? base : `${base}?${query}`;
}

/** Names may be encoded in several ways: `page[size]` and `page%5Bsize%5D`. */
function nameOf(pair: string): string {
  const name = pair.split('=', 1)[0] ?? '';
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

/** A copy in which the field at the path has the value; the order of the keys stays, as formats such as XML need it. */
function withField(into: unknown, path: readonly string[], at: number, value: unknown): unknown {
  const step = path[at];
  if (step === undefined) return value;
  const fields = isComposite(into) && !Array.isArray(into) ? (into as Readonly<Record<string, unknown>>) : {};
  const inner = withField(Object.hasOwn(fields, step) ? fields[step] : undefined, path, at + 1, value);
  return { ...fields, [step]: inner };
}
