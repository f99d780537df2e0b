// Links and directives that concern more than the element they are on: which specifications a connector links, what it publishes for
// the whole schema, which fields it overrides and which it provides in place of others.

import { Kind, type SelectionSetNode } from 'graphql';
import type { Diagnostic } from '../../diagnostic.ts';
import { agree, at, CORE, type Owner, titleOf, whereOf } from './owners.ts';
import { type Field, fieldSetOf, linksOf, type UsedDirective } from './read-subgraph.ts';

// —— links ——

const FEDERATION = 'specs.apollo.dev/federation';
const FEDERATION_URL = /^https:\/\/specs\.apollo\.dev\/federation\/v\d+\.\d+$/;
/** The names of specifications with directives of federation; their URLs must be written as published. */
const APOLLO_URL = /^https:\/\/specs\.apollo\.dev\/[A-Za-z]+\/v\d+\.\d+$/;

/** Composition reads the last link of a specification and normalizes URLs: whatever could be read in two ways is refused. */
export function checkLinks(connector: Owner): Diagnostic[] {
  const findings: Diagnostic[] = [];
  let known = 0;
  for (const { node, args } of linksOf(connector.document)) {
    const url = typeof args.url === 'string' ? args.url : '';
    const refuse = (expected: string, wayOut: string): void => {
      findings.push({
        code: 'LinkRefused',
        ...at(connector, node),
        message: `Connector ${connector.name} links a specification in a way that could be read in two ways.`,
        found: url === '' ? 'no URL' : JSON.stringify(url),
        expected,
        wayOut,
      });
    };
    const parsed = URL.parse(url);
    if (parsed === null) {
      refuse('a URL such as https://specs.apollo.dev/federation/v2.9', 'Correct the URL.');
      continue;
    }
    const isApollo = /(^|\.)apollo\.dev\.?$/.test(parsed.hostname);
    if (isApollo && !APOLLO_URL.test(url)) {
      refuse('a URL as its specification publishes it', 'Write https://specs.apollo.dev/<name>/v<version>.');
      continue;
    }
    const path = parsed.pathname.split('/').filter(Boolean).join('/');
    if (!`${parsed.host}/${path}`.startsWith(`${FEDERATION}/`)) continue;
    known += 1;
    if (!FEDERATION_URL.test(url)) refuse('https://specs.apollo.dev/federation/v2.9', 'Write the URL so.');
    else if (known > 1) refuse('one link of federation', 'Merge the imports into one @link.');
  }
  return findings;
}

// —— directives ——

export function checkOwnDirectives(
  connector: Owner,
  core: Owner,
  connectors: readonly Owner[],
): Diagnostic[] {
  const others = [core, ...connectors.filter((other) => other !== connector)];
  const findings: Diagnostic[] = [];
  for (const directive of connector.schemaDirectives) {
    if (directive.name === 'composeDirective') findings.push(composeFinding(connector, directive));
  }
  for (const type of connector.types.values()) {
    for (const field of type.fields.values()) {
      for (const directive of field.directives) {
        if (directive.name === 'override')
          findings.push(...overrideFinding(field, directive, connector, others));
        if (directive.name === 'provides')
          findings.push(...providesFindings(field, directive, connector, others));
      }
    }
  }
  return findings;
}

const composeFinding = (connector: Owner, { node, text }: UsedDirective): Diagnostic => ({
  code: 'OwnedByGateway',
  ...at(connector, node),
  message: `The directives of the published schema are owned by the gateway (schema/query.graphql); connector ${connector.name} publishes one.`,
  found: text,
  expected: 'no @composeDirective',
  wayOut: 'Remove @composeDirective; the directive itself may stay in the schema of the connector.',
});

/** An @override of a field that another owner has is found where the two are compared. */
function overrideFinding(
  field: Field,
  { node, text }: UsedDirective,
  connector: Owner,
  others: readonly Owner[],
): Diagnostic[] {
  if (others.some((other) => definedBy(other, field.coordinate))) return [];
  const from = node.arguments?.find(({ name }) => name.value === 'from')?.value;
  const name = from?.kind === Kind.STRING ? from.value : '';
  const target = others.find((other) => other.name === name);
  return [
    {
      code: target?.name === CORE ? 'OwnedByGateway' : 'OwnedByAnother',
      ...at(connector, node),
      coordinate: field.coordinate,
      message: `${field.coordinate} of connector ${connector.name} overrides a field that ${target === undefined ? 'nobody' : titleOf(target)} ${target === undefined ? 'has' : 'does not have'}.`,
      found: text,
      expected: 'no @override: the connector is the only owner of the field',
      wayOut: 'Remove @override.',
    },
  ];
}

function providesFindings(
  field: Field,
  { node, text }: UsedDirective,
  connector: Owner,
  others: readonly Owner[],
): Diagnostic[] {
  const selection = fieldSetOf(node);
  if (selection === undefined) return [];
  const findings: Diagnostic[] = [];
  for (const coordinate of coordinatesOf(selection, field.typeName, connector)) {
    if (connector.keyFields.has(coordinate) && !isCoreOnly(coordinate, others)) continue;
    const owner = others.find(
      (other) =>
        definedBy(other, coordinate) && (other.name === CORE || !agree(connector, other, coordinate)),
    );
    const element = owner && fieldAt(owner, coordinate);
    if (owner === undefined || element === undefined || definesOwn(connector, coordinate)) continue;
    findings.push({
      code: owner.name === CORE ? 'OwnedByGateway' : 'OwnedByAnother',
      ...at(connector, node),
      coordinate: field.coordinate,
      message: `${coordinate} is owned by ${whereOf(owner, element.node)}; connector ${connector.name} provides it in ${field.coordinate}.`,
      found: text,
      expected: 'fields of this connector alone',
      wayOut:
        owner.name === CORE
          ? 'Remove the field from @provides.'
          : `Remove the field from @provides, or share it: name ${coordinate} in \`shares\` of both manifests.`,
    });
  }
  return findings;
}

const isCoreOnly = (coordinate: string, others: readonly Owner[]): boolean =>
  others.some(
    (other) => other.name === CORE && definedBy(other, coordinate) && !other.keyFields.has(coordinate),
  );

function* coordinatesOf(
  { selections }: SelectionSetNode,
  typeName: string,
  connector: Owner,
): Generator<string> {
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      yield* coordinatesOf(
        selection.selectionSet,
        selection.typeCondition?.name.value ?? typeName,
        connector,
      );
      continue;
    }
    const coordinate = `${typeName}.${selection.name.value}`;
    yield coordinate;
    const below = fieldAt(connector, coordinate)?.typeName;
    if (selection.selectionSet !== undefined && below !== undefined)
      yield* coordinatesOf(selection.selectionSet, below, connector);
  }
}

function fieldAt({ types }: Owner, coordinate: string): Field | undefined {
  const [type = '', field = ''] = coordinate.split('.');
  return types.get(type)?.fields.get(field);
}

const isExternal = (field: Field): boolean => field.directives.some(({ name }) => name === 'external');

/** Does the owner supply the field? */
function definedBy(owner: Owner, coordinate: string): boolean {
  const field = fieldAt(owner, coordinate);
  return field !== undefined && !isExternal(field);
}

const definesOwn = definedBy;
