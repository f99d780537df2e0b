// Reads a dotted path in a decoded value; used by signing, outcome tables and token answers.

export type PathReader = (value: unknown) => unknown;

/** Compiles a path such as `a.b.0.c`, or `$` for the value itself. The reader reads own properties only and returns `undefined` where there are none. */
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
