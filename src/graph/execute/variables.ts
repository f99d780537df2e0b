// The variables of a request before graphql-js coerces them. A number that a double cannot hold becomes what its type holds:
// its digits for ID, the number itself for a scalar with code of its own, an error for Int and Float. Half a surrogate pair is
// an error at its place, because no encoder accepts it.

import {
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  isSpecifiedScalarType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { GatewayError } from '../../errors.ts';
import { type ExactNumber, isExactInteger, isExactNumber } from '../../exact-number.ts';
import type { Values } from './model.ts';

export type PreparedVariables =
  | { readonly values: Values; readonly errors?: undefined }
  | { readonly values?: undefined; readonly errors: readonly GraphQLError[] };

export function prepareVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  given: Values,
): PreparedVariables {
  let values = given;
  const errors: GraphQLError[] = [];
  for (const definition of definitions) {
    const name = definition.variable.name.value;
    if (!Object.hasOwn(given, name)) continue;
    const value = given[name];
    const found = inspect(value, name);
    if (found === ORDINARY) continue;
    if (found !== INEXACT) errors.push(notWellFormed(definition, found.path));
    else {
      const type = typeFromAST(schema, definition.type) as GraphQLInputType | undefined;
      if (type === undefined) continue;
      if (values === given) values = { ...given };
      values[name] = adapt(value, type);
    }
  }
  return errors.length > 0 ? { errors } : { values };
}

/** A value holds nothing special, or a number that needs its type, or half a surrogate pair at a path. */
const ORDINARY = 'ordinary';
const INEXACT = 'inexact';
type Found = typeof ORDINARY | typeof INEXACT | { readonly path: string };

/** @param path as graphql-js writes it: `input.codes[0]` */
function inspect(value: unknown, path: string): Found {
  if (typeof value === 'string') return value.isWellFormed() ? ORDINARY : { path };
  if (typeof value === 'number') return String(value).includes('e+') ? INEXACT : ORDINARY;
  if (typeof value !== 'object' || value === null) return ORDINARY;
  if (isExactNumber(value)) return INEXACT;
  let found: Found = ORDINARY;
  const isList = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) return { path };
    const inner = inspect(item, isList ? `${path}[${key}]` : `${path}.${key}`);
    if (typeof inner === 'object') return inner;
    if (inner === INEXACT) found = INEXACT;
  }
  return found;
}

function adapt(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return adapt(value, type.ofType);
  if (isListType(type)) {
    return Array.isArray(value) ? value.map((item) => adapt(item, type.ofType)) : adapt(value, type.ofType);
  }
  const isNumber = typeof value === 'number' || isExactNumber(value);
  if (isInputObjectType(type)) {
    // graphql-js would take an exact number for an object without fields.
    if (isNumber) return Number.NaN;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const fields = type.getFields();
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        return [name, field === undefined ? item : adapt(item, field.type)];
      }),
    );
  }
  if (!isNumber) return value;
  if (type.name === 'ID') return integerDigits(value) ?? Number.NaN;
  if (type.name === 'Float') return isExactNumber(value) ? floatOf(value) : value;
  return isScalarType(type) && !isSpecifiedScalarType(type) ? value : Number.NaN;
}

const INTEGER = /^-?[0-9]+$/;
const LARGE = /^(-?[0-9])(?:\.([0-9]+))?e\+([0-9]+)$/;

/** All digits of an integer: `String` writes a double of 10²¹ and more with an exponent. */
function integerDigits(value: unknown): string | undefined {
  const text = String(value);
  if (INTEGER.test(text)) return text;
  const [, first, rest = '', exponent] = (typeof value === 'number' && LARGE.exec(text)) || [];
  return first === undefined ? undefined : first + rest.padEnd(Number(exponent), '0');
}

/** The nearest double of a number with a fraction. An integer would become another integer: NaN, which Float refuses. */
const floatOf = (value: ExactNumber): number => (isExactInteger(value) ? Number.NaN : Number(value));

/** In the form of graphql-js's errors about variables, from which the public text is made. */
function notWellFormed(definition: VariableDefinitionNode, path: string): GraphQLError {
  const name = definition.variable.name.value;
  const cause = new GraphQLError('Expected well-formed text.', {
    originalError: new GatewayError('BAD_USER_INPUT', {
      detail: 'a variable contains half a surrogate pair',
      reason: {
        vi: 'cần văn bản Unicode hợp lệ; nhận được nửa cặp surrogate.',
        en: 'expected well-formed Unicode text; found half a surrogate pair.',
      },
    }),
  });
  const place = path === name ? '' : ` at "${path}"`;
  return new GraphQLError(`Variable "$${name}" got an invalid value${place}; ${cause.message}`, {
    nodes: definition,
    originalError: cause,
  });
}
