// Makes a connector's subgraph complete before composition: inferred `@key`s, and `provenance` on every entity it
// resolves. Authors need not write either, and cannot forget them.

import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';
import type { CompiledConnector } from '../connect/compile-connector.ts';
import { inferKey } from '../connect/entity-keys.ts';
import { isRecord, readConst } from '../connect/read/values.ts';

const FEDERATION = 'https://specs.apollo.dev/federation/';

/** @param shared definitions of `Provenance` and what it needs, from the core schema */
export function completeSubgraph(
  connector: CompiledConnector,
  shared: readonly DefinitionNode[],
): DocumentNode {
  const { subgraph } = connector.schema;
  const names = federationNames(subgraph);
  const link =
    names === undefined
      ? [parse(`extend schema @link(url: "${FEDERATION}v2.9", import: ["@key", "@shareable"])`)]
      : [];
  const { key, shareable } = names ?? { key: 'key', shareable: 'shareable' };
  const defined = new Set(subgraph.definitions.map((d) => ('name' in d ? d.name?.value : undefined)));

  const definitions = subgraph.definitions.map((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION && connector.entityTypes.has(definition.name.value)
      ? completeEntity(definition, connector, key, shareable)
      : definition,
  );
  const added = shared
    .filter((definition) => !('name' in definition) || !defined.has(definition.name?.value))
    .map((definition) => renameShareable(definition, shareable));
  return { ...subgraph, definitions: [...link.flatMap((d) => d.definitions), ...definitions, ...added] };
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
    connector.operations
      .filter((operation) => operation.fieldName === undefined && operation.typeName === typeName)
      .map(inferKey)
      .filter((fields) => fields !== undefined),
  ),
];

function keyDirective(key: string, fields: string): ConstDirectiveNode {
  const type = parse(`type T @${key}(fields: ${JSON.stringify(fields)})`, { noLocation: true })
    .definitions[0];
  return (type as ObjectTypeDefinitionNode).directives?.[0] as ConstDirectiveNode;
}

function provenanceField(shareable: string): FieldDefinitionNode {
  const text = `type T {
    "Where this came from and how old it is (nguồn gốc dữ liệu); null when no source has answered. Source: gateway."
    provenance: Provenance @${shareable}
  }`;
  const type = parse(text, { noLocation: true }).definitions[0] as ObjectTypeDefinitionNode;
  return type.fields?.[0] as FieldDefinitionNode;
}

/** The local names of `@key` and `@shareable`, or undefined when the document does not link federation. */
function federationNames(document: DocumentNode): { key: string; shareable: string } | undefined {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const directive of definition.directives ?? []) {
      if (directive.name.value !== 'link') continue;
      const args = Object.fromEntries(
        (directive.arguments ?? []).map((a) => [a.name.value, readConst(a.value)]),
      );
      if (typeof args['url'] !== 'string' || !args['url'].startsWith(FEDERATION)) continue;
      const prefix = typeof args['as'] === 'string' ? args['as'] : 'federation';
      const names = { key: `${prefix}__key`, shareable: `${prefix}__shareable` };
      for (const item of Array.isArray(args['import']) ? args['import'] : []) {
        const name = typeof item === 'string' ? item : isRecord(item) ? item['name'] : undefined;
        const alias = isRecord(item) && typeof item['as'] === 'string' ? item['as'] : name;
        if (name === '@key') names.key = String(alias).slice(1);
        if (name === '@shareable') names.shareable = String(alias).slice(1);
      }
      return names;
    }
  }
  return undefined;
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
