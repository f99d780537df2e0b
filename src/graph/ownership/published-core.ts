// Proves after composition that the published schema holds what the gateway owns unchanged: the same types with the same fields,
// arguments, values and descriptions, and further fields only where connectors may add some. The policy refuses what would change
// it; this comparison also covers what the policy does not foresee.

import { type DocumentNode, Kind } from 'graphql';
import type { Diagnostic } from '../../diagnostic.ts';
import { differencesOf } from './differences.ts';
import { at, type Owner } from './owners.ts';
import { type Element, type Field, readSubgraph, type SubgraphType } from './read-subgraph.ts';

/** @returns a finding for each place where the published schema differs; none for a sound composition */
export function checkPublished(published: DocumentNode, core: Owner): Diagnostic[] {
  const { types } = readSubgraph({
    ...published,
    definitions: published.definitions.filter(
      (definition) => 'name' in definition && core.types.has(definition.name?.value ?? ''),
    ),
  });
  const findings: Diagnostic[] = [];
  const report = (owned: Element, found: string, expected: string): void => {
    findings.push({
      code: 'PublishedSchemaChanged',
      ...at(core, owned.node),
      coordinate: owned.coordinate,
      message: 'A connector changes what the gateway owns in the published schema.',
      found,
      expected,
      wayOut:
        'Check the connectors one by one, and remove what changes it from the schema of that connector.',
    });
  };
  for (const owned of core.types.values()) {
    const type = types.get(owned.coordinate);
    if (type === undefined) report(owned, 'nothing', `${owned.kind} ${owned.coordinate}`);
    else compareTypes(type, owned, core.roots.has(owned.coordinate), report);
  }
  for (const definition of published.definitions) {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) {
      findings.push({
        code: 'PublishedSchemaChanged',
        file: core.file,
        coordinate: `@${definition.name.value}`,
        message: 'A connector publishes a directive.',
        found: `a definition of @${definition.name.value}`,
        expected: 'no directive besides those of GraphQL',
        wayOut: 'Remove the definition from the schema of the connector.',
      });
    }
  }
  return findings;
}

type Report = (owned: Element, found: string, expected: string) => void;

function compareTypes(type: SubgraphType, owned: SubgraphType, isRoot: boolean, report: Report): void {
  if (type.kind !== owned.kind) {
    report(owned, type.kind, owned.kind);
    return;
  }
  compareElements(type, owned, report);
  const isOpen = isRoot || owned.keys.length > 0;
  if (owned.kind !== 'type') {
    for (const { ownedElement, found, expected } of differencesOf(type, owned))
      report(ownedElement ?? owned, found, expected);
    for (const [name, value] of owned.values) {
      const counterpart = type.values.get(name);
      if (counterpart !== undefined) compareElements(counterpart, value, report);
    }
  } else if (!isOpen) {
    for (const name of type.fields.keys())
      if (!owned.fields.has(name)) report(owned, `a field ${name}`, 'the fields of the gateway alone');
  }
  const interfaces = (of: SubgraphType) => [...of.interfaces].sort().join(' & ') || 'no interface';
  if (interfaces(type) !== interfaces(owned)) report(owned, interfaces(type), interfaces(owned));
  for (const field of owned.fields.values()) compareFields(type.fields.get(field.name), field, report);
}

function compareFields(field: Field | undefined, owned: Field, report: Report): void {
  if (field === undefined) {
    report(owned, 'nothing', `the field ${owned.coordinate}`);
    return;
  }
  for (const { ownedElement, found, expected } of differencesOf(field, owned))
    report(ownedElement ?? owned, found, expected);
  compareElements(field, owned, report);
  for (const [name, arg] of owned.args) {
    const counterpart = field.args.get(name);
    if (counterpart !== undefined) compareElements(counterpart, arg, report);
  }
}

/** Directives that are part of a published schema. */
const PUBLISHED: ReadonlySet<string> = new Set(['deprecated', 'specifiedBy', 'oneOf']);

function compareElements(element: Element, owned: Element, report: Report): void {
  if (element.description !== owned.description)
    report(owned, 'another description', 'the description of the gateway');
  const texts = ({ directives }: Element): string =>
    directives
      .filter(({ name }) => PUBLISHED.has(name))
      .map(({ text }) => text)
      .sort()
      .join(' ') || 'no directive';
  if (texts(element) !== texts(owned)) report(owned, texts(element), texts(owned));
}
