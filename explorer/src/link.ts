// A link to the explorer carries an operation: `?query=…&variables=…&operationName=…`.

export interface Link {
  readonly query: string | undefined;
  /** JSON text. With a query but without variables: empty, so that variables of an earlier query are not reused. */
  readonly variables: string | undefined;
  readonly operationName: string | undefined;
}

/** The operation in the search part of an address. Headers are not read: a link must not choose credentials. */
export function readLink(search: string): Link {
  const parameters = new URLSearchParams(search);
  const query = parameters.get('query') ?? undefined;
  const variables = parameters.get('variables');
  return {
    query,
    variables: variables === null ? query && '' : indented(variables),
    operationName: parameters.get('operationName') ?? undefined,
  };
}

/** JSON with line breaks; text that is not JSON stays as it is, for its author to correct. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
