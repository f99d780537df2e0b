// Where credentials travel in the query: the path with them. `upstream.ts` and the probe call it; such a path is never logged.

export const withQuery = (path: string, parameters: Readonly<Record<string, string>> | undefined): string =>
  parameters === undefined
    ? path
    : `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;
