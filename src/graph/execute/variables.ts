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
import { GatewayError, type LocalizedText } from '../../errors.ts';
import { integerDigits, isExactInteger, isExactNumber } from '../../exact-number.ts';
import { FIXED_LIMITS } from '../../limits.ts';
import { MAX_NESTING } from '../document-limits.ts';
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
  const count = { left: FIXED_LIMITS.variableValues.value };
  for (const definition of definitions) {
    const name = definition.variable.name.value;
    if (!Object.hasOwn(given, name)) continue;
    const value = given[name];
    const refuse: Refuse = (path, reason) => void errors.push(errorAt(definition, path, reason));
    const found = inspect(value, name, 0, count);
    if (found === ORDINARY) continue;
    if (found === TOO_DEEP) refuse(name, NESTED_TOO_DEEP);
    else if (found === TOO_MANY) refuse(name, TOO_MANY_VALUES);
    else if (found !== INEXACT) refuse(found.path, NOT_WELL_FORMED);
    else {
      const type = typeFromAST(schema, definition.type) as GraphQLInputType | undefined;
      if (type === undefined) continue;
      if (values === given) values = { ...given };
      values[name] = adapt(value, type, name, refuse);
    }
  }
  return errors.length > 0 ? { errors } : { values };
}

type Refuse = (path: string, reason: LocalizedText) => void;

/** A value holds nothing special, or a number that needs its type, or half a surrogate pair at a path; or it is nested too deep or too large. */
const ORDINARY = 'ordinary';
const INEXACT = 'inexact';
const TOO_DEEP = 'too deep';
const TOO_MANY = 'too many';
type Found = typeof ORDINARY | typeof INEXACT | typeof TOO_DEEP | typeof TOO_MANY | { readonly path: string };

/** @param path as graphql-js writes it: `input.codes[0]` */
function inspect(value: unknown, path: string, depth: number, count: { left: number }): Found {
  count.left -= 1;
  if (count.left < 0) return TOO_MANY;
  if (typeof value === 'string') return value.isWellFormed() ? ORDINARY : { path };
  if (typeof value === 'number') return String(value).includes('e+') ? INEXACT : ORDINARY;
  if (typeof value !== 'object' || value === null) return ORDINARY;
  if (isExactNumber(value)) return INEXACT;
  // Coercion and encoders are recursive: deeper values would exhaust the stack.
  if (depth >= MAX_NESTING) return TOO_DEEP;
  let found: Found = ORDINARY;
  const isList = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) return { path };
    const inner = inspect(item, isList ? `${path}[${key}]` : `${path}.${key}`, depth + 1, count);
    if (inner === TOO_DEEP || inner === TOO_MANY || typeof inner === 'object') return inner;
    if (inner === INEXACT) found = INEXACT;
  }
  return found;
}

function adapt(value: unknown, type: GraphQLInputType, path: string, refuse: Refuse): unknown {
  if (isNonNullType(type)) return adapt(value, type.ofType, path, refuse);
  if (isListType(type)) {
    return Array.isArray(value)
      ? value.map((item, index) => adapt(item, type.ofType, `${path}[${index}]`, refuse))
      : adapt(value, type.ofType, path, refuse);
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
        return [name, field === undefined ? item : adapt(item, field.type, `${path}.${name}`, refuse)];
      }),
    );
  }
  if (!isNumber) return value;
  if (type.name === 'ID') return integerDigits(value) ?? Number.NaN;
  if (isScalarType(type) && !isSpecifiedScalarType(type)) return value;
  if (!isExactNumber(value)) return value;
  // The nearest double of a fraction is what Float stands for; that of an integer is another integer.
  const isInteger = isExactInteger(value);
  if (type.name === 'Float' && isInteger && Number.isFinite(Number(value))) refuse(path, NOT_EXACT);
  // graphql-js refuses both.
  return isInteger || type.name === 'Float' ? Number(value) : Number.NaN;
}

const NESTED_TOO_DEEP: LocalizedText = {
  vi: `danh sách và đối tượng lồng nhau tối đa ${MAX_NESTING} cấp.`,
  en: `at most ${MAX_NESTING} lists and objects within each other.`,
};

const TOO_MANY_VALUES: LocalizedText = {
  vi: `tất cả các biến có tối đa ${FIXED_LIMITS.variableValues.value.toLocaleString('vi')} giá trị.`,
  en: `at most ${FIXED_LIMITS.variableValues.value.toLocaleString('en')} values in all variables together.`,
};

const NOT_EXACT: LocalizedText = {
  vi: 'Float không chứa chính xác số nguyên này.',
  en: 'Float cannot represent this integer exactly.',
};

const NOT_WELL_FORMED: LocalizedText = {
  vi: 'cần văn bản Unicode hợp lệ; nhận được nửa cặp surrogate.',
  en: 'expected well-formed Unicode text; found half a surrogate pair.',
};

/** Characters of a path in an error. */
const MAX_PATH = 500;

/** In the form of graphql-js's errors about variables, from which the public text is made. */
function errorAt(definition: VariableDefinitionNode, path: string, reason: LocalizedText): GraphQLError {
  const name = definition.variable.name.value;
  const cause = new GraphQLError(reason.en, {
    originalError: new GatewayError('BAD_USER_INPUT', { detail: 'a variable has an invalid value', reason }),
  });
  // Keys are names of any length.
  const place = path === name || path.length > MAX_PATH ? '' : ` at "${path}"`;
  return new GraphQLError(`Variable "$${name}" got an invalid value${place}; ${cause.message}`, {
    nodes: definition,
    originalError: cause,
  });
}
