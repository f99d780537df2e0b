// The findings of a selection that does not fit its type, in words. One function per code; called by `outputs.ts`.

import { nearestName } from '../mapping/syntax-error.ts';
import type { Text } from '../read/model.ts';
import type { Finding } from '../read/report.ts';
import type { TypeInfo } from '../read/types.ts';
import type { Spot } from './walk.ts';

type At = Finding['at'];

const listed = (names: readonly string[], most = 8): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

export function fieldNotFound(type: TypeInfo, key: string, spot: Spot, at: At): Finding {
  const near = nearestName(key, type.fields.keys());
  return {
    code: 'SelectedFieldNotFound',
    at,
    coordinate: `${type.name}.${key}`,
    message: `The selection yields "${key}", which ${type.name} does not have.`,
    found: key,
    expected: `a field of ${type.name}: ${listed([...type.fields.keys()])}`,
    wayOut:
      near === undefined
        ? `Add the field to ${type.name}, or take the key out of the selection${spot.coordinate === type.name ? '' : ` of ${spot.coordinate}`}.`
        : `Did you mean "${near}"? To read another key of the answer write "${near}: ${key}".`,
  };
}

export const fieldWithArguments = (coordinate: string, args: readonly string[], at: At): Finding => ({
  code: 'ConnectorsFieldWithArguments',
  at,
  coordinate,
  message: 'A field with arguments is resolved by a selection, which cannot see them.',
  found: `${coordinate}(${args.map((name) => `${name}:`).join(', ')})`,
  expected: 'a field without arguments, or one with its own @connect',
  wayOut: 'Take the arguments away, or give the field its own @connect and read them there as $args.',
});

export const groupForScalar = (spot: Spot, at: At, keys: readonly string[]): Finding => ({
  code: 'GroupSelectionIsNotObject',
  at,
  coordinate: spot.coordinate,
  message: `The selection yields an object, and the field is of type ${spot.typeName}.`,
  found: `{ ${listed(keys, 5)} }`,
  expected: `one value of ${spot.typeName}`,
  wayOut:
    'Map one value to the field, without { }; or make the type of the field an object type with these fields.',
});

export const groupRequired = (spot: Spot, at: At, text: string, fields: readonly string[]): Finding => ({
  code: 'GroupSelectionRequiredForObject',
  at,
  coordinate: spot.coordinate,
  message: `The selection yields a bare value, and ${spot.typeName} is an object type.`,
  found: text,
  expected: `its fields in braces: { ${listed(fields, 5)} }`,
  wayOut: `Say which values become which fields: ${/^[$A-Za-z_][^"'\s]{0,30}$/.test(text) ? `${text} ` : ''}{ ${fields.slice(0, 3).join(' ')}${fields.length > 3 ? ' …' : ''} }.`,
});

export const listForSingle = (spot: Spot, at: At): Finding => ({
  code: 'ListForSingleField',
  at,
  coordinate: spot.coordinate,
  message: `The selection yields a list, and the field is a single ${spot.typeName}.`,
  found: 'a list',
  expected: `one ${spot.typeName}`,
  wayOut: `Take one element (->first), or make the field a list: [${spot.typeName}].`,
});

export function enumValueUnknown(value: unknown, type: TypeInfo, spot: Spot, at: At): Finding {
  const near = typeof value === 'string' ? nearestName(value, type.values) : undefined;
  return {
    code: 'EnumValueUnknown',
    at,
    coordinate: spot.coordinate,
    message: `The mapping yields a constant that ${type.name} does not have.`,
    found: JSON.stringify(value),
    expected: `one of ${listed([...type.values])}`,
    wayOut:
      near === undefined
        ? `Add it to the enum ${type.name}, or map to one of its values.`
        : `Did you mean "${near}"?`,
  };
}

export const circularReference = (typeName: string, spot: Spot, at: At, isReference: boolean): Finding => ({
  code: 'CircularReference',
  severity: isReference ? 'warning' : 'error',
  at,
  coordinate: spot.coordinate,
  message: isReference
    ? `The selection has a reference to ${typeName} inside ${typeName}; it works here, other runtimes refuse it.`
    : `The selection has ${typeName} inside ${typeName}.`,
  found: [...spot.around, typeName].join(' → '),
  expected: 'each type once on the way down a selection',
  wayOut: `Give ${spot.coordinate} its own @connect that reads what it needs from $this, and take it out of this selection.`,
});

export const directCircle = (coordinate: string, type: string, at: At): Finding => ({
  code: 'CircularReference',
  severity: 'warning',
  at,
  coordinate,
  message: 'A connector on a field returns the type it stands on; it works here, other runtimes refuse it.',
  found: `${coordinate}: ${type}`,
  expected: 'a field that returns another type, where the schema must be portable',
  wayOut: 'Leave it when only this gateway runs it; else move the field to a type of its own.',
});

export const emptySelection = (coordinate: string, text: Text): Finding => ({
  code: 'InvalidSelection',
  at: text.node,
  coordinate,
  message: 'The selection is empty.',
  found: JSON.stringify(text.value),
  expected: 'the values that become fields, e.g. "id name"; or "$" for the whole answer',
  wayOut: 'Say which values of the answer become which fields.',
});
