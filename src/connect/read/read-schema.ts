// Reads a connector's `schema.graphql`: GraphQL text in, a `ConnectorSchema` or every structural mistake out.
// Called by `registry/` at registration. What mappings and templates mean is checked later, where they are compiled.

import {
  type ArgumentNode,
  type ASTNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  parse,
  Source,
  type StringValueNode,
  visit,
} from 'graphql';
import { type Diagnostic, DiagnosticsError } from '../diagnostic.ts';
import { type Links, readLinks, SPEC_VERSIONS } from './links.ts';
import type {
  ConnectDirective,
  ConnectorSchema,
  ErrorRules,
  HeaderRule,
  HttpMethod,
  RequestRules,
  SourceDirective,
  Text,
} from './model.ts';
import { placeOf } from './values.ts';

const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const SOURCE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

type Report = (code: string, node: ASTNode | undefined, message: string, more?: Partial<Diagnostic>) => void;
type Fields = ReadonlyMap<string, ConstValueNode>;

/**
 * @param body the schema text
 * @param file the name that findings carry, e.g. `connectors/postal/schema.graphql`
 * @throws DiagnosticsError with every structural mistake found
 */
export function readConnectorSchema(body: string, file: string): ConnectorSchema {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (code, node, message, more) => {
    diagnostics.push({ code, message, file, ...placeOf(node as { loc?: never }), ...more });
  };
  const document = parseDocument(body, file);
  const result = readLinks(document);
  if (result.kind === 'unknown-version') {
    report('UnknownConnectorsVersion', result.node, 'The schema links an unknown version of the connect spec.', {
      found: result.url,
      expected: SPEC_VERSIONS.map((v) => `v${v}`).join(', '),
      wayOut: 'Link https://specs.apollo.dev/connect/v0.3.',
    });
    throw new DiagnosticsError(diagnostics);
  }
  if (result.kind === 'none') {
    report('NoSourceImport', document.definitions[0], 'The schema does not link the connect spec.', {
      expected: '@link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])',
      wayOut: 'Add the link to `extend schema`.',
    });
    throw new DiagnosticsError(diagnostics);
  }
  const { links } = result;
  const sources = readSources(document, links, report);
  const connects = readConnects(document, links, sources, report);
  if (diagnostics.length > 0) throw new DiagnosticsError(diagnostics);
  return { file, links, sources, connects, document, subgraph: withoutConnect(document, links) };
}

function parseDocument(body: string, file: string): DocumentNode {
  try {
    return parse(new Source(body, file));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const at = error.locations?.[0];
    const message = error.message;
    throw new DiagnosticsError([{ code: 'GraphQLError', message, file, line: at?.line, column: at?.column }]);
  }
}

// —— @source ——

function readSources(document: DocumentNode, links: Links, report: Report): SourceDirective[] {
  const sources: SourceDirective[] = [];
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const node of definition.directives ?? []) {
      if (node.name.value !== links.source) continue;
      const source = readSource(node, report);
      if (source === undefined) continue;
      if (sources.some((other) => other.name === source.name)) {
        report('DuplicateSourceName', node, `Two sources are named "${source.name}".`, {
          wayOut: 'Give each @source of the schema a name of its own.',
        });
      }
      sources.push(source);
    }
  }
  return sources;
}

function readSource(node: ConstDirectiveNode, report: Report): SourceDirective | undefined {
  const args = fieldsOf(node.arguments);
  const name = textOf(args.get('name'));
  const http = objectOf(args.get('http'));
  const baseURL = textOf(http?.get('baseURL'));
  if (name === undefined || name.value === '') {
    report('EmptySourceName', node, 'A @source needs a name.', { expected: '@source(name: "…", http: { … })' });
    return undefined;
  }
  if (!SOURCE_NAME.test(name.value)) {
    report('InvalidSourceName', name.node, 'The name of a @source has characters it may not have.', {
      found: JSON.stringify(name.value),
      expected: 'a letter, then letters, digits, "_" or "-"',
    });
  }
  if (baseURL === undefined) {
    report('InvalidUrl', node, `@source "${name.value}" has no base URL.`, { expected: 'http: { baseURL: "…" }' });
    return undefined;
  }
  return { name: name.value, baseURL, node, ...requestRules(args, http, report) };
}

// —— @connect ——

function readConnects(
  document: DocumentNode,
  links: Links,
  sources: readonly SourceDirective[],
  report: Report,
): ConnectDirective[] {
  const connects: ConnectDirective[] = [];
  const add = (node: ConstDirectiveNode, typeName: string, fieldName: string | undefined) => {
    if (node.name.value !== links.connect) return;
    const connect = readConnect(node, typeName, fieldName, sources, report);
    if (connect === undefined) return;
    if (connect.id !== undefined && connects.some((other) => other.id === connect.id)) {
      report('DuplicateIdName', node, `Two connectors have the id "${connect.id}".`, {
        wayOut: 'Give each @connect an id of its own, or none.',
      });
    }
    connects.push(connect);
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    for (const node of definition.directives ?? []) add(node, definition.name.value, undefined);
    for (const field of definition.fields ?? []) {
      for (const node of field.directives ?? []) add(node, definition.name.value, field.name.value);
    }
  }
  return connects;
}

function readConnect(
  node: ConstDirectiveNode,
  typeName: string,
  fieldName: string | undefined,
  sources: readonly SourceDirective[],
  report: Report,
): ConnectDirective | undefined {
  const coordinate = fieldName === undefined ? typeName : `${typeName}.${fieldName}`;
  const args = fieldsOf(node.arguments);
  const http = objectOf(args.get('http'));
  const source = textOf(args.get('source'));
  const selection = textOf(args.get('selection'));
  const methods = METHODS.filter((method) => http?.has(method));
  const method = methods[0];
  const url = method === undefined ? undefined : textOf(http?.get(method));

  if (method === undefined || url === undefined) {
    report('MissingHttpMethod', node, 'A @connect needs one HTTP method with its URL.', {
      coordinate,
      expected: 'http: { GET: "/path" } (or POST, PUT, PATCH, DELETE)',
    });
  } else if (methods.length > 1) {
    report('MultipleHttpMethods', node, 'A @connect has several HTTP methods.', {
      coordinate,
      found: methods.join(', '),
      wayOut: 'Keep one; write a second @connect for the other.',
    });
  }
  if (selection === undefined) {
    report('InvalidSelection', node, 'A @connect needs a selection.', { coordinate, expected: 'selection: "…"' });
  }
  if (source !== undefined && !sources.some((known) => known.name === source.value)) {
    report(sources.length === 0 ? 'NoSourcesDefined' : 'SourceNameMismatch', source.node, 'Unknown source.', {
      coordinate,
      found: JSON.stringify(source.value),
      expected: sources.length === 0 ? 'a @source on the schema' : sources.map((s) => `"${s.name}"`).join(' or '),
    });
  }
  if (url !== undefined) checkUrlKind(url, source !== undefined, coordinate, report);
  if (['Query', 'Mutation', 'Subscription'].includes(typeName) && fieldName === undefined) {
    report('ConnectOnRoot', node, '@connect cannot stand on a root type.', {
      coordinate,
      wayOut: `Put it on a field of ${typeName}.`,
    });
  }
  if (typeName === 'Subscription' && fieldName !== undefined) {
    report('SubscriptionInConnectors', node, 'A connector cannot serve a subscription.', { coordinate });
  }
  if (method === undefined || url === undefined || selection === undefined) return undefined;

  const batch = objectOf(args.get('batch'));
  const maxSize = batch?.get('maxSize');
  const entity = args.get('entity');
  return {
    id: textOf(args.get('id'))?.value,
    source: source?.value,
    method,
    url,
    body: textOf(http?.get('body')),
    selection,
    entity: entity?.kind === Kind.BOOLEAN && entity.value,
    maxBatchSize: maxSize?.kind === Kind.INT ? Number(maxSize.value) : undefined,
    typeName,
    fieldName,
    node,
    ...requestRules(args, http, report),
  };
}

function checkUrlKind(url: Text, hasSource: boolean, coordinate: string, report: Report): void {
  const absolute = /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(url.value);
  if (absolute && hasSource) {
    report('AbsoluteConnectUrlWithSource', url.node, 'A @connect with a source has an absolute URL.', {
      coordinate,
      wayOut: 'Leave the host to the @source and write the path only, or drop `source`.',
    });
  }
  if (!absolute && !hasSource) {
    report('RelativeConnectUrlWithoutSource', url.node, 'A @connect without a source has a relative URL.', {
      coordinate,
      wayOut: 'Name a `source`, or write the whole URL.',
    });
  }
}

// —— what both directives share ——

function requestRules(args: Fields, http: Fields | undefined, report: Report): RequestRules {
  const errors = objectOf(args.get('errors'));
  const rules: ErrorRules | undefined =
    errors === undefined
      ? undefined
      : { message: textOf(errors.get('message')), extensions: textOf(errors.get('extensions')) };
  return {
    headers: readHeaders(http?.get('headers'), report),
    path: textOf(http?.get('path')),
    queryParams: textOf(http?.get('queryParams')),
    isSuccess: textOf(args.get('isSuccess')),
    errors: rules,
  };
}

function readHeaders(node: ConstValueNode | undefined, report: Report): HeaderRule[] {
  if (node === undefined) return [];
  const items = node.kind === Kind.LIST ? node.values : [node];
  const rules: HeaderRule[] = [];
  for (const item of items) {
    const fields = objectOf(item);
    const name = textOf(fields?.get('name'))?.value;
    const value = textOf(fields?.get('value'));
    const from = textOf(fields?.get('from'))?.value;
    if (name === undefined || (value === undefined) === (from === undefined)) {
      report('InvalidHeader', item, 'A header needs a name and either `value` or `from`.', {
        expected: '{ name: "X-Name", value: "…" } or { name: "X-Name", from: "X-Client-Header" }',
      });
      continue;
    }
    if (rules.some((rule) => rule.name.toLowerCase() === name.toLowerCase())) {
      report('HttpHeaderNameCollision', item, `The header "${name}" is given twice.`);
      continue;
    }
    rules.push(value !== undefined ? { name, value, node: item } : { name, from: from as string, node: item });
  }
  return rules;
}

const fieldsOf = (nodes: readonly ArgumentNode[] | undefined): Fields =>
  new Map((nodes ?? []).map((node) => [node.name.value, node.value as ConstValueNode]));

const objectOf = (node: ConstValueNode | undefined): Fields | undefined =>
  node?.kind === Kind.OBJECT ? new Map(node.fields.map((field) => [field.name.value, field.value])) : undefined;

const textOf = (node: ConstValueNode | undefined): Text | undefined =>
  node?.kind === Kind.STRING ? { value: node.value, node: node as StringValueNode } : undefined;

// —— the plain subgraph ——

/** The document without connect directives and links; nodes keep their places in the file. */
function withoutConnect(document: DocumentNode, links: Links): DocumentNode {
  const stripped: DocumentNode = visit(document, {
    Directive(node) {
      const name = node.name.value;
      if (name === links.connect || name === links.source) return null;
      if (links.own.has(node as ConstDirectiveNode)) return null;
      return undefined;
    },
  });
  return { ...stripped, definitions: stripped.definitions.filter((d) => !isEmptySchemaExtension(d)) };
}

const isEmptySchemaExtension = (definition: DefinitionNode): boolean =>
  definition.kind === Kind.SCHEMA_EXTENSION &&
  (definition.directives ?? []).length === 0 &&
  (definition.operationTypes ?? []).length === 0;
