// Scalars and enums: a value serialized by its type, with graphql-js's texts where that fails.

import { inspect } from 'graphql/jsutils/inspect.js';
import type { LeafValue } from './value-types.ts';

/** Whether the type's `serialize` would return this value itself. */
export function isUnchanged({ unchanged }: LeafValue, value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return unchanged === 'string';
    case 'number':
      return unchanged === 'int32'
        ? (value | 0) === value
        : unchanged === 'finite number' && Number.isFinite(value);
    case 'boolean':
      return unchanged === 'boolean';
    default:
      return false;
  }
}

/** @throws what `serialize` throws, and an Error where it returns nothing */
export function serialize({ type }: LeafValue, value: unknown): unknown {
  const serialized: unknown = type.serialize(value);
  if (serialized == null) {
    const call = `\`${inspect(type)}.serialize(${inspect(value)})\``;
    throw new Error(`Expected ${call} to return non-nullable value, returned: ${inspect(serialized)}`);
  }
  return serialized;
}
