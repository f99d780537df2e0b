// Completes the subgraph of a connector before composition: adds inferred `@key` directives, and `provenance` to every entity
// that the connector resolves, and the argument for the purpose to root fields whose connector requires one.

import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  visit,
} from 'graphql';
import { PURPOSE_ARGUMENT } from '../connect/bind/purpose.ts';
import type { CompiledConnector } from '../connect/compile-connector.ts';
import { inferKey } from '../connect/entity-keys.ts';
import type { ConnectDirective, ConnectorSchema } from '../connect/read/model.ts';
import type { Operation } from '../connect/request/operation.ts';

const FEDERATION = 'https://specs.apollo.dev/federation/';

/** The newest federation version that the composition library supports. */
const NEWEST_FEDERATION = [2, 9] as const;

/**
 * Connector schemas link the federation version that introduced their connect version (2.10 or later). What these versions add
 * concerns the connect directives, which are removed here, so such a subgraph is valid as version 2.9.
 */
const withKnownFederation = (subgraph: DocumentNode): DocumentNode =>
  visit(subgraph, {
    Directive: ({ name }) => (name.value === 'link' ? undefined : false),
    StringValue(node) {
      const [, major, minor] =
        /^https:\/\/specs\.apollo\.dev\/federation\/v(\d+)\.(\d+)$/.exec(node.value) ?? [];
      const isNewer = Number(major) === NEWEST_FEDERATION[0] && Number(minor) > NEWEST_FEDERATION[1];
      return isNewer ? { ...node, value: `${FEDERATION}v${NEWEST_FEDERATION.join('.')}` } : undefined;
    },
    FieldDefinition: () => false,
  });

/**
 * @param shared the definitions that the gateway adds, with the types that they use, from the core schema
 * @param coreFields coordinates of the fields that the core schema owns: they keep their types
 */
export function completeSubgraph(
  connector: CompiledConnector,
  shared: readonly DefinitionNode[],
  coreFields: ReadonlySet<string>,
): DocumentNode {
  const nullable = new Set([...connector.nullable].filter((coordinate) => !coreFields.has(coordinate)));
  const subgraph = withKnownFederation(withNullableFields(connector.schema.subgraph, nullable));
  const { key, shareable, linked } = connector.schema.federation;
  const link = linked
    ? []
    : [parse(`extend schema @link(url: "${FEDERATION}v2.9", import: ["@key", "@shareable"])`)];
  const defined = new Set(subgraph.definitions.map((d) => ('name' in d ? d.name?.value : undefined)));

  const definitions = subgraph.definitions.map((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION && connector.entityTypes.has(definition.name.value)
      ? completeEntity(definition, connector, key, shareable)
      : connector.requiresPurpose
        ? addPurposeArguments(definition, connector)
        : definition,
  );
  const added = shared
    .filter((definition) => !('name' in definition) || !defined.has(definition.name?.value))
    .map((definition) => renameShareable(definition, shareable));
  return { ...subgraph, definitions: [...link.flatMap((d) => d.definitions), ...definitions, ...added] };
}

/**
 * Removes the outer `!` of these fields: a failed source then leaves the object around its field in place. The `!` of the
 * elements of a list stays, because a failed source has no list at all.
 */
function withNullableFields(subgraph: DocumentNode, nullable: ReadonlySet<string>): DocumentNode {
  if (nullable.size === 0) return subgraph;
  return {
    ...subgraph,
    definitions: subgraph.definitions.map((definition) => {
      if (!('fields' in definition) || definition.fields === undefined) return definition;
      const fields = definition.fields.map((field) =>
        nullable.has(`${definition.name.value}.${field.name.value}`) && field.type.kind === Kind.NON_NULL_TYPE
          ? { ...field, type: field.type.type }
          : field,
      );
      return { ...definition, fields } as DefinitionNode;
    }),
  };
}

function completeEntity(
  type: ObjectTypeDefinitionNode,
  connector: CompiledConnector,
  key: string,
  shareable: string,
): ObjectTypeDefinitionNode {
  const keyed = (type.directives ?? []).some((directive) => directive.name.value === key);
  const inferred = keyed
    ? []
    : inferredKeys(type.name.value, connector).map((fields) => keyDirective(key, fields));
  const hasProvenance = type.fields?.some((field) => field.name.value === 'provenance') === true;
  const provenance = hasProvenance ? [] : [provenanceField(shareable)];
  return {
    ...type,
    directives: [...(type.directives ?? []), ...inferred],
    fields: [...(type.fields ?? []), ...provenance],
  };
}

const inferredKeys = (typeName: string, connector: CompiledConnector): string[] => [
  ...new Set(
    [...connector.operations, ...connector.computed]
      .filter((operation) => resolvedType(operation, connector) === typeName)
      .map(inferKey)
      .filter((fields) => fields !== undefined),
  ),
];

/** The type that an operation resolves: the type that declares it, or the type that an `entity: true` field returns. */
function resolvedType(operation: Operation, connector: CompiledConnector): string | undefined {
  if (operation.fieldName === undefined) return operation.typeName;
  if (!operation.entity) return undefined;
  return connector.schema.types.all.get(operation.typeName)?.fields.get(operation.fieldName)?.typeName;
}

/** Root fields have no dossier above them that states the purpose. */
function addPurposeArguments(definition: DefinitionNode, { schema }: CompiledConnector): DefinitionNode {
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION)
    return definition;
  const { value: typeName } = definition.name;
  if (!schema.types.isRoot(typeName)) return definition;
  const called = new Set(
    schema.connects.flatMap((each) =>
      each.typeName === typeName && (each.url !== undefined || hasFields(each, schema))
        ? [each.fieldName]
        : [],
    ),
  );
  return {
    ...definition,
    fields: definition.fields?.map((field) =>
      called.has(field.name.value)
        ? { ...field, arguments: [...(field.arguments ?? []), purposeArgument()] }
        : field,
    ),
  };
}

/** True where other connectors may complete the value of the field. */
function hasFields({ typeName, fieldName }: ConnectDirective, { types }: ConnectorSchema): boolean {
  const field = types.all.get(typeName)?.fields.get(fieldName ?? '');
  const kind = types.all.get(field?.typeName ?? '')?.kind;
  return kind === 'object' || kind === 'interface' || kind === 'union';
}

function purposeArgument(): InputValueDefinitionNode {
  const text = `type T {
    f(
      "The dossier for which the data is fetched (mục đích); the caller must be able to see it."
      ${PURPOSE_ARGUMENT}: PurposeInput!
    ): Int
  }`;
  const type = parse(text, { noLocation: true }).definitions[0] as ObjectTypeDefinitionNode;
  return type.fields?.[0]?.arguments?.[0] as InputValueDefinitionNode;
}

function keyDirective(key: string, fields: string): ConstDirectiveNode {
  const type = parse(`type T @${key}(fields: ${JSON.stringify(fields)})`, { noLocation: true })
    .definitions[0];
  return (type as ObjectTypeDefinitionNode).directives?.[0] as ConstDirectiveNode;
}

function provenanceField(shareable: string): FieldDefinitionNode {
  const text = `type T {
    "Where the object came from and how old it is (nguồn gốc dữ liệu); null if no source has answered. Source: the gateway."
    provenance: Provenance @${shareable}
  }`;
  const type = parse(text, { noLocation: true }).definitions[0] as ObjectTypeDefinitionNode;
  return type.fields?.[0] as FieldDefinitionNode;
}

const renameShareable = (definition: DefinitionNode, shareable: string): DefinitionNode =>
  'directives' in definition && definition.directives !== undefined
    ? ({
        ...definition,
        directives: definition.directives.map((directive) =>
          directive.name.value === 'shareable'
            ? { ...directive, name: { ...directive.name, value: shareable } }
            : directive,
        ),
      } as DefinitionNode)
    : definition;
