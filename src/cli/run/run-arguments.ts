// The arguments of a field as the gateway would pass them: only declared ones, with the values and defaults that the schema allows, and
// none missing.

import {
  buildASTSchema,
  coerceInputValue,
  type DefinitionNode,
  type GraphQLInputType,
  type InputValueDefinitionNode,
  Kind,
  type NamedTypeNode,
  type TypeNode,
  valueFromAST,
  visit,
} from 'graphql';
import type { Operation } from '../../connect/request/operation.ts';
import { isComposite, isExactNumber } from '../../exact-number.ts';
import type { ConnectorFolder } from '../../manifest/read-folder.ts';
import { suggestion, UsageError } from '../usage-error.ts';

/** @throws UsageError that names the argument */
export function completeArguments(
  { typeName, fieldName, name }: Operation,
  given: Readonly<Record<string, unknown>> | undefined,
  { schema }: ConnectorFolder,
): Record<string, unknown> | undefined {
  const field = fieldName === undefined ? undefined : schema.types.all.get(typeName)?.fields.get(fieldName);
  if (field === undefined) return given;
  const names = [...field.args.keys()];
  const unknown = Object.keys(given ?? {}).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    const known = names.length === 0 ? `${name} has no arguments.` : suggestion(unknown, names, 'argument');
    throw new UsageError(`--args: "${unknown}" is not an argument of ${name}. ${known}`);
  }
  const nodes = [...field.args.values()].map(({ node }) => node as InputValueDefinitionNode);
  const types = inputTypes(nodes, schema.subgraph.definitions);
  const complete: Record<string, unknown> = {};
  for (const { name: node, type, defaultValue } of nodes) {
    const key = node.value;
    const inputType = types.get(key) as GraphQLInputType;
    const value = given?.[key];
    if (value !== undefined) complete[key] = coerced(key, value, inputType);
    else if (defaultValue !== undefined) complete[key] = valueFromAST(defaultValue, inputType);
    if (type.kind === Kind.NON_NULL_TYPE && (complete[key] === undefined || complete[key] === null)) {
      throw new UsageError(
        `--args: found no "${key}", expected a value, because it is required. Write --args '{${JSON.stringify(key)}:…}'.`,
      );
    }
  }
  return given === undefined && names.length === 0 ? undefined : complete;
}

function coerced(key: string, value: unknown, type: GraphQLInputType): unknown {
  return coerceInputValue(withoutExactNumbers(value), type, (path, _value, { message }) => {
    // The value may be personal: the message is shortened to what is no value.
    const place = [key, ...path].join('.');
    throw new UsageError(
      `--args: found another value in "${place}" than the schema allows: ${safe(message)}`,
    );
  });
}

/** The messages of the library quote values: enumerations are short words, everything with digits is removed. */
const safe = (message: string): string =>
  message.replace(/"[^"]*\d{4,}[^"]*"|\d{4,}/g, '…').replace(/\{.*\}/s, '{…}');

/** As texts: the scalars of GraphQL accept them, and no digit is lost. */
const withoutExactNumbers = (value: unknown): unknown => {
  if (isExactNumber(value)) return String(value);
  if (Array.isArray(value)) return value.map(withoutExactNumbers);
  if (!isComposite(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutExactNumbers(item)]));
};

/** The types of arguments as the schema declares them; types of other subgraphs are scalars of any value. */
function inputTypes(
  args: readonly InputValueDefinitionNode[],
  definitions: readonly DefinitionNode[],
): Map<string, GraphQLInputType> {
  const inputs = definitions.filter(
    ({ kind }) =>
      kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ||
      kind === Kind.ENUM_TYPE_DEFINITION ||
      kind === Kind.SCALAR_TYPE_DEFINITION,
  );
  const plain = (node: InputValueDefinitionNode): InputValueDefinitionNode => ({ ...node, directives: [] });
  const fields = args.map((arg) => plain(arg));
  const defined = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);
  for (const definition of inputs) if ('name' in definition) defined.add(definition.name?.value ?? '');
  const missing = new Set<string>();
  const collect = {
    NamedType: ({ name }: NamedTypeNode) => void (defined.has(name.value) || missing.add(name.value)),
  };
  for (const node of [...inputs, ...fields]) visit(node, collect);
  const schema = buildASTSchema(
    {
      kind: Kind.DOCUMENT,
      definitions: [
        ...inputs,
        ...[...missing].map((name) => ({
          kind: Kind.SCALAR_TYPE_DEFINITION as const,
          name: { kind: Kind.NAME as const, value: name },
        })),
        {
          kind: Kind.OBJECT_TYPE_DEFINITION,
          name: { kind: Kind.NAME, value: 'Query' },
          fields: [
            {
              kind: Kind.FIELD_DEFINITION,
              name: { kind: Kind.NAME, value: 'field' },
              arguments: fields,
              type: named('Int'),
            },
          ],
        },
      ],
    },
    { assumeValidSDL: true },
  );
  const field = schema.getQueryType()?.getFields().field;
  return new Map((field?.args ?? []).map(({ name, type }) => [name, type]));
}

const named = (name: string): TypeNode => ({
  kind: Kind.NAMED_TYPE,
  name: { kind: Kind.NAME, value: name },
});
