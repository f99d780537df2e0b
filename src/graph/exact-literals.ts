// Number literals of a document, read without loss. Int, ID and the scalars of the store read the text of a literal themselves;
// what is left are Float, whose reader rounds, and the scalars of connectors, which have no code of their own.

import {
  type ASTVisitor,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type ValidationContext,
  type ValueNode,
} from 'graphql';
import { isExactInteger, isExactNumber, readNumber } from '../exact-number.ts';

/** Validation rule: an integer that a double cannot hold is no value of Float. */
export function exactFloatsRule(context: ValidationContext): ASTVisitor {
  const check = (node: ValueNode & { readonly value: string }): void => {
    if (getNamedType(context.getInputType())?.name !== 'Float') return;
    const value = readNumber(node.value);
    if (!isExactNumber(value) || !isExactInteger(value)) return;
    context.reportError(new GraphQLError('Float cannot represent this integer exactly.', { nodes: node }));
  };
  return { IntValue: check, FloatValue: check };
}

/** Lets the scalars without code read numbers as exact numbers. Changes the types of `schema` in place. */
export function keepNumbersExact(schema: GraphQLSchema, withCode: ReadonlySet<string>): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isScalarType(type) || isSpecifiedScalarType(type) || withCode.has(type.name)) continue;
    type.parseLiteral = (node, variables) => type.parseValue(literalValue(node, variables ?? {}));
  }
}

/** As `valueFromASTUntyped` of graphql-js, with exact numbers. */
function literalValue(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return readNumber(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((item) => literalValue(item, variables));
    case Kind.OBJECT: {
      const value: Record<string, unknown> = Object.create(null);
      for (const field of node.fields) value[field.name.value] = literalValue(field.value, variables);
      return value;
    }
    case Kind.VARIABLE:
      return variables[node.name.value];
  }
}
