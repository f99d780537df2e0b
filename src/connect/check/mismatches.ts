// Builds the findings for selections that do not match their types: one function per code.

import { nearestName } from '../mapping/syntax-error.ts';
import { type Finding, listNames } from '../read/report.ts';
import type { TypeInfo } from '../read/types.ts';
import type { OutputPosition } from './walk.ts';

type At = Finding['at'];

/** Names that a finding lists. */
const SHOWN_NAMES = 8;

export function fieldNotFound(type: TypeInfo, key: string, position: OutputPosition, at: At): Finding {
  const near = nearestName(key, type.fields.keys());
  return {
    code: 'SelectedFieldNotFound',
    at,
    coordinate: `${type.name}.${key}`,
    message: `The selection yields "${key}", which ${type.name} does not define.`,
    found: key,
    expected: `a field of ${type.name}: ${listNames([...type.fields.keys()], SHOWN_NAMES)}`,
    wayOut:
      near === undefined
        ? `Add the field to ${type.name}, or remove the key from the selection${position.coordinate === type.name ? '' : ` of ${position.coordinate}`}.`
        : `Did you mean "${near}"? To map another key of the answer to the field, write "${near}: ${key}".`,
  };
}

export const fieldWithArguments = (coordinate: string, args: readonly string[], at: At): Finding => ({
  code: 'ConnectorsFieldWithArguments',
  at,
  coordinate,
  message: 'A field with arguments is resolved by a selection, which cannot read the arguments.',
  found: `${coordinate}(${args.map((name) => `${name}:`).join(', ')})`,
  expected: 'a field without arguments, or one with its own @connect',
  wayOut: 'Remove the arguments, or give the field its own @connect and read them as $args.',
});

/** Other runtimes accept the keys of a whole selection for a scalar field and fail when they are called: a warning. */
export const groupForScalar = (position: OutputPosition, at: At, keys: readonly string[]): Finding => ({
  code: 'GroupSelectionIsNotObject',
  ...(position.coordinate === position.connect && { severity: 'warning' }),
  at,
  coordinate: position.coordinate,
  message: `The selection yields an object, but the field is of type ${position.typeName}.`,
  found: `{ ${listNames(keys, 5)} }`,
  expected: `one value of ${position.typeName}`,
  wayOut:
    'Map one value to the field, without { }; or change the type of the field to an object type with these fields.',
});

export const groupRequired = (
  position: OutputPosition,
  at: At,
  text: string,
  fields: readonly string[],
): Finding => ({
  code: 'GroupSelectionRequiredForObject',
  at,
  coordinate: position.coordinate,
  message: `The selection yields a plain value, but ${position.typeName} is an object type.`,
  found: text,
  expected: `its fields in braces: { ${listNames(fields, 5)} }`,
  wayOut: `Map values to its fields: ${/^[$A-Za-z_][^"'\s]{0,30}$/.test(text) ? `${text} ` : ''}{ ${fields.slice(0, 3).join(' ')}${fields.length > 3 ? ' …' : ''} }.`,
});

export const listForSingle = (position: OutputPosition, at: At): Finding => ({
  code: 'ListForSingleField',
  at,
  coordinate: position.coordinate,
  message: `The selection yields a list, but the field is a single ${position.typeName}.`,
  found: 'a list',
  expected: `one ${position.typeName}`,
  wayOut: `Take one element (->first), or make the field a list: [${position.typeName}].`,
});

export function enumValueUnknown(value: unknown, type: TypeInfo, position: OutputPosition, at: At): Finding {
  const near = typeof value === 'string' ? nearestName(value, type.values) : undefined;
  return {
    code: 'EnumValueUnknown',
    at,
    coordinate: position.coordinate,
    message: `The mapping yields a constant that the enum ${type.name} does not define.`,
    found: JSON.stringify(value),
    expected: `one of ${listNames([...type.values], SHOWN_NAMES)}`,
    wayOut:
      near === undefined
        ? `Add the value to the enum ${type.name}, or map to one of its values.`
        : `Did you mean "${near}"?`,
  };
}

export const circularReference = (typeName: string, position: OutputPosition, at: At): Finding => ({
  code: 'CircularReference',
  at,
  coordinate: position.coordinate,
  message: `The selection contains ${typeName} inside ${typeName}.`,
  found: [...position.enclosingTypes, typeName].join(' → '),
  expected: 'each type at most once along a path of the selection',
  wayOut:
    position.enclosingTypes.at(-1) === typeName
      ? `Define a type of its own for ${position.coordinate}, with the fields that are read there and, where they need a call, its own @connect.`
      : `Give ${position.coordinate} its own @connect that reads its inputs from $this, and remove it from this selection.`,
});

export const selfReference = (coordinate: string, type: string, at: At): Finding => ({
  code: 'CircularReference',
  at,
  coordinate,
  message: 'A connector on a field returns the type of the field’s parent.',
  found: `${coordinate}: ${type}`,
  expected: 'a field that returns another type',
  wayOut:
    'Define a type of its own for the objects of this field, or a type between the two, and return that.',
});
