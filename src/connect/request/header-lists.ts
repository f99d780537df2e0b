// Headers as mappings see them (`$request.headers`, `$response.headers`): every value a list, names in lower case.
// Called per answer by `operation.ts` and per call by `bind/call.ts`, only where a mapping reads them.

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export function headerLists(headers: Headers | undefined): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined) lists[name] = typeof value === 'string' ? [value] : value;
  }
  return lists;
}
