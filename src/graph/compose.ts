// Composes the subgraphs of the core and of the connectors into the unified public schema, or reports every reason why they do not
// compose, with file, line and remedy.

import { composeServices } from '@theguild/federation-composition';
import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  parse,
  printSchema,
  Source,
} from 'graphql';
import type { CompiledConnector } from '../connect/compile-connector.ts';
import { placeOf } from '../connect/read/values.ts';
import { type Diagnostic, DiagnosticsError, firstFindings, isError, MAX_FINDINGS } from '../diagnostic.ts';
import { POLICIES } from './access/policies.ts';
import { readRequirements } from './access/requirements.ts';
import { checkOwnership } from './ownership/check-ownership.ts';
import { unpublishedDescriptions, withoutOwnedDescriptions } from './ownership/own-descriptions.ts';
import { CORE, createOwner } from './ownership/owners.ts';
import { checkPublished } from './ownership/published-core.ts';
import { completeSubgraph } from './subgraphs.ts';

/** One file of the core schema. */
export interface SchemaFile {
  readonly file: string;
  readonly body: string;
}

export interface Composed {
  /** The unified schema as clients see it, without resolvers. */
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly sdl: string;
  /** Findings that do not refuse a connector. */
  readonly warnings: readonly Diagnostic[];
}

interface Subgraph {
  readonly name: string;
  readonly document: DocumentNode;
}

/** Core types that the gateway adds to objects of connectors. */
const SHARED = new Set(['Provenance', 'Freshness', 'DateTime']);

/** Core types of the argument that states a purpose. */
const SHARED_FOR_PURPOSE = new Set(['PurposeInput', 'DossierCode', 'ProcedureCode']);

/**
 * @param core the files of `schema/`, together one subgraph named `dossiers`
 * @throws DiagnosticsError with every composition error
 */
export function composeSchema(
  core: readonly SchemaFile[],
  connectors: readonly CompiledConnector[],
): Composed {
  const coreDocument = parseCore(core);
  const shared = coreDocument.definitions.filter((definition) => isNamed(definition, SHARED));
  const forPurpose = coreDocument.definitions.filter((definition) => isNamed(definition, SHARED_FOR_PURPOSE));
  const coreFields = new Set(fieldsOf(coreDocument));
  const owner = createOwner(CORE, 'schema/query.graphql', coreDocument);
  const owners = connectors.map((connector) => {
    const added = connector.requiresPurpose ? [...shared, ...forPurpose] : shared;
    const document = completeSubgraph(connector, added, coreFields);
    const { id, schema, shares, nullable } = connector;
    return createOwner(id, schema.file, document, { shares, relaxed: nullable });
  });
  const ownership = checkOwnership(owner, owners);
  if (ownership.some(isError)) throw new DiagnosticsError(ownership.filter(isError));
  const subgraphs: Subgraph[] = [
    { name: CORE, document: coreDocument },
    ...owners.map(({ name, document }) => ({ name, document: withoutOwnedDescriptions(document, owner) })),
  ];

  const unknown = unknownPolicies(subgraphs);
  if (unknown.length > 0) throw new DiagnosticsError(firstFindings('(composition)', unknown));

  const result = composeServices(subgraphs.map(({ name, document }) => ({ name, typeDefs: document })));
  if (result.errors !== undefined) {
    const errors = result.errors.slice(0, MAX_FINDINGS + 1).map((error) => toDiagnostic(error, subgraphs));
    throw new DiagnosticsError(firstFindings('(composition)', errors));
  }
  const document = parseComposed(result.publicSdl);
  const changed = checkPublished(document, owner);
  if (changed.length > 0) throw new DiagnosticsError(firstFindings('(composition)', changed));
  const warnings = [...ownership, ...owners.flatMap((each) => unpublishedDescriptions(each, owner))];
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  return { schema, document, sdl: result.publicSdl, warnings };
}

/** The subgraph of the gateway itself. */
export const parseCore = (core: readonly SchemaFile[]): DocumentNode => ({
  kind: Kind.DOCUMENT,
  definitions: core.flatMap(({ file, body }) => parse(new Source(body, file)).definitions),
});

/** Coordinates of the fields of objects and interfaces. */
function* fieldsOf({ definitions }: DocumentNode): Generator<string> {
  for (const definition of definitions) {
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) yield `${definition.name.value}.${field.name.value}`;
  }
}

/** The document of a schema that has been composed before. */
export const parseComposed = (sdl: string): DocumentNode => parse(sdl, { noLocation: true });

/** The text of `schema/published.graphql`: sorted, so that a diff shows only changes of the API. */
export const printPublished = (composed: Composed): string =>
  `# The whole unified schema, as front-end teams see it. Generated by \`npm run generate\`; do not edit.\n\n${printSchema(
    lexicographicSortSchema(composed.schema),
  )}\n`;

const isNamed = (definition: DefinitionNode, names: ReadonlySet<string>): boolean =>
  'name' in definition && names.has(definition.name?.value ?? '');

// —— policies ——

/** A policy that the gateway does not have would refuse its fields to everybody. */
function unknownPolicies(subgraphs: readonly Subgraph[]): Diagnostic[] {
  const known = Object.keys(POLICIES);
  return subgraphs.flatMap(({ document }) =>
    [...readRequirements([document]).at].flatMap(([coordinate, { policies }]) =>
      [...new Set(policies.flat(2))]
        .filter((name) => !known.includes(name))
        .map((name) => ({
          code: 'UnknownPolicy',
          file: '(composition)',
          ...locate(document, coordinate),
          coordinate,
          message: 'A policy of @policy is not one that the gateway has.',
          found: name,
          expected: `one of ${known.join(', ')}`,
          wayOut: 'Correct the name, or require scopes with @requiresScopes.',
        })),
    ),
  );
}

// —— composition errors ——

function toDiagnostic(error: GraphQLError, subgraphs: readonly Subgraph[]): Diagnostic {
  const code = String(error.extensions.code ?? 'COMPOSITION_ERROR');
  const named = error.nodes?.[0]?.loc;
  const base = { code, message: error.message.trim(), wayOut: WAYS_OUT[code] };
  if (named !== undefined) {
    return { ...base, file: named.source.name, line: named.startToken.line, column: named.startToken.column };
  }
  // Most composition errors quote a coordinate. The last subgraph that defines it is the one that was added last.
  for (const [, coordinate] of error.message.matchAll(/"([A-Za-z_]\w*(?:\.\w+)?)(?:\(\w+:\))?"/g)) {
    for (const subgraph of subgraphs.toReversed()) {
      const found = locate(subgraph.document, coordinate as string);
      if (found !== undefined) return { ...base, ...found, coordinate };
    }
  }
  return { ...base, file: '(composition)' };
}

function locate(
  document: DocumentNode,
  coordinate: string,
): Pick<Diagnostic, 'file' | 'line' | 'column'> | undefined {
  const [typeName, fieldName] = coordinate.split('.');
  for (const definition of document.definitions) {
    if (!('name' in definition) || definition.name?.value !== typeName) continue;
    const fields = 'fields' in definition ? (definition.fields ?? []) : [];
    const node =
      fieldName === undefined ? definition : fields.find((field) => field.name.value === fieldName);
    const source = node?.loc?.source.name;
    // A definition begins with its description; the name is on the line that the reader looks for.
    if (source !== undefined) return { file: source, ...placeOf(node?.name as never) };
  }
  return undefined;
}

const WAYS_OUT: Readonly<Record<string, string>> = {
  FIELD_TYPE_MISMATCH: 'Declare the field with the same type in every subgraph that defines it.',
  INVALID_FIELD_SHARING: 'Define the field in one subgraph only, or mark it @shareable in all of them.',
  SATISFIABILITY_ERROR:
    'Add a @key to the type that the other subgraph has as well, or define the field where the type is resolved.',
  INVALID_GRAPHQL: 'Correct the schema at this line.',
  ENUM_VALUE_MISMATCH: 'Declare the enum with the same values in every subgraph that uses it.',
};
