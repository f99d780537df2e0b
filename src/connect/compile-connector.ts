// From a read connector schema and its configuration to compiled operations: every template and mapping is parsed and
// compiled here, once, at registration. Called by `registry/`; gives operations or every mistake with its place.

import type { ObjectTypeDefinitionNode } from 'graphql';
import { Kind } from 'graphql';
import { type Diagnostic, DiagnosticsError } from './diagnostic.ts';
import {
  type CompiledMapping,
  compileMapping,
  MappingSyntaxError,
  type MappingVariables,
  parseSelection,
  shapeOf,
  type VariableUse,
} from './mapping/index.ts';
import type { ConnectDirective, ConnectorSchema, HeaderRule, SourceDirective, Text } from './read/model.ts';
import { placeInString, placeOf } from './read/values.ts';
import { type CompiledHeader, compileHeaders, isReserved } from './request/headers.ts';
import { createOperation, type Operation } from './request/operation.ts';
import { compileTemplate, type LanguageOptions, type TemplatePart } from './request/template.ts';
import { compileUrl, UrlError } from './request/url.ts';

export interface ConnectorSettings {
  readonly id: string;
  /** `$config` of the manifest, `baseUrl` included. */
  readonly config: Readonly<Record<string, unknown>>;
  /** `$env`: only what the manifest lets through. */
  readonly env: Readonly<Record<string, string>>;
}

export interface CompiledConnector {
  readonly id: string;
  readonly schema: ConnectorSchema;
  readonly operations: readonly Operation[];
  /** Types this connector resolves by key or by an `entity: true` root field. */
  readonly entityTypes: ReadonlySet<string>;
  readonly portable: boolean;
}

/**
 * @throws DiagnosticsError with every mistake in templates, mappings and URLs
 */
export function compileConnector(schema: ConnectorSchema, settings: ConnectorSettings): CompiledConnector {
  const diagnostics: Diagnostic[] = [];
  const { version, extensions } = schema.links;
  const compiler = createTextCompiler(schema.file, { version, extensions }, diagnostics);
  const constants: MappingVariables = { config: settings.config, env: settings.env };
  const operations: Operation[] = [];
  for (const connect of schema.connects) {
    const source = schema.sources.find((candidate) => candidate.name === connect.source);
    const operation = compileOperation(connect, source, settings.id, compiler, constants, schema);
    if (operation !== undefined) operations.push(operation);
  }
  if (diagnostics.length > 0) throw new DiagnosticsError(diagnostics);
  return {
    id: settings.id,
    schema,
    operations,
    entityTypes: entityTypesOf(schema, operations),
    portable: operations.every((operation) => operation.portable),
  };
}

// —— one text: parse, compile, or a finding with its place ——

interface TextCompiler {
  readonly selection: (text: Text, coordinate: string) => ReturnType<typeof parseSelection> | undefined;
  readonly mapping: (text: Text | undefined, code: string, coordinate: string) => CompiledMapping | undefined;
  readonly template: (text: Text, code: string, coordinate: string) => TemplatePart[] | undefined;
  readonly report: (text: Text, code: string, coordinate: string, message: string) => void;
  readonly language: LanguageOptions;
}

function createTextCompiler(file: string, language: LanguageOptions, diagnostics: Diagnostic[]): TextCompiler {
  const attempt = <T>(text: Text, code: string, coordinate: string, compile: () => T): T | undefined => {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof MappingSyntaxError)) throw error;
      const place = placeInString(text.node, error.position);
      const { expected, found, hint } = error;
      const message = 'The text cannot be read as a mapping.';
      diagnostics.push({ code, message, file, ...place, coordinate, found, expected, wayOut: hint });
      return undefined;
    }
  };
  return {
    language,
    selection: (text, coordinate) =>
      attempt(text, 'InvalidSelection', coordinate, () => parseSelection(text.value, language)),
    mapping: (text, code, coordinate) =>
      text && attempt(text, code, coordinate, () => compileMapping(parseExpressionOrSelection(text, language))),
    template: (text, code, coordinate) =>
      attempt(text, code, coordinate, () => compileTemplate(text.value, language)),
    report: (text, code, coordinate, message) =>
      diagnostics.push({ code, message, file, ...placeOf(text.node), coordinate }),
  };
}

/** Bodies and error rules are written as selections (`a: $args.a`) or as one expression (`$args.input`, `$({ … })`). */
const parseExpressionOrSelection = (text: Text, language: LanguageOptions) => parseSelection(text.value, language);

// —— one @connect ——

function compileOperation(
  connect: ConnectDirective,
  source: SourceDirective | undefined,
  connector: string,
  compiler: TextCompiler,
  constants: MappingVariables,
  schema: ConnectorSchema,
): Operation | undefined {
  const coordinate = connect.fieldName === undefined ? connect.typeName : `${connect.typeName}.${connect.fieldName}`;
  const { mapping, template } = compiler;
  const base = source && template(source.baseURL, 'InvalidUrl', `@source(name: "${source.name}")`);
  const url = template(connect.url, 'InvalidUrl', coordinate);
  const ast = compiler.selection(connect.selection, coordinate);
  const body = mapping(connect.body, 'InvalidBody', coordinate);
  const isSuccess = mapping(connect.isSuccess ?? source?.isSuccess, 'InvalidIsSuccess', coordinate);
  const errors = [source?.errors, connect.errors].flatMap((rules) =>
    rules === undefined
      ? []
      : [
          {
            message: mapping(rules.message, 'InvalidErrorsMessage', coordinate),
            extensions: mapping(rules.extensions, 'InvalidErrorsMessage', coordinate),
          },
        ],
  );
  const headers = compileHeaders(
    [...(source?.headers ?? []), ...connect.headers].flatMap((rule) => compileHeader(rule, coordinate, compiler)),
  );
  if (url === undefined || ast === undefined || (source !== undefined && base === undefined)) return undefined;

  try {
    const compiledUrl = compileUrl(
      {
        base,
        url,
        sourcePath: mapping(source?.path, 'InvalidUrlProperty', coordinate),
        sourceQuery: mapping(source?.queryParams, 'InvalidUrlProperty', coordinate),
        path: mapping(connect.path, 'InvalidUrlProperty', coordinate),
        query: mapping(connect.queryParams, 'InvalidUrlProperty', coordinate),
      },
      constants,
    );
    const selection = compileMapping(ast);
    const requestMappings = [body].filter((m) => m !== undefined);
    const requestUses: VariableUse[] = [
      ...compiledUrl.uses,
      ...headers.uses,
      ...requestMappings.flatMap((m) => [...m.uses]),
    ];
    const batched = requestUses.some((use) => use.variable === '$batch');
    return createOperation(
      {
        connector,
        name: connect.id ?? coordinate,
        coordinate,
        source: connect.source,
        typeName: connect.typeName,
        fieldName: connect.fieldName,
        batchSize: batched ? (connect.maxBatchSize ?? Number.POSITIVE_INFINITY) : undefined,
        entity: connect.entity,
        uses: [...requestUses, ...selection.uses],
        provides: providedKeys(ast),
        portable: !schema.links.extensions || [selection, ...requestMappings].every((m) => m.portable),
      },
      { url: compiledUrl, method: connect.method, headers: headers.render, body, selection, isSuccess, errors },
    );
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    compiler.report(source?.baseURL ?? connect.url, error.code, coordinate, error.message);
    return undefined;
  }
}

function compileHeader(rule: HeaderRule, coordinate: string, compiler: TextCompiler): CompiledHeader[] {
  const name = rule.name.toLowerCase();
  if (rule.value === undefined) return [{ name, from: rule.from.toLowerCase() }];
  if (isReserved(rule)) {
    compiler.report(rule.value, 'InvalidHeader', coordinate, `The header "${rule.name}" belongs to the transport.`);
    return [];
  }
  const parts = compiler.template(rule.value, 'InvalidHeader', coordinate);
  return parts === undefined ? [] : [{ name, parts }];
}

/** The keys that a selection's objects have; undefined where only the answer tells. */
function providedKeys(ast: ReturnType<typeof parseSelection>): ReadonlySet<string> | undefined {
  let shape = shapeOf(ast);
  while (shape.kind === 'list') shape = shape.item;
  return shape.kind === 'object' && !shape.open ? new Set(shape.fields.keys()) : undefined;
}

function entityTypesOf(schema: ConnectorSchema, operations: readonly Operation[]): ReadonlySet<string> {
  const types = new Set<string>();
  for (const operation of operations) {
    if (operation.fieldName === undefined) types.add(operation.typeName);
    else if (operation.entity) {
      const type = returnTypeName(schema, operation.typeName, operation.fieldName);
      if (type !== undefined) types.add(type);
    }
  }
  return types;
}

function returnTypeName(schema: ConnectorSchema, typeName: string, fieldName: string): string | undefined {
  for (const definition of schema.document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    if (definition.name.value !== typeName) continue;
    const field = (definition as ObjectTypeDefinitionNode).fields?.find((f) => f.name.value === fieldName);
    let type = field?.type;
    while (type !== undefined && type.kind !== Kind.NAMED_TYPE) type = type.type;
    if (type !== undefined) return type.name.value;
  }
  return undefined;
}
