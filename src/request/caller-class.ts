// Which class of callers a request counts itself to, for quotas that keep a share for the others (citizens before batches). Read
// once per request by `http/`. Self-declared, and safe so: a class that a manifest names is only ever held to less.

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** The class of an `X-Caller-Class` header, `undefined` without one, or `null` where it is no name of a class. */
export function callerClassOf(header: string | string[] | undefined): string | undefined | null {
  if (header === undefined) return undefined;
  return typeof header === 'string' && NAME.test(header) ? header : null;
}
