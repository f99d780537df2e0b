// Reads a connector's `schema.graphql`: takes GraphQL text, returns a `ConnectorSchema` or throws every error. A sound
// schema is checked when it is compiled; a schema with structural errors is checked here as far as it could be read, so
// that its author sees all findings at once.

import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  Source,
  type Token,
  TokenKind,
} from 'graphql';
import { type Diagnostic, DiagnosticsError, inOrder, isError } from '../../diagnostic.ts';
import { checkConnector } from '../check/check-connector.ts';
import { readFederationNames } from './federation.ts';
import { type Links, readLinks, SPEC_VERSIONS } from './links.ts';
import type { ConnectorSchema } from './model.ts';
import { parseTexts } from './parse-texts.ts';
import { CONNECTABLE_KINDS, readConnects, readSources } from './read-directives.ts';
import { createReport, type Finding, type Report, untilEnough } from './report.ts';
import { indexTypes } from './types.ts';

/**
 * @param body the schema text
 * @param file the file name in findings, e.g. `connectors/postal/schema.graphql`
 * @throws DiagnosticsError with every structural error, and with the errors that the checks find in such a schema
 */
export function readConnectorSchema(body: string, file: string): ConnectorSchema {
  const { schema, diagnostics } = readStructure(body, file);
  if (schema === undefined) throw new DiagnosticsError(diagnostics);
  if (diagnostics.length === 0) return schema;
  const further = checkConnector(parseTexts(schema)).filter(isError);
  throw new DiagnosticsError(inOrder([...diagnostics, ...further]));
}

interface Structure {
  /** `undefined` when the text is not GraphQL, or does not link the connect spec. */
  readonly schema: ConnectorSchema | undefined;
  readonly diagnostics: Diagnostic[];
}

function readStructure(body: string, file: string): Structure {
  const diagnostics: Diagnostic[] = [];
  const report = createReport(file, diagnostics);
  let schema: ConnectorSchema | undefined;
  untilEnough(() => {
    const document = parseDocument(body, file, report);
    const links = document && linksOf(document, report);
    if (document === undefined || links === undefined) return;
    const types = indexTypes(document);
    for (const { coordinate, node } of types.duplicates) {
      report({
        code: 'GraphQLError',
        at: node,
        coordinate,
        message: `${coordinate} is defined twice.`,
        found: `a second ${coordinate}`,
        expected: 'one definition',
        wayOut: 'Rename one of the two, or remove it.',
      });
    }
    const sources = readSources(document, links, report);
    const { connects, unread } = readConnects(document, links, report);
    const federation = readFederationNames(document);
    const subgraph = withoutConnect(document, links);
    schema = { file, links, federation, sources, connects, unread, types, document, subgraph };
  });
  return { schema, diagnostics };
}

/** Brackets nested at most: later steps are recursive. */
const MAX_NESTING = 100;

function parseDocument(body: string, file: string, report: Report): DocumentNode | undefined {
  try {
    const document = parse(new Source(body, file));
    const deep = tooDeep(document);
    if (deep !== undefined) report(nestedTooDeep(deep));
    return deep === undefined ? document : undefined;
  } catch (error) {
    // The parser of GraphQL is recursive: deep nesting exhausts its stack.
    if (error instanceof RangeError) report(nestedTooDeep(undefined));
    else if (error instanceof GraphQLError) report(syntaxError(error));
    else throw error;
    return undefined;
  }
}

/** The first token that is nested too deeply. */
function tooDeep({ loc }: DocumentNode): Token | undefined {
  let depth = 0;
  for (let token: Token | null | undefined = loc?.startToken; token != null; token = token.next) {
    const { kind } = token;
    if (kind === TokenKind.BRACKET_L || kind === TokenKind.BRACE_L || kind === TokenKind.PAREN_L) depth++;
    else if (kind === TokenKind.BRACKET_R || kind === TokenKind.BRACE_R || kind === TokenKind.PAREN_R)
      depth--;
    if (depth > MAX_NESTING) return token;
  }
  return undefined;
}

const nestedTooDeep = (token: Token | undefined): Finding => ({
  code: 'GraphQLError',
  at: token,
  message: 'Brackets are nested too deeply.',
  found: `more than ${MAX_NESTING} levels`,
  expected: `at most ${MAX_NESTING} levels`,
  wayOut: 'Close the brackets earlier; the rest of the file has not been read.',
});

const SYNTAX_ERROR = 'Syntax Error: ';
const EXPECTED = `${SYNTAX_ERROR}Expected `;
const FOUND = ', found ';

function syntaxError({ message, locations }: GraphQLError): Finding {
  // The message may quote a text of any length, so it is not matched by a regular expression.
  const split = message.startsWith(EXPECTED) ? message.indexOf(FOUND) : -1;
  const expected = split === -1 ? undefined : message.slice(EXPECTED.length, split);
  const rest = split === -1 ? message.slice(SYNTAX_ERROR.length) : message.slice(split + FOUND.length);
  const found = rest.endsWith('.') && split !== -1 ? rest.slice(0, -1) : rest;
  return {
    code: 'GraphQLError',
    at: locations?.[0],
    message: 'The text is not valid GraphQL.',
    found: found === '<EOF>' ? 'the end of the file' : found,
    expected: expected === 'Name' ? 'a name' : (expected ?? 'a GraphQL schema document'),
    wayOut: 'Correct the GraphQL at this position or just before it; the rest of the file has not been read.',
  };
}

function linksOf(document: DocumentNode, report: Report): Links | undefined {
  const result = readLinks(document);
  if (result.kind === 'links') return result.links;
  if (result.kind === 'unknown-version') {
    report({
      code: 'UnknownConnectorsVersion',
      at: result.node,
      message: 'The schema links an unknown version of the connect spec.',
      found: result.url,
      expected: SPEC_VERSIONS.map((version) => `https://specs.apollo.dev/connect/v${version}`).join(' or '),
      wayOut: 'Link one of these; v0.3 has every feature except interfaces and unions.',
    });
    return undefined;
  }
  report({
    code: 'NoSourceImport',
    at: document.definitions[0],
    message: 'The schema does not link the connect spec, so @source and @connect have no effect.',
    found: 'no @link of https://specs.apollo.dev/connect',
    expected: '@link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])',
    wayOut: 'Add the link to `extend schema`.',
  });
  return undefined;
}

// —— the plain subgraph ——

/** The document without connect directives and links; nodes keep their positions in the file. */
function withoutConnect(document: DocumentNode, links: Links): DocumentNode {
  const isOurs = (node: ConstDirectiveNode) => {
    const name = node.name.value;
    return name === links.connect || name === links.source || links.own.has(node);
  };
  const stripped = document.definitions.map((definition) => {
    if (!('directives' in definition) && !('fields' in definition)) return definition;
    const bare = withoutDirectives(definition as Connectable, isOurs);
    const fields = (bare as ObjectTypeDefinitionNode).fields;
    if (!CONNECTABLE_KINDS.includes(definition.kind) || fields === undefined) return bare as DefinitionNode;
    return {
      ...bare,
      fields: fields.map((field) => withoutDirectives(field, isOurs)),
    } as unknown as DefinitionNode;
  });
  return { ...document, definitions: stripped.filter((definition) => !isEmptySchemaExtension(definition)) };
}

type Connectable = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

/** Returns the same node when it has none of these directives, as most fields do. */
const withoutDirectives = <T extends Connectable>(
  node: T,
  isOurs: (directive: ConstDirectiveNode) => boolean,
): T =>
  node.directives?.some(isOurs) === true
    ? { ...node, directives: node.directives.filter((directive) => !isOurs(directive)) }
    : node;

const isEmptySchemaExtension = (definition: DefinitionNode): boolean =>
  definition.kind === Kind.SCHEMA_EXTENSION &&
  (definition.directives ?? []).length === 0 &&
  (definition.operationTypes ?? []).length === 0;
