// The usual size of a value as JSON, by its type: measured over the synthetic city.

import { type GraphQLOutputType, isEnumType, isLeafType, isNonNullType } from 'graphql';

/** Bytes of a value with its comma; 2 for a list or an object, whose content is counted by itself. */
export function valueBytesOf(output: GraphQLOutputType): number {
  const type = isNonNullType(output) ? output.ofType : output;
  if (isEnumType(type)) return 18;
  return isLeafType(type) ? (BYTES[type.name] ?? 32) : 2;
}

const BYTES: Readonly<Record<string, number>> = { Int: 7, Float: 12, Boolean: 6, ID: 24, String: 48 };
