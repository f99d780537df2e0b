// The sizes of the lists that describe the schema: averages over the schema itself, rounded up.

import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { ListSizes } from './list-sizes.ts';

export function introspectionSizes(schema: GraphQLSchema): ListSizes {
  const types = Object.values(schema.getTypeMap());
  let fields = 0;
  let args = 0;
  let enumValues = 0;
  let inputFields = 0;
  for (const type of types) {
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        fields += 1;
        args += field.args.length;
      }
    } else if (isEnumType(type)) enumValues += type.getValues().length;
    else if (isInputObjectType(type)) inputFields += Object.keys(type.getFields()).length;
  }
  const size = (assumed: number) => ({ assumed, slicing: [], sized: [] });
  // A scalar has neither fields nor values: averages are over all types.
  const average = (sum: number, count: number = types.length) => size(Math.max(1, Math.ceil(sum / count)));
  return new Map([
    ['__Schema.types', size(types.length)],
    ['__Schema.directives', size(schema.getDirectives().length)],
    ['__Type.fields', average(fields)],
    ['__Type.enumValues', average(enumValues)],
    ['__Type.inputFields', average(inputFields)],
    ['__Type.interfaces', size(1)],
    ['__Type.possibleTypes', size(1)],
    ['__Field.args', average(args, Math.max(1, fields))],
    ['__Directive.args', size(2)],
    ['__Directive.locations', size(4)],
  ]);
}
