// Descriptions belong to the owner of what they describe. A connector that repeats a type of the gateway may repeat its
// descriptions; only those of the gateway are published.

import { type DefinitionNode, type DocumentNode, Kind, type StringValueNode } from 'graphql';
import type { Diagnostic } from '../../diagnostic.ts';
import { at, type Owner, whereOf } from './owners.ts';
import type { Element } from './read-subgraph.ts';

/** A warning for each description of a connector that differs from the gateway's own. */
export function unpublishedDescriptions(connector: Owner, core: Owner): Diagnostic[] {
  const findings: Diagnostic[] = [];
  const compare = (element: Element, owned: Element | undefined): void => {
    const { description } = element;
    if (owned === undefined || description === undefined || description === owned.description) return;
    findings.push({
      code: 'DescriptionNotPublished',
      severity: 'warning',
      ...at(connector, element.node),
      coordinate: element.coordinate,
      message: `${element.coordinate} is owned by ${whereOf(core, owned.node)}, whose description is published.`,
      found: 'another description',
      expected: 'no description, or that of the gateway',
      wayOut: 'Remove the description.',
    });
  };
  for (const [name, type] of connector.types) {
    const owned = core.types.get(name);
    if (owned === undefined) continue;
    if (!core.roots.has(name)) compare(type, owned);
    for (const [field, element] of type.fields) compare(element, owned.fields.get(field));
    for (const [value, element] of type.values) compare(element, owned.values.get(value));
  }
  return findings;
}

/** The subgraph of a connector without descriptions of what the gateway owns. Root types are always the gateway's. */
export function withoutOwnedDescriptions(document: DocumentNode, core: Owner): DocumentNode {
  return { ...document, definitions: document.definitions.map((definition) => bare(definition, core)) };
}

interface NamedPart extends Described {
  readonly name: { readonly value: string };
}

type Described = { readonly description?: StringValueNode | undefined };

const undescribed = <T extends Described>(node: T): T => ({ ...node, description: undefined });

function bare(definition: DefinitionNode, core: Owner): DefinitionNode {
  const name = 'name' in definition ? (definition.name?.value ?? '') : '';
  const owned = core.types.get(name);
  if (definition.kind === Kind.DIRECTIVE_DEFINITION) return definition;
  if (owned === undefined)
    return core.roots.has(name) ? (undescribed(definition as Described) as DefinitionNode) : definition;
  const parts = (nodes: readonly NamedPart[], known: ReadonlyMap<string, unknown>): readonly NamedPart[] =>
    nodes.map((node) => (known.has(node.name.value) ? undescribed(node) : node));
  return {
    ...undescribed(definition as Described),
    ...('fields' in definition && { fields: parts(definition.fields ?? [], owned.fields) }),
    ...('values' in definition && { values: parts(definition.values ?? [], owned.values) }),
  } as DefinitionNode;
}
