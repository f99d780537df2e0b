// Reads a dotted path in a decoded value. Signing, outcome tables and token answers use it.

export type PathReader = (value: unknown) => unknown;

/** Compiles `a.b.0.c` once, `$` for the value itself; the reader gives `undefined` where the path leaves the value. Own properties only. */
export function compilePath(path: string): PathReader {
  if (path === '$') return (value) => value;
  const steps = path.split('.');
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return (value) => own(value, only);
  return (value) => {
    let current = value;
    for (const step of steps) {
      if (current === undefined) return undefined;
      current = own(current, step);
    }
    return current;
  };
}

const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
