// The arguments of a field, coerced by graphql-js's own code: once per plan where they are scalars of the document, once
// per run where they are whole variables, otherwise at each call. Every call receives an object of its own.

import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  getArgumentValues,
  Kind,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import type { FieldArguments, FieldPlan, Run, Values } from './model.ts';

export function planArguments(definition: GraphQLField<unknown, unknown>, node: FieldNode): FieldArguments {
  if (definition.args.length === 0) return NEVER;
  const given = node.arguments ?? [];
  const literals = given.filter(({ value }) => value.kind !== Kind.VARIABLE);
  if (literals.some((literal) => isMadePerCall(literal, definition))) return PER_CALL;
  if (literals.length < given.length) return PER_RUN;
  try {
    return { when: 'planned', values: getArgumentValues(definition, node, {}) };
  } catch {
    return PER_CALL;
  }
}

const NEVER: FieldArguments = { when: 'never' };
const PER_RUN: FieldArguments = { when: 'per run' };
const PER_CALL: FieldArguments = { when: 'per call' };

/** Literals that become objects: a resolver may change what it receives, and no other call may see that. */
function isMadePerCall({ name, value }: ArgumentNode, { args }: GraphQLField<unknown, unknown>): boolean {
  if (holdsVariable(value)) return true;
  const definition = args.find((arg) => arg.name === name.value);
  const coerced = definition && valueFromAST(value, definition.type);
  return (typeof coerced === 'object' && coerced !== null) || typeof coerced === 'function';
}

function holdsVariable(value: ValueNode): boolean {
  const open: ValueNode[] = [value];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === Kind.VARIABLE) return true;
    if (node.kind === Kind.LIST) open.push(...node.values);
    if (node.kind === Kind.OBJECT) open.push(...node.fields.map((field) => field.value));
  }
  return false;
}

/** @throws GraphQLError where graphql-js refuses the arguments */
export function readArguments(run: Run, field: FieldPlan): Values {
  const { arguments: planned } = field;
  switch (planned.when) {
    case 'never':
      return {};
    case 'planned':
      return { ...planned.values };
    case 'per run': {
      let values = run.arguments.get(field);
      if (values === undefined) {
        values = coerce(run, field);
        run.arguments.set(field, values);
      }
      return { ...values };
    }
    case 'per call':
      return coerce(run, field);
  }
}

const coerce = (run: Run, { definition, nodes }: FieldPlan): Values =>
  getArgumentValues(definition, nodes[0] as FieldNode, run.variables);
