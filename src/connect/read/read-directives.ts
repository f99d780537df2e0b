// Reads `@source` and `@connect` into data. Reports only what makes a directive unreadable (no name, no URL, no
// selection); the rules of `check/` judge the rest.

import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import {
  ARGUMENTS,
  type ArgumentPlace,
  fieldsOfObject,
  linkVersion,
  readArguments,
  textOf,
} from './arguments.ts';
import type { Links } from './links.ts';
import type { ConnectDirective, HttpMethod, SourceDirective } from './model.ts';
import { readRules } from './read-rules.ts';
import type { Report } from './report.ts';

const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

// —— @source ——

export function readSources(document: DocumentNode, links: Links, report: Report): SourceDirective[] {
  const sources: SourceDirective[] = [];
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const node of definition.directives ?? []) {
      if (node.name.value !== links.source) continue;
      const source = readSource(node, links, report);
      if (source !== undefined) sources.push(source);
    }
  }
  return sources;
}

function readSource(node: ConstDirectiveNode, links: Links, report: Report): SourceDirective | undefined {
  const { version } = links;
  const place: ArgumentPlace = {
    table: ARGUMENTS.source,
    where: `@${links.source}`,
    coordinate: undefined,
    version,
  };
  const args = readArguments(node.arguments, place, report);
  const name = textOf(args.get('name'));
  const httpPlace = { ...place, table: ARGUMENTS.sourceHttp, where: `\`http\` of ${place.where}` };
  const http = readArguments(fieldsOfObject(args.get('http')), httpPlace, report);
  const baseURL = textOf(http.get('baseURL'));
  if (name === undefined || name.value === '') {
    report({
      code: 'EmptySourceName',
      at: name?.node ?? node,
      message: 'A @source has no name.',
      found: name === undefined ? 'no `name`' : 'name: ""',
      expected: '@source(name: "registry", http: { baseURL: "…" })',
      wayOut: 'Add a name, to which @connect(source: "…") refers.',
    });
  }
  if (baseURL === undefined) {
    report({
      code: 'InvalidUrl',
      at: args.get('http') ?? node,
      message: `@source${name === undefined ? '' : ` "${name.value}"`} has no base URL.`,
      found: http.size === 0 ? 'no `http`' : `http: { ${[...http.keys()].join(', ')} }`,
      expected: 'http: { baseURL: "https://…" }',
      wayOut: 'Write the base URL, or take it from the manifest: baseURL: "{$config.baseUrl}".',
    });
  }
  const rules = readRules(args, http, place, report);
  if (name === undefined || name.value === '' || baseURL === undefined) return undefined;
  return { name: name.value, baseURL, node, args, ...rules };
}

// —— @connect ——

/** Definitions that are searched for `@connect`. `checkConnectPlaces` refuses it on an interface. */
export const CONNECTABLE_KINDS: readonly string[] = [
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
];

export interface ReadConnects {
  readonly connects: readonly ConnectDirective[];
  readonly unread: ReadonlySet<string>;
}

export function readConnects(document: DocumentNode, links: Links, report: Report): ReadConnects {
  const connects: ConnectDirective[] = [];
  const unread = new Set<string>();
  const add = (node: ConstDirectiveNode, typeName: string, fieldName: string | undefined) => {
    if (node.name.value !== links.connect) return;
    const coordinate = fieldName === undefined ? typeName : `${typeName}.${fieldName}`;
    const connect = readConnect(node, { typeName, fieldName, coordinate }, links, report);
    if (connect === undefined) unread.add(coordinate);
    else connects.push(connect);
  };
  for (const definition of document.definitions) {
    if (!CONNECTABLE_KINDS.includes(definition.kind) || !('fields' in definition)) continue;
    for (const node of definition.directives ?? [])
      add(node as ConstDirectiveNode, definition.name.value, undefined);
    for (const field of definition.fields ?? []) {
      for (const node of field.directives ?? [])
        add(node as ConstDirectiveNode, definition.name.value, field.name.value);
    }
  }
  return { connects, unread };
}

/** The version of the spec from which a `@connect` may omit `http`. */
const COMPUTED_SINCE = '0.4';

type Position = Pick<ConnectDirective, 'typeName' | 'fieldName' | 'coordinate'>;

function readConnect(
  node: ConstDirectiveNode,
  position: Position,
  links: Links,
  report: Report,
): ConnectDirective | undefined {
  const { coordinate } = position;
  const { version } = links;
  const place: ArgumentPlace = { table: ARGUMENTS.connect, where: `@${links.connect}`, coordinate, version };
  const args = readArguments(node.arguments, place, report);
  const httpPlace = { ...place, table: ARGUMENTS.connectHttp, where: `\`http\` of ${place.where}` };
  const http = readArguments(fieldsOfObject(args.get('http')), httpPlace, report);
  const selection = textOf(args.get('selection'));
  const methods = METHODS.filter((method) => http.has(method));
  const method = methods[0];
  const url = method === undefined ? undefined : textOf(http.get(method));

  const hasHttp = node.arguments?.some(({ name }) => name.value === 'http') === true;
  const isComputed = !hasHttp && version >= COMPUTED_SINCE;
  if (!hasHttp && !isComputed) {
    report({
      code: 'MissingHttpMethod',
      at: node,
      coordinate,
      message: `A @connect without \`http\` needs connect v${COMPUTED_SINCE}.`,
      found: `no \`http\`, and connect v${version}`,
      expected: `http: { GET: "/path" }, or connect v${COMPUTED_SINCE}, which computes the value from the selection alone`,
      wayOut: `Add \`http\` with a method and its URL. For a value that needs no call: ${linkVersion(COMPUTED_SINCE)}.`,
    });
  } else if (url === undefined && !isComputed) {
    report({
      code: 'MissingHttpMethod',
      at: args.get('http') ?? node,
      coordinate,
      message: 'A @connect has no HTTP method.',
      found: http.size === 0 ? 'no method in `http`' : `http: { ${[...http.keys()].join(', ')} }`,
      expected: 'http: { GET: "/path" }, or POST, PUT, PATCH, DELETE',
      wayOut: 'Add the method with its URL to `http`.',
    });
  } else if (methods.length > 1) {
    report({
      code: 'MultipleHttpMethods',
      at: http.get(methods[1] as string),
      coordinate,
      message: 'A @connect has several HTTP methods.',
      found: methods.join(', '),
      expected: 'exactly one method',
      wayOut: 'Keep one method; write a second @connect for the other.',
    });
  }
  if (selection === undefined) {
    report({
      code: 'InvalidSelection',
      at: args.get('selection') ?? node,
      coordinate,
      message: 'A @connect has no selection.',
      found: `@${links.connect}(${[...args.keys()].join(', ')})`,
      expected: 'selection: "id name"',
      wayOut: 'Map values of the answer to fields.',
    });
  }
  const rules = readRules(args, http, place, report);
  const maxBatchSize = readMaxBatchSize(args, place, report);
  if (selection === undefined || (url === undefined && !isComputed)) return undefined;
  const entity = args.get('entity');
  return {
    id: textOf(args.get('id'))?.value,
    source: textOf(args.get('source'))?.value,
    method,
    url,
    body: textOf(http.get('body')),
    selection,
    entity: entity?.kind === Kind.BOOLEAN && entity.value,
    maxBatchSize,
    ...position,
    node,
    args,
    ...rules,
  };
}

function readMaxBatchSize(
  args: ConnectDirective['args'],
  place: ArgumentPlace,
  report: Report,
): number | undefined {
  const nodes = fieldsOfObject(args.get('batch'));
  if (nodes === undefined) return undefined;
  const maxSize = readArguments(
    nodes,
    { ...place, table: ARGUMENTS.batch, where: `\`batch\` of ${place.where}` },
    report,
  ).get('maxSize');
  if (maxSize?.kind !== Kind.INT) return undefined;
  if (Number(maxSize.value) >= 1) return Number(maxSize.value);
  report({
    code: 'GraphQLError',
    at: maxSize,
    coordinate: place.coordinate,
    message: 'A batch must hold at least one key.',
    found: `maxSize: ${maxSize.value}`,
    expected: 'a whole number from 1',
    wayOut: 'Write the number of keys that the endpoint accepts per call, or omit `maxSize`.',
  });
  return undefined;
}
