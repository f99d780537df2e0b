// Rule: every field of every object type must be resolved by a selection, by its own @connect, by a key that a
// reference supplies, or by another subgraph (@external). A field that nothing resolves would always be null.

import { nearestName } from '../mapping/syntax-error.ts';
import type { Report } from '../read/report.ts';
import { type FieldInfo, GATEWAY_TYPES, printType, type TypeInfo } from '../read/types.ts';
import { type KeyTree, keyTreeOf } from './key-fields.ts';
import type { View } from './view.ts';

export function checkUnresolvedFields(view: View, report: Report): void {
  const { resolved } = view.outputs();
  const known = keyFields(view);
  const open = openTypes(view);
  const connected = new Set([
    ...view.schema.unread,
    ...view.parsed.connects.map((connect) => connect.coordinate),
  ]);

  for (const type of view.types.all.values()) {
    const { name } = type;
    if (
      type.kind !== 'object' ||
      name === view.types.subscription ||
      GATEWAY_TYPES.has(name) ||
      open.has(name)
    )
      continue;
    const isResolved = (field: string): boolean =>
      resolved.get(name)?.has(field) === true ||
      known.get(name)?.has(field) === true ||
      connected.has(`${name}.${field}`);
    const missing = [...type.fields.values()].filter((field) => {
      if (isResolved(field.name)) return false;
      if (field.typeName === 'Provenance' || looksConnected(field, view)) return false;
      return !field.directives.some((directive) => directive.name.value === view.schema.federation.external);
    });
    if (missing.length === type.fields.size && missing.length > 1 && !view.types.isRoot(name)) {
      reportType(type, view, report);
      continue;
    }
    for (const field of missing) {
      const isRoot = view.types.isRoot(name);
      report({
        code: 'ConnectorsUnresolvedField',
        at: field.node,
        coordinate: `${name}.${field.name}`,
        message: 'No connector resolves the field.',
        found: `${field.name}: ${printType(field.type)}`,
        expected: isRoot
          ? 'a @connect on the field'
          : `"${field.name}" in a selection that yields ${name}, or a @connect on the field`,
        wayOut: isRoot
          ? 'Give the field a @connect, or remove it.'
          : 'Add the field to the selection, give it a @connect, mark it @external when another subgraph supplies it, or remove it.',
      });
    }
  }
}

/** A misspelt or unimported `@connect` is reported by `checkKnownDirectives`. */
const looksConnected = ({ directives }: FieldInfo, { schema }: View): boolean =>
  directives.some(
    ({ name }) => name.value === 'connect' || nearestName(name.value, [schema.links.connect]) !== undefined,
  );

const reportType = (type: TypeInfo, view: View, report: Report): void =>
  report({
    code: 'ConnectorsUnresolvedField',
    at: type.node,
    coordinate: type.name,
    message: `No connector yields any field of ${type.name}.`,
    found: `type ${type.name} { ${[...type.fields.keys()].slice(0, 5).join(' ')}${type.fields.size > 5 ? ' …' : ''} }`,
    expected: `a selection that yields ${type.name}, or a @connect on the type`,
    wayOut: `Use the type in a selection, mark it as a reference (@${view.schema.federation.key}(fields: "…", resolvable: false)), or remove it.`,
  });

/** The fields of keys, nested fields included: they are known before any call. */
function keyFields(view: View): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  const add = (typeName: string, tree: KeyTree) => {
    const type = view.types.all.get(typeName);
    if (type === undefined) return;
    const names = known.get(typeName) ?? new Set();
    known.set(typeName, names);
    for (const [name, below] of tree) {
      names.add(name);
      const field = type.fields.get(name);
      if (field !== undefined && below.size > 0) add(field.typeName, below);
    }
  };
  for (const { name, kind } of view.types.all.values()) {
    if (kind !== 'object') continue;
    for (const { tree } of view.keys(name)) if (tree !== undefined) add(name, tree);
    for (const connect of view.entityConnects(name)) {
      const reads =
        connect.directive.fieldName === undefined ? view.keyReadsOf(connect) : view.readsOf(connect, '$args');
      add(name, keyTreeOf(reads));
    }
  }
  return known;
}

/** Types whose fields may come from a text that could not be parsed, or from keys known only from an answer. */
function openTypes(view: View): ReadonlySet<string> {
  const open = new Set<string>();
  const unread = [...view.schema.unread];
  for (const { selection, coordinate, directive } of view.parsed.connects) {
    const isOnRoot = directive.fieldName === undefined && view.types.isRoot(directive.typeName);
    if (selection === undefined || isOnRoot) unread.push(coordinate);
  }
  const reach = (typeName: string) => {
    const type = view.types.all.get(typeName);
    if (type === undefined || open.has(typeName)) return;
    open.add(typeName);
    for (const field of type.fields.values()) reach(field.typeName);
    for (const name of type.possible) reach(name);
  };
  view.outputs().open.forEach(reach);
  for (const coordinate of unread) {
    const [typeName = '', fieldName] = coordinate.split('.');
    reach(
      fieldName === undefined
        ? typeName
        : (view.types.all.get(typeName)?.fields.get(fieldName)?.typeName ?? ''),
    );
  }
  return open;
}
