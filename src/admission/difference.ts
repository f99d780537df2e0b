// Compares two JSON values and lists every place where they differ.

export interface Difference {
  readonly path: readonly (string | number)[];
  /** `order`: the same keys in another order. */
  readonly kind: 'changed' | 'missing' | 'unexpected' | 'order';
  /** `undefined` where nothing was expected. */
  readonly expected: unknown;
  /** `undefined` where nothing was found. */
  readonly found: unknown;
}

export interface CompareOptions {
  /** Whether the order of an object's keys matters at this place. It does in XML. */
  readonly ordered: (path: readonly (string | number)[]) => boolean;
}

/** A key with the value `undefined` counts as absent. Lists are compared item by item. */
export function listDifferences(
  expected: unknown,
  found: unknown,
  options: CompareOptions,
  path: readonly (string | number)[] = [],
): Difference[] {
  if (Object.is(expected, found)) return [];
  if (found === undefined) return [{ path, kind: 'missing', expected, found }];
  if (expected === undefined) return [{ path, kind: 'unexpected', expected, found }];
  if (Array.isArray(expected) && Array.isArray(found)) {
    const length = Math.max(expected.length, found.length);
    return Array.from({ length }, (_, i) =>
      listDifferences(expected[i], found[i], options, [...path, i]),
    ).flat();
  }
  if (isObject(expected) && isObject(found)) return ofObjects(expected, found, options, path);
  return [{ path, kind: 'changed', expected, found }];
}

function ofObjects(
  expected: JsonObject,
  found: JsonObject,
  options: CompareOptions,
  path: readonly (string | number)[],
): Difference[] {
  const keys = new Set([...definedKeys(expected), ...definedKeys(found)]);
  const differences = [...keys].flatMap((key) =>
    listDifferences(own(expected, key), own(found, key), options, [...path, key]),
  );
  if (differences.length > 0 || !options.ordered(path)) return differences;
  const same = definedKeys(expected).join('\n') === definedKeys(found).join('\n');
  return same ? [] : [{ path, kind: 'order', expected, found }];
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (value: JsonObject, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

const definedKeys = (value: JsonObject): string[] =>
  Object.keys(value).filter((key) => value[key] !== undefined);
