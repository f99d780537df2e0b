// Which fields an object of a type answers, computed when the first such object occurs: graphql-js's own field collection
// per merged selection set and runtime type, with every condition settled. Equal lists of field nodes share one plan, so
// that the work is bounded by the document and the types that occur, however the fragments are nested.

import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { isNotList } from '../../connect/bind/bind-schema.ts';
import { computeNeeds } from '../../connect/bind/needs.ts';
import type { AccessView } from '../access/access.ts';
import { applyAccess } from './apply-access.ts';
import { planArguments } from './arguments.ts';
import { sizeOfSelection } from './budget.ts';
import type { FieldPlan, Selection, Selections, Values } from './model.ts';
import type { SelectedOperation } from './operation.ts';
import { refusalBelow } from './refused-below.ts';
import { createTemplate } from './template.ts';
import { valueTypeOf } from './value-types.ts';

/** @param access decides which fields are refused or masked */
export function createSelections(
  operation: SelectedOperation,
  conditions: Values,
  access: AccessView,
): Selections {
  const { schema, fragments, definition: operationNode } = operation;
  const plans = new Map<GraphQLObjectType, Map<FieldNode | string, FieldPlan>>();
  const numbers = new Map<FieldNode, number>();
  let size = 0;
  let root: Selection | undefined;

  /** The node itself, or the numbers of several: equal lists of nodes have equal keys. */
  const identityOf = (nodes: readonly FieldNode[]): FieldNode | string => {
    if (nodes.length === 1) return nodes[0] as FieldNode;
    return nodes
      .map((node) => {
        const number = numbers.get(node) ?? numbers.size;
        numbers.set(node, number);
        return number;
      })
      .join();
  };

  const fieldPlan = (
    type: GraphQLObjectType,
    key: string,
    nodes: readonly FieldNode[],
  ): FieldPlan | undefined => {
    let ofType = plans.get(type);
    if (ofType === undefined) {
      ofType = new Map();
      plans.set(type, ofType);
    }
    const identity = identityOf(nodes);
    let plan = ofType.get(identity);
    if (plan === undefined) {
      const definition = definitionOf(schema, type, nodes[0] as FieldNode);
      if (definition === undefined) return undefined;
      plan = createFieldPlan(operation, conditions, access, type, key, definition, nodes);
      plan = applyAccess(plan, access.at(type, plan.name), () =>
        refusalBelow(plan as FieldPlan, operation, conditions, access),
      );
      ofType.set(identity, plan);
      size += 1;
    }
    return plan;
  };

  const createSelection = (
    type: GraphQLObjectType,
    collect: () => ReadonlyMap<string, readonly FieldNode[]>,
    isSerial: boolean,
  ): Selection => {
    let collected: ReadonlyMap<string, readonly FieldNode[]>;
    try {
      collected = collect();
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { type, fields: [], template: {}, objects: 1, bytes: 0, refusal: error };
    }
    const fields: FieldPlan[] = [];
    const constants = new Map<string, string | null>();
    for (const [key, nodes] of collected) {
      const field = fieldPlan(type, key, nodes);
      if (field === undefined) continue;
      // Of a mutation `__typename` is a step like every other: a failure passes it before the answer, as in graphql-js.
      const isConstant = field.definition === TypeNameMetaFieldDef && !isSerial;
      constants.set(key, isConstant ? type.name : null);
      if (!isConstant) fields.push(field);
    }
    const template = createTemplate(constants);
    return { type, fields, template, ...sizeOfSelection(type.name, fields), refusal: undefined };
  };

  return {
    root: (type) => {
      root ??= createSelection(
        type,
        () => collectFields(schema, fragments, conditions, type, operationNode.selectionSet),
        operationNode.operation === 'mutation',
      );
      return root;
    },
    under: (field, type) => {
      let selection = field.selections.get(type);
      if (selection === undefined) {
        selection = createSelection(
          type,
          () => collectSubfields(schema, fragments, conditions, type, field.nodes),
          false,
        );
        field.selections.set(type, selection);
      }
      field.last = selection;
      return selection;
    },
    size: () => size,
  };
}

function createFieldPlan(
  { schema, fragments }: SelectedOperation,
  conditions: Values,
  access: AccessView,
  parentType: GraphQLObjectType,
  key: string,
  definition: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): FieldPlan {
  const type = valueTypeOf(definition.type);
  const planned = planArguments(definition, nodes[0] as FieldNode);
  const { resolve } = definition;
  return {
    key,
    name: definition.name,
    parentType,
    definition,
    nodes,
    type,
    resolve,
    arguments: planned,
    needsOf: rememberByName((typeName) =>
      computeNeeds(
        { fieldNodes: nodes, fragments, schema, returnType: definition.type, variableValues: conditions },
        typeName,
        (type, fieldName) => access.at(type, fieldName)?.kind === 'refused',
      ),
    ),
    needsInfo: callsWithInfo(definition.type),
    isPlainLeaf:
      resolve === undefined &&
      type.kind === 'leaf' &&
      (planned.when === 'never' || planned.when === 'planned'),
    selections: new Map(),
    last: undefined,
  };
}

function rememberByName<T>(compute: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const computed = compute(name);
    known.set(name, computed);
    return computed;
  };
}

function callsWithInfo(outputType: GraphQLOutputType): boolean {
  const type = getNamedType(outputType);
  if (isAbstractType(type)) return true;
  return isObjectType(type) && type.isTypeOf != null && type.isTypeOf !== isNotList;
}

/** Undefined only for documents that validation refuses. */
function definitionOf(
  schema: SelectedOperation['schema'],
  type: GraphQLObjectType,
  { name: { value: name } }: FieldNode,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}
