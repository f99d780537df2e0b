// Rules for the rest of the schema: types must exist, directives must be known and imported, and federation
// directives that connectors do not support are refused.

import { type ASTNode, type ConstValueNode, type DirectiveNode, Kind } from 'graphql';
import { nearestName } from '../mapping/syntax-error.ts';
import type { Report } from '../read/report.ts';
import { BUILT_IN_SCALARS, GATEWAY_TYPES } from '../read/types.ts';
import { isRecord, readConst } from '../read/values.ts';
import type { View } from './view.ts';

export function checkTypesExist(view: View, report: Report): void {
  const { all, references } = view.types;
  const imported = new Set([...linkedNames(view)].flatMap((link) => link.names));
  for (const { coordinate, node } of references) {
    const name = node.name.value;
    if (all.has(name) || BUILT_IN_SCALARS.has(name) || GATEWAY_TYPES.has(name)) continue;
    if (imported.has(name) || name.includes('__')) continue;
    const near = nearestName(name, [...all.keys(), ...BUILT_IN_SCALARS]);
    report({
      code: 'MissingSchemaType',
      at: node,
      coordinate,
      message: `The schema does not define the type ${name}.`,
      found: name,
      expected: 'a type of this file, or Int, Float, String, Boolean, ID',
      wayOut:
        near === undefined
          ? `Define it. To refer to a type of another subgraph, repeat it as a reference: type ${name} @key(fields: "…", resolvable: false) { … }.`
          : `Did you mean ${near}?`,
    });
  }
}

/** Directives that pass values between subgraphs, or take over the types of others: an import alone is refused. */
const UNSUPPORTED = ['context', 'fromContext', 'interfaceObject'] as const;

export function checkFederationDirectives(view: View, report: Report): void {
  const refuse = (name: string, at: ASTNode, coordinate: string | undefined) =>
    report({
      code: 'ConnectorsUnsupportedFederationDirective',
      at,
      coordinate,
      message: `Connectors do not support @${name}.`,
      found: `@${name}`,
      expected: `a schema without ${UNSUPPORTED.map((each) => `@${each}`).join(', ')}`,
      wayOut:
        name === 'interfaceObject'
          ? 'Remove it from the import of the federation @link, and supply the fields on the object types.'
          : 'Remove it from the import of the federation @link; pass the value as an argument, or read it from $this or $context.',
    });
  const imported = new Set<string>();
  for (const { url, items } of linkedItems(view)) {
    if (!url.includes('/federation/')) continue;
    for (const item of items) {
      const name = UNSUPPORTED.find((each) => nameOf(readConst(item)) === `@${each}`);
      if (name === undefined) continue;
      imported.add(view.schema.federation[name]);
      refuse(name, item, undefined);
    }
  }
  const { federation } = view.schema;
  const local = new Map(UNSUPPORTED.map((name) => [federation[name], name]));
  forEachDirective(view, (node, coordinate) => {
    const name = local.get(node.name.value);
    if (name !== undefined && !imported.has(node.name.value)) refuse(name, node, coordinate);
  });
}

/** Directives of GraphQL itself, of `@link`, and those that a schema without a federation link may use. */
const KNOWN: readonly string[] = [
  ...['deprecated', 'specifiedBy', 'oneOf', 'link', 'skip', 'include', 'defer', 'stream', 'core'],
  ...['key', 'external', 'requires', 'provides', 'extends', 'shareable', 'override', 'tag', 'inaccessible'],
  ...[
    'interfaceObject',
    'composeDirective',
    'authenticated',
    'requiresScopes',
    'policy',
    'cost',
    'listSize',
    'context',
    'fromContext',
  ],
];

export function checkKnownDirectives(view: View, report: Report): void {
  const { links, document } = view.schema;
  const known = new Set([links.connect]);
  if (links.source !== undefined) known.add(links.source);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) known.add(definition.name.value);
  }
  let linksFederation = false;
  for (const { url, names } of linkedNames(view)) {
    if (url.includes('/federation/')) linksFederation = true;
    // A directive with the name of its specification needs no import: `@tag` of …/tag/v0.3.
    const own = /\/([A-Za-z]\w*)(?:\/v[\d.]+)?\/?$/.exec(url)?.[1];
    if (own !== undefined && own !== 'connect') known.add(own);
    for (const name of names) if (name.startsWith('@')) known.add(name.slice(1));
  }
  for (const name of KNOWN)
    if (!linksFederation || ['deprecated', 'specifiedBy', 'oneOf', 'link', 'core'].includes(name))
      known.add(name);

  forEachDirective(view, (node, coordinate) => {
    const name = node.name.value;
    if (known.has(name) || name.includes('__')) return;
    if (name === 'source' || name === 'connect') {
      const local = name === 'source' ? links.source : links.connect;
      report({
        code: 'NoSourceImport',
        at: node,
        coordinate,
        message: `@${name} is not imported, so it has no effect.`,
        found: `@${name}`,
        expected:
          local === undefined
            ? `import: ["@source", "@connect"]`
            : `@${local}, or import: ["@source", "@connect"]`,
        wayOut: `Add "@${name}" to the import of the connect @link.`,
      });
      return;
    }
    const near = nearestName(name, [...known]);
    report({
      code: 'GraphQLError',
      at: node,
      coordinate,
      message: `The directive @${name} is not known.`,
      found: `@${name}`,
      expected: 'a directive that the schema defines or imports with @link',
      wayOut:
        near === undefined
          ? KNOWN.includes(name)
            ? `Add "@${name}" to the import of the federation @link.`
            : 'Import it, or remove it.'
          : `Did you mean @${near}?`,
    });
  });
}

/** The names that each `@link` imports, as used in this document: `@key`, or `Money` for a type. */
function* linkedNames(view: View): Generator<{ readonly url: string; readonly names: readonly string[] }> {
  for (const { url, items } of linkedItems(view)) {
    const names = items.map(readConst).map((item) => (isRecord(item) ? (item.as ?? item.name) : item));
    yield { url, names: names.filter((name) => typeof name === 'string') };
  }
}

/** The items of the `import` of each `@link`. */
function* linkedItems(
  view: View,
): Generator<{ readonly url: string; readonly items: readonly ConstValueNode[] }> {
  for (const definition of view.schema.document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const node of definition.directives ?? []) {
      if (node.name.value !== 'link') continue;
      const args = new Map((node.arguments ?? []).map((arg) => [arg.name.value, arg.value]));
      const url = args.get('url');
      const items = args.get('import');
      if (url?.kind === Kind.STRING) {
        yield { url: url.value, items: items?.kind === Kind.LIST ? items.values : [] };
      }
    }
  }
}

const nameOf = (item: unknown): unknown => (isRecord(item) ? item.name : item);

/** Calls `each` with every directive of the document and its coordinate; `undefined` for the schema itself. */
function forEachDirective(
  view: View,
  each: (node: DirectiveNode, coordinate: string | undefined) => void,
): void {
  const at = (
    node: { readonly directives?: readonly DirectiveNode[] | undefined },
    coordinate: string | undefined,
  ) => {
    for (const directive of node.directives ?? []) each(directive, coordinate);
  };
  for (const definition of view.schema.document.definitions) {
    const name = 'name' in definition ? definition.name?.value : undefined;
    if ('directives' in definition) at(definition as never, name);
    for (const field of ('fields' in definition ? definition.fields : undefined) ?? []) {
      const coordinate = `${name}.${field.name.value}`;
      at(field, coordinate);
      for (const arg of ('arguments' in field ? field.arguments : undefined) ?? []) {
        at(arg, `${coordinate}(${arg.name.value}:)`);
      }
    }
    for (const value of ('values' in definition ? definition.values : undefined) ?? []) {
      at(value, `${name}.${value.name.value}`);
    }
  }
}
