// What the gateway owns, no connector changes: its types and fields may be repeated as they are, and fields may be added to its root
// types and, by a key that it declares, to its entities.

import type { Diagnostic } from '../../diagnostic.ts';
import { differencesOf, neutral } from './differences.ts';
import { at, type Owner, whereOf } from './owners.ts';
import type { Element, Field, Subgraph, SubgraphType } from './read-subgraph.ts';

/** @returns errors, and warnings about descriptions that are not published */
export function checkAgainstCore(connector: Owner, core: Owner): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const [name, type] of connector.types) {
    const owned = core.types.get(name);
    if (owned !== undefined) findings.push(...checkType(type, owned, connector, core));
  }
  return findings;
}

function checkType(type: SubgraphType, owned: SubgraphType, connector: Owner, core: Owner): Diagnostic[] {
  const refuse = (
    element: Element,
    ownedElement: Element,
    found: string,
    expected: string,
    wayOut: string,
    node = element.node,
  ): Diagnostic => ({
    code: 'OwnedByGateway',
    ...at(connector, node),
    coordinate: element.coordinate,
    message: `${ownedElement.coordinate} is owned by ${whereOf(core, ownedElement.node)}; connector ${connector.name} changes it.`,
    found,
    expected,
    wayOut,
  });
  const isRoot = core.roots.has(type.coordinate);

  if (type.kind !== owned.kind) {
    const isInterface = type.directives.some(({ name }) => name === 'interfaceObject');
    const found = isInterface ? `${type.kind} with @interfaceObject` : type.kind;
    return [refuse(type, owned, found, owned.kind, `Give the ${type.kind} another name.`)];
  }
  const findings: Diagnostic[] = [];
  for (const { text, node } of directivesBeyond(type, owned, neutral.onType)) {
    const wayOut = `Remove ${text}: a connector adds fields to the type and decides nothing else about it.`;
    findings.push(refuse(type, owned, text, allowedOn(owned), wayOut, node));
  }
  findings.push(...keyFindings(type, owned, refuse));
  const added = [...type.interfaces].filter((name) => !owned.interfaces.has(name));
  if (added.length > 0) {
    findings.push(
      refuse(type, owned, `implements ${added.join(' & ')}`, interfacesText(owned), 'Remove the interface.'),
    );
  }
  if (owned.kind !== 'type') {
    for (const { element, ownedElement, found, expected } of differencesOf(type, owned))
      findings.push(refuse(element, ownedElement ?? owned, found, expected, asOwned(owned)));
    return findings;
  }
  for (const field of type.fields.values()) {
    const ownedField = owned.fields.get(field.name);
    if (ownedField === undefined) {
      if (isRoot || owned.keys.length > 0) continue;
      const wayOut = `Give the type another name, or put the field on one of your own types.`;
      const expected = `the fields of ${owned.coordinate} alone: the type has no key by which a connector could add fields`;
      findings.push(refuse(field, owned, `a field ${field.name}`, expected, wayOut));
    } else {
      const finding = repeatFinding(field, ownedField, owned, connector, core, refuse);
      if (finding !== undefined) findings.push(finding);
    }
  }
  return findings;
}

type Refuse = (
  element: Element,
  ownedElement: Element,
  found: string,
  expected: string,
  wayOut: string,
  node?: Element['node'],
) => Diagnostic;

/** A field that the gateway has, too. One finding per field. */
function repeatFinding(
  field: Field,
  ownedField: Field,
  owned: SubgraphType,
  connector: Owner,
  core: Owner,
  refuse: Refuse,
): Diagnostic | undefined {
  const override = field.directives.find(({ name }) => name === 'override');
  const isExternal = isMarked(field, 'external') || isMarkedType(connector, field, 'external');
  const beyond = directivesBeyond(field, ownedField, neutral.onField);
  if (override !== undefined) {
    const wayOut = 'Remove @override, and add a field of another name.';
    return refuse(
      field,
      ownedField,
      override.text,
      'no @override of a field of the gateway',
      wayOut,
      override.node,
    );
  }
  const [first] = beyond;
  if (first !== undefined) {
    const wayOut = `Remove ${first.text}: it would change a field that the connector does not own.`;
    return refuse(field, ownedField, first.text, allowedOn(ownedField), wayOut, first.node);
  }
  const [difference] = differencesOf(field, ownedField);
  const differs = (): Diagnostic | undefined => {
    if (difference === undefined) return undefined;
    const { code, element, ownedElement = ownedField, found, expected } = difference;
    const wayOut = 'Repeat it exactly as the gateway declares it.';
    return { ...refuse(element, ownedElement, found, expected, wayOut), ...(code && { code }) };
  };
  if (difference?.code !== undefined) return differs();
  const isShared = isMarked(ownedField, 'shareable') || isMarked(owned, 'shareable');
  if (!isExternal && !isShared && !core.keyFields.has(field.coordinate)) {
    const wayOut = `Remove the field, or mark it @external when a mapping reads it. To supply something else, add a field of another name.`;
    return refuse(
      field,
      ownedField,
      `a second ${field.coordinate}`,
      'the field of the gateway alone',
      wayOut,
    );
  }
  return differs();
}

function keyFindings(type: SubgraphType, owned: SubgraphType, refuse: Refuse): Diagnostic[] {
  const nodes = type.directives.filter(({ name }) => name === 'key');
  return type.keys.flatMap((key, index) => {
    if (owned.keys.some((known) => [...key].every((leaf) => known.has(leaf)))) return [];
    const expected =
      owned.keys.length === 0
        ? `a type without a key, as ${owned.coordinate} is`
        : `a key of fields of ${owned.keys.map((known) => `"${[...known].join(' ')}"`).join(' or ')}`;
    const wayOut =
      owned.keys.length === 0
        ? 'Put the fields on a type of your own.'
        : 'Declare the key as the gateway does: a connector adds fields to a type of the gateway by its key.';
    return [refuse(type, owned, `the key "${[...key].join(' ')}"`, expected, wayOut, nodes[index]?.node)];
  });
}

const asOwned = ({ kind, coordinate }: SubgraphType): string =>
  `Repeat the ${kind} exactly as the gateway declares it, or give yours another name than ${coordinate}.`;

const interfacesText = ({ interfaces }: SubgraphType): string =>
  interfaces.size === 0 ? 'no interface' : `implements ${[...interfaces].join(' & ')}`;

const isMarked = ({ directives }: Element, name: string): boolean =>
  directives.some((directive) => directive.name === name);

function isMarkedType({ types }: Subgraph, { coordinate }: Field, name: string): boolean {
  const type = types.get(coordinate.split('.')[0] ?? '');
  return type !== undefined && isMarked(type, name);
}

/** Directives that are neither neutral nor repeated from the owner. */
function directivesBeyond(element: Element, owned: Element, allowed: ReadonlySet<string>) {
  const repeated = new Set(owned.directives.map(({ text }) => text));
  return element.directives.filter(
    ({ name, text, isFederation }) => !repeated.has(text) && !(isFederation && allowed.has(name)),
  );
}

const allowedOn = ({ directives }: Element): string => {
  const texts = directives.filter(({ name }) => name !== 'key').map(({ text }) => text);
  return texts.length === 0 ? 'no directive here' : `no directive other than ${texts.join(' ')}`;
};
