// Between connectors a field has one owner, unless the manifests of both name it. Fields that are a key on both sides are the
// exception: they are how connectors refer to the same object.

import type { Diagnostic } from '../../diagnostic.ts';
import { differencesOf, neutral } from './differences.ts';
import { agree, at, type Owner, shares, titleOf, whereOf } from './owners.ts';
import type { Element, Field, SubgraphType } from './read-subgraph.ts';

/** The field that the gateway adds to every entity. */
const ADDED = 'provenance';

/** @returns one finding per mistake, at the connector that comes later */
export function checkBetween(later: Owner, earlier: Owner, core: Owner): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const [name, type] of later.types) {
    const other = earlier.types.get(name);
    if (other === undefined) continue;
    const owned = core.types.get(name);
    // Of a type of the gateway, the fields that both add remain.
    findings.push(
      ...(owned !== undefined || later.roots.has(name)
        ? checkFields(type, other, later, earlier, owned)
        : checkType(type, other, later, earlier)),
    );
  }
  return findings;
}

function checkType(type: SubgraphType, other: SubgraphType, later: Owner, earlier: Owner): Diagnostic[] {
  const isAgreed =
    agree(later, earlier, type.coordinate) || (later.shares === undefined && earlier.shares === undefined);
  const isInterfaceObject = [type, other].some(({ directives }) =>
    directives.some(({ name }) => name === 'interfaceObject'),
  );
  if (type.kind === 'scalar' && other.kind === 'scalar')
    return restrictionFindings(type, other, type, other, later, earlier);
  const areEntities = type.kind === 'type' && other.kind === 'type' && isKeyed(type) && isKeyed(other);
  if (!isAgreed && !(areEntities && !isInterfaceObject)) {
    const owner = `${other.kind} ${other.coordinate}`;
    const expected =
      isAgreedByOne(later, earlier, type.coordinate) ??
      `a type with another name, or a key of ${owner} on both sides`;
    return [
      refusal(type, other, later, earlier, {
        found: `a second ${type.kind} ${type.coordinate}${isInterfaceObject ? ' with @interfaceObject' : ''}`,
        expected,
        wayOut: `Rename the ${type.kind}${type.kind === 'type' ? ', refer to it by its @key,' : ''} or ${agreementText(type.coordinate, later, earlier)}`,
      }),
    ];
  }
  if (isInterfaceObject && type.kind !== other.kind) return [];
  if (type.kind !== other.kind || type.kind !== 'type')
    return type.kind === other.kind
      ? differenceFindings(type, other, later, earlier)
      : [
          refusal(type, other, later, earlier, {
            found: type.kind,
            expected: other.kind,
            wayOut: 'Declare the same kind of type, or rename one of the two.',
          }),
        ];
  const findings = [
    ...descriptionFindings(type, other, type, other, later, earlier),
    ...restrictionFindings(type, other, type, other, later, earlier),
    ...joinedByType(checkFields(type, other, later, earlier), type, other, later, earlier),
  ];
  const mine = [...type.interfaces].filter((name) => !other.interfaces.has(name));
  const theirs = [...other.interfaces].filter((name) => !type.interfaces.has(name));
  if (!isAgreed && (mine.length > 0 || (theirs.length > 0 && !type.isReference))) {
    const text = (names: ReadonlySet<string>) => [...names].join(' & ') || 'none';
    findings.push(
      refusal(type, other, later, earlier, {
        found: `interfaces: ${text(type.interfaces)}`,
        expected: `interfaces: ${text(other.interfaces)}`,
        wayOut: `Declare the same interfaces, or ${agreementText(type.coordinate, later, earlier)}`,
      }),
    );
  }
  return findings;
}

/** Begins what was found where a field is declared again. */
const SECOND = 'a second ';

/** Several fields that a type declares again are one mistake: the type was repeated. */
function joinedByType(
  findings: readonly Diagnostic[],
  type: SubgraphType,
  other: SubgraphType,
  later: Owner,
  earlier: Owner,
): Diagnostic[] {
  const repeated = findings.filter(({ found }) => found?.startsWith(SECOND));
  if (repeated.length < 2) return [...findings];
  const coordinates = repeated.map(({ coordinate = '' }) => coordinate);
  const joined = refusal(type, other, later, earlier, {
    found: `${SECOND}${coordinates.join(', ')}`,
    expected: `the key of ${type.coordinate}, and fields that ${titleOf(earlier)} does not have`,
    wayOut: `Remove or rename the fields, mark them @external to read them, or ${agreementText(type.coordinate, later, earlier)}`,
  });
  return [joined, ...findings.filter((row) => !repeated.includes(row))];
}

const isKeyed = ({ keys }: SubgraphType): boolean => keys.length > 0;

function checkFields(
  type: SubgraphType,
  other: SubgraphType,
  later: Owner,
  earlier: Owner,
  owned?: SubgraphType,
): Diagnostic[] {
  const isRoot = later.roots.has(type.coordinate);
  const findings: Diagnostic[] = [];
  for (const field of type.fields.values()) {
    const otherField = other.fields.get(field.name);
    if (otherField === undefined || owned?.fields.has(field.name) === true) continue;
    if (field.name === ADDED && field.typeName === 'Provenance') continue;
    const isReference = isExternal(field, type) || isExternal(otherField, other);
    const override = [field, otherField].find((one) =>
      one.directives.some(({ name }) => name === 'override'),
    );
    const isKey =
      (later.keyFields.has(field.coordinate) && earlier.keyFields.has(field.coordinate)) ||
      [type, other].some(({ keys }) => isEntry(field, keys));
    const isAgreed =
      agree(later, earlier, field.coordinate) ||
      (isShareable(field, type, later) && isShareable(otherField, other, earlier));
    if (!isAgreed && !isReference && (override !== undefined || !isKey)) {
      const found =
        override === undefined
          ? `${SECOND}${field.coordinate}`
          : `@override on the field of ${titleOf(override === field ? later : earlier)}`;
      const wayOut = isRoot
        ? `Rename the field, or ${agreementText(field.coordinate, later, earlier)}`
        : `Rename the field, mark it @external to read it, or ${agreementText(field.coordinate, later, earlier)}`;
      const expected =
        isAgreedByOne(later, earlier, field.coordinate) ?? `the field of ${titleOf(earlier)} alone`;
      findings.push(refusal(field, otherField, later, earlier, { found, expected, wayOut }));
      continue;
    }
    findings.push(
      ...differenceFindings(field, otherField, later, earlier),
      ...descriptionFindings(field, otherField, type, other, later, earlier),
      ...restrictionFindings(field, otherField, type, other, later, earlier),
    );
  }
  return findings;
}

/** A field of every key: the connector has the value before it is asked for an object. */
const isEntry = ({ name }: Field, keys: SubgraphType['keys']): boolean =>
  keys.length > 0 && keys.every((leaves) => [...leaves].some((leaf) => leaf.split('.')[0] === name));

/** Without a manifest, which could name the other connector, the schema alone agrees. */
const isShareable = (field: Field, type: SubgraphType, { shares }: Owner): boolean =>
  shares === undefined &&
  [field, type].some(({ directives }) => directives.some(({ name }) => name === 'shareable'));

const isExternal = (field: Field, type: SubgraphType): boolean =>
  [field, type].some(({ directives }) => directives.some(({ name }) => name === 'external'));

function differenceFindings(
  element: SubgraphType | Field,
  other: SubgraphType | Field,
  later: Owner,
  earlier: Owner,
): Diagnostic[] {
  const [difference] = differencesOf(element, other).filter(
    ({ element: { coordinate }, code, found, expected }) =>
      code === undefined ||
      found.replace(/!$/, '') !== expected.replace(/!$/, '') ||
      !(later.relaxed.has(coordinate) || earlier.relaxed.has(coordinate)),
  );
  if (difference === undefined) return [];
  const { code, found, expected } = difference;
  const finding = refusal(difference.element, difference.ownedElement ?? other, later, earlier, {
    found,
    expected: `${expected}, as ${titleOf(earlier)} declares it`,
    wayOut: 'Declare it alike in both: composition would publish the weaker of the two.',
  });
  return [{ ...finding, ...(code && { code }) }];
}

/** Two texts for one element: the order of the folders would decide which of them is published. */
function descriptionFindings(
  element: Element,
  other: Element,
  type: SubgraphType,
  otherType: SubgraphType,
  later: Owner,
  earlier: Owner,
): Diagnostic[] {
  const { description } = element;
  if (description === undefined || other.description === undefined || description === other.description)
    return [];
  if (type.isReference || otherType.isReference) return [];
  return [
    refusal(element, other, later, earlier, {
      found: 'another description',
      expected: `no description, or that of ${titleOf(earlier)}`,
      wayOut: 'Remove one of the two.',
    }),
  ];
}

/** Directives that decide what is published, who may read it or what it costs. */
const restrictionsOf = ({ directives }: Element): string[] =>
  directives
    .filter(
      ({ name }) =>
        !neutral.onType.has(name) &&
        !neutral.onField.has(name) &&
        name !== 'override' &&
        name !== 'interfaceObject',
    )
    .map(({ text }) => text)
    .sort();

function restrictionFindings(
  element: Element,
  other: Element,
  type: SubgraphType,
  otherType: SubgraphType,
  later: Owner,
  earlier: Owner,
): Diagnostic[] {
  const mine = restrictionsOf(element);
  const theirs = restrictionsOf(other);
  const isWithin = (some: readonly string[], all: readonly string[]) =>
    some.every((text) => all.includes(text));
  const isAllowed =
    (type.isReference && isWithin(mine, theirs)) ||
    (otherType.isReference && isWithin(theirs, mine)) ||
    (isWithin(mine, theirs) && isWithin(theirs, mine));
  if (isAllowed) return [];
  return [
    refusal(element, other, later, earlier, {
      found: mine.join(' ') || 'no directive',
      expected: theirs.join(' ') || 'no directive',
      wayOut: 'Use the same directives in both: they decide for the other connector, too.',
    }),
  ];
}

function refusal(
  element: Element,
  other: Element,
  later: Owner,
  earlier: Owner,
  says: Pick<Diagnostic, 'found' | 'expected' | 'wayOut'>,
): Diagnostic {
  return {
    code: 'OwnedByAnother',
    ...at(later, element.node),
    coordinate: element.coordinate,
    message: `${element.coordinate} is owned by ${whereOf(earlier, other.node)}; connector ${later.name} declares it, too.`,
    ...says,
  };
}

/** What the manifests lack when only one of them shares the element. */
function isAgreedByOne(later: Owner, earlier: Owner, coordinate: string): string | undefined {
  const [has, lacks] = shares(later, earlier, coordinate) ? [later, earlier] : [earlier, later];
  if (!shares(has, lacks, coordinate)) return undefined;
  return `${coordinate} in \`shares.${has.name}\` of ${titleOf(lacks)}, too: only ${titleOf(has)} shares it`;
}

const agreementText = (coordinate: string, a: Owner, b: Owner): string =>
  `share it: add ${coordinate} to shares.${b.name} in the manifest of ${a.name}, and to shares.${a.name} in the manifest of ${b.name}.`;
