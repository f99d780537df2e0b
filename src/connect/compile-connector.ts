// Compiles a connector: takes its schema and settings, parses, checks and compiles every template and mapping once, and
// returns the operations or throws every error with its position.

import { type Diagnostic, DiagnosticsError, inOrder, isError } from '../diagnostic.ts';
import { type SingleCall, singleCalls } from './check/calls.ts';
import { checkConnector } from './check/check-connector.ts';
import { createView } from './check/create-view.ts';
import { nonNullFields } from './check/nullability.ts';
import { checkSettings } from './check/settings.ts';
import type { View } from './check/view.ts';
import {
  type CompiledMapping,
  casesOf,
  compileMapping,
  type MappingVariables,
  type Shape,
  type VariableUse,
} from './mapping/index.ts';
import type { ConnectorSchema } from './read/model.ts';
import { type ParsedConnect, type ParsedMapping, type ParsedRules, parseTexts } from './read/parse-texts.ts';
import { createReport, type Report, untilEnough } from './read/report.ts';
import { type ArgumentBounds, compileArgumentBounds } from './request/argument-bounds.ts';
import { type CompiledHeader, compileHeaders } from './request/headers.ts';
import {
  createComputedOperation,
  createOperation,
  type Operation,
  type OperationParts,
} from './request/operation.ts';
import type { PagingRules } from './request/page-styles.ts';
import { compilePaging } from './request/paging.ts';
import { compileUrl, UrlError } from './request/url.ts';

export interface ConnectorSettings {
  readonly id: string;
  /** `$config` of the manifest, `baseUrl` included. */
  readonly config: Readonly<Record<string, unknown>>;
  /** `$env`: only the variables that the manifest lists. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether each call needs a purpose: root fields then receive an argument for it. Default: no. */
  readonly requiresPurpose?: boolean | undefined;
  /** Bounds of arguments, by name of the operation, then by path of the argument. Default: none. */
  readonly argumentBounds?: ReadonlyMap<string, Readonly<Record<string, ArgumentBounds>>> | undefined;
  /** `shares` of the manifest: types and fields that other connectors may supply as well, by their ids. Absent: there is no manifest. */
  readonly shares?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Paged operations, by name. Default: none. */
  readonly paging?: ReadonlyMap<string, PagingRules> | undefined;
}

export interface CompiledConnector {
  readonly id: string;
  readonly schema: ConnectorSchema;
  readonly requiresPurpose: boolean;
  readonly shares: ConnectorSettings['shares'];
  /** The operations that call the source. */
  readonly operations: readonly Operation[];
  /** The operations that send nothing: `@connect`s without `http`. */
  readonly computed: readonly Operation[];
  /** Types this connector resolves by key or by an `entity: true` root field. */
  readonly entityTypes: ReadonlySet<string>;
  readonly portable: boolean;
  /** Coordinates of non-null fields that depend on a call: they are published as nullable. */
  readonly nullable: ReadonlySet<string>;
  /** Findings that do not refuse the connector. */
  readonly warnings: readonly Diagnostic[];
  /** `@connect`s that are called once per object, for the N+1 rule on the composed schema. */
  readonly singleCalls: readonly SingleCall[];
}

/**
 * @throws DiagnosticsError with every error in templates, mappings, URLs, keys and types
 */
export function compileConnector(schema: ConnectorSchema, settings: ConnectorSettings): CompiledConnector {
  const parsed = parseTexts(schema);
  const view = createView(parsed);
  const diagnostics = checkConnector(parsed, view);
  const report = createReport(schema.file, diagnostics);
  untilEnough(() => checkSettings(view, settings, report));
  refuseErrors(diagnostics);

  const compiler = createCompiler(view, settings, report);
  const operations: Operation[] = [];
  untilEnough(() => {
    for (const connect of parsed.connects) {
      const operation = compiler.operation(connect);
      if (operation !== undefined) operations.push(operation);
    }
  });
  refuseErrors(diagnostics);
  return {
    id: settings.id,
    schema,
    requiresPurpose: settings.requiresPurpose === true,
    operations: operations.filter(({ isComputed }) => !isComputed),
    computed: operations.filter(({ isComputed }) => isComputed),
    shares: settings.shares,
    entityTypes: new Set(entityTypesOf(view)),
    portable: operations.every((operation) => operation.portable),
    nullable: new Set(nonNullFields(view).keys()),
    warnings: inOrder(diagnostics),
    singleCalls: singleCalls(view),
  };
}

function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(isError);
  if (errors.length > 0) throw new DiagnosticsError(inOrder(errors));
}

function* entityTypesOf(view: View): Generator<string> {
  for (const connect of view.parsed.connects) {
    const { fieldName, entity } = connect.directive;
    const type = view.outputTypeOf(connect);
    if (type !== undefined && (fieldName === undefined || entity)) yield type.name;
  }
}

// —— one @connect ——

interface Compiler {
  readonly operation: (connect: ParsedConnect) => Operation | undefined;
}

function createCompiler(view: View, settings: ConnectorSettings, report: Report): Compiler {
  const constants: MappingVariables = { config: settings.config, env: settings.env };
  const compiled = new Map<ParsedMapping, CompiledMapping>();
  // The mappings of a source are compiled once and shared by all of its `@connect`s.
  const compile = (mapping: ParsedMapping | undefined): CompiledMapping | undefined => {
    if (mapping === undefined) return undefined;
    let known = compiled.get(mapping);
    if (known === undefined) {
      // The schema has an object at each sub-selection of an answer.
      known = compileMapping(mapping.tree, { objectsOnly: mapping.role === 'selection' });
      compiled.set(mapping, known);
    }
    return known;
  };

  const urlOf = ({ directive, source, url, coordinate, path, queryParams }: ParsedConnect) => {
    try {
      return compileUrl(
        {
          base: source?.baseURL?.parts,
          url: url?.parts ?? [],
          sourcePath: compile(source?.path),
          sourceQuery: compile(source?.queryParams),
          path: compile(path),
          query: compile(queryParams),
        },
        constants,
      );
    } catch (error) {
      if (!(error instanceof UrlError)) throw error;
      const text = source?.directive.baseURL ?? directive.url;
      // The resolved URL may contain the value of a setting, so the finding shows the template only.
      report({
        code: error.code,
        at: text?.node,
        coordinate: source?.coordinate ?? coordinate,
        message: `The ${source === undefined ? 'URL' : 'base URL'} does not resolve to a URL that can be called.`,
        found: JSON.stringify(text?.value.trim()),
        expected: 'an http or https URL after the settings are inserted',
        wayOut: 'Correct the URL here, or the setting in connector.yaml that it reads.',
      });
      return undefined;
    }
  };

  return {
    operation: (connect) => {
      const { directive, source, coordinate, selection } = connect;
      if (selection === undefined) return undefined;
      const answer = compile(selection) as CompiledMapping;
      const name = directive.id ?? coordinate;
      const bounds = settings.argumentBounds?.get(name);
      const identityOf = (requestUses: readonly VariableUse[], isPortable: boolean) => ({
        connector: settings.id,
        name,
        coordinate,
        source: directive.source,
        typeName: directive.typeName,
        fieldName: directive.fieldName,
        batchSize: requestUses.some((use) => use.variable === '$batch')
          ? (directive.maxBatchSize ?? Number.POSITIVE_INFINITY)
          : undefined,
        entity: directive.entity,
        required: view.requiredBy(connect),
        uses: [...requestUses, ...answer.uses],
        provides: providedKeys(view.shape(selection)),
        portable: isPortable,
        checkArguments: bounds && compileArgumentBounds(bounds, { connector: settings.id, operation: name }),
      });
      if (directive.method === undefined)
        return createComputedOperation(identityOf(answer.uses, answer.portable), answer);
      const url = urlOf(connect);
      if (url === undefined) return undefined;
      const body = compile(connect.body);
      const isSuccess = compile(connect.isSuccess ?? source?.isSuccess);
      const errors = [source, connect].flatMap((rules) => errorRules(rules, compile));
      const headers = compileHeaders([...headerRules(source), ...headerRules(connect)]);
      const requestUses: VariableUse[] = [...url.uses, ...headers.uses, ...(body?.uses ?? [])];
      const mappings = [
        answer,
        body,
        isSuccess,
        ...errors.flatMap((rule) => [rule.message, rule.extensions]),
      ];
      const identity = identityOf(
        requestUses,
        mappings.every((mapping) => mapping === undefined || mapping.portable) && isRequestPortable(connect),
      );
      const pages = settings.paging?.get(name);
      return createOperation(
        pages === undefined
          ? identity
          : {
              ...identity,
              uses: [...identity.uses, ...PAGE_ARGUMENTS],
              paging: compilePaging(pages, { connector: settings.id, operation: name, uses: requestUses }),
            },
        {
          url,
          method: directive.method,
          headers: headers.render,
          body,
          selection: answer,
          isSuccess,
          errors,
        },
      );
    },
  };
}

/** The paging reads them, whether or not the request's own templates do. */
const PAGE_ARGUMENTS: readonly VariableUse[] = ['first', 'after'].map((name) => ({
  variable: '$args',
  path: [name],
}));

const headerRules = (rules: ParsedRules | undefined): CompiledHeader[] =>
  (rules?.headers ?? []).map(({ rule, template }) => {
    const name = rule.name.toLowerCase();
    return rule.from === undefined
      ? { name, parts: template?.parts ?? [] }
      : { name, from: rule.from.toLowerCase() };
  });

function errorRules(
  rules: ParsedRules | undefined,
  compile: (mapping: ParsedMapping | undefined) => CompiledMapping | undefined,
): OperationParts['errors'] {
  const message = compile(rules?.message);
  const extensions = compile(rules?.extensions);
  if (message === undefined && extensions === undefined) return [];
  return [{ ...(message && { message }), ...(extensions && { extensions }) }];
}

/** True when URLs and headers use the methods of the spec only. */
const isRequestPortable = ({ url, source, headers }: ParsedConnect): boolean =>
  [url, source?.baseURL, ...[...headers, ...(source?.headers ?? [])].map(({ template }) => template)].every(
    (template) => template?.parts.every((part) => part.mapping?.portable ?? true) ?? true,
  );

/** The keys that a selection's objects may have; `undefined` where they depend on the answer. */
function providedKeys(shape: Shape): ReadonlySet<string> | undefined {
  if (shape.kind === 'list') return providedKeys(shape.item);
  if (shape.kind === 'object') return shape.open ? undefined : new Set(shape.fields.keys());
  if (shape.kind !== 'choice') return undefined;
  const keys = new Set<string>();
  for (const option of casesOf(shape)) {
    if (option.kind === 'scalar' && option.type === 'null') continue;
    const own = providedKeys(option);
    if (own === undefined) return undefined;
    for (const key of own) keys.add(key);
  }
  return keys;
}
