// Scalars and enums: a value serialized by its type, with graphql-js's texts where that fails. graphql-js would change two
// kinds of numbers, and does not here: an integer that no double holds is no Float, and a large integer keeps its digits as a
// text. And a boolean of XML, which is a text, is a Boolean.

import { GraphQLBoolean, GraphQLError, GraphQLFloat, GraphQLID, GraphQLString } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { integerDigits, isExactInteger, isExactNumber, readNumber } from '../../exact-number.ts';
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
  if (type === GraphQLFloat && isInexact(value)) {
    throw new GraphQLError('Float cannot represent an integer that a double does not hold.');
  }
  if (
    typeof value === 'number' &&
    Math.abs(value) >= 1e21 &&
    (type === GraphQLID || type === GraphQLString)
  ) {
    const digits = integerDigits(value);
    if (digits !== undefined) return digits;
  }
  if (type === GraphQLBoolean && typeof value === 'string') {
    const boolean = XML_BOOLEANS[value.trim()];
    if (boolean !== undefined) return boolean;
  }
  const serialized: unknown = type.serialize(value);
  if (serialized == null) {
    const call = `\`${inspect(type)}.serialize(${inspect(value)})\``;
    throw new Error(`Expected ${call} to return non-nullable value, returned: ${inspect(serialized)}`);
  }
  return serialized;
}

/** An integer, or a text of one as XML has them, that would become another one as a double. */
function isInexact(value: unknown): boolean {
  const number = typeof value === 'string' ? readNumber(plainInteger(value)) : value;
  return isExactNumber(number) && isExactInteger(number);
}

/** Without what XML Schema allows before the digits and JSON does not: white space, a plus sign, zeros. */
const plainInteger = (text: string): string =>
  text.length > 15
    ? text
        .trim()
        .replace(/^\+/, '')
        .replace(/^(-?)0+(?=[0-9])/, '$1')
    : text;

/** The lexical forms of xs:boolean. */
const XML_BOOLEANS: Readonly<Record<string, boolean>> = Object.freeze({
  // Without a prototype: the text comes from a source.
  __proto__: null as never,
  true: true,
  '1': true,
  false: false,
  '0': false,
});
