// Rules for keys: a declared key names existing fields and is resolved by a connector, and the fields that a connector
// on a type reads can form a key.

import type { ParsedConnect } from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import { printType, type TypeInfo } from '../read/types.ts';
import { isParsed } from './entities.ts';
import { type KeyTree, keyTreeOf, printKey, supplies } from './key-fields.ts';
import type { VariableRead } from './variable-uses.ts';
import type { View } from './view.ts';

export function checkDeclaredKeys(view: View, report: Report): void {
  for (const type of view.types.all.values()) {
    if (type.kind !== 'object') continue;
    for (const { fields, tree, node } of view.keys(type.name)) {
      const fault =
        tree === undefined ? { found: fields, why: 'is not a field set' } : faultOf(tree, type, '', view);
      if (fault === undefined) continue;
      report({
        code: 'ConnectorsCannotResolveKey',
        at: node,
        coordinate: type.name,
        message: `A @key of ${type.name} ${tree === undefined ? 'cannot be parsed' : 'does not match the type'}.`,
        found: `"${fault.found}" ${fault.why}`,
        expected: `fields of ${type.name} that are not lists, e.g. "id" or "id org { code }"`,
        wayOut: 'Correct the fields of the key.',
      });
    }
  }
}

function faultOf(
  tree: KeyTree,
  type: TypeInfo,
  prefix: string,
  view: View,
): { found: string; why: string } | undefined {
  for (const [name, below] of tree) {
    const found = `${prefix}${name}`;
    const field = type.fields.get(name);
    if (field === undefined) return { found, why: `is not a field of ${type.name}` };
    if (field.lists > 0) return { found, why: 'is a list' };
    const inner = view.types.all.get(field.typeName);
    const isObject = inner !== undefined && inner.kind !== 'scalar' && inner.kind !== 'enum';
    if (isObject && below.size === 0)
      return { found, why: `is an object: list its key fields, "${found} { … }"` };
    if (below.size === 0) continue;
    if (!isObject) return { found, why: `has no fields of its own` };
    const fault = faultOf(below, inner, `${found}.`, view);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

export function checkKeysAreResolved(view: View, report: Report): void {
  const onFields = Map.groupBy(
    view.parsed.connects.filter(({ directive }) => directive.fieldName !== undefined),
    ({ directive }) => directive.typeName,
  );
  for (const type of view.types.all.values()) {
    if (type.kind !== 'object' || view.schema.unread.has(type.name)) continue;
    for (const key of view.keys(type.name)) {
      if (!key.resolvable || key.tree === undefined || faultOf(key.tree, type, '', view) !== undefined)
        continue;
      const { tree } = key;
      const connects = [...view.entityConnects(type.name), ...(onFields.get(type.name) ?? [])];
      if (connects.some((connect) => !isParsed(connect) || resolvesBy(tree, connect, view))) continue;
      const others = connects.map(
        (connect) => `${connect.coordinate} by "${printKey(inputsOf(connect, view))}"`,
      );
      const external = connects.flatMap((connect) => externalInputs(connect, type, view));
      report({
        code: 'MissingEntityConnector',
        at: key.node,
        coordinate: type.name,
        message: `No connector resolves ${type.name} by this @key.`,
        found: others.length === 0 ? `@key(fields: "${key.fields}") alone` : others.join(', '),
        expected: `a @connect on ${type.name} that reads ${pathsOf(tree)
          .map((path) => `$this.${path}`)
          .join(' and ')}, or an \`entity: true\` field of ${view.types.query} with these arguments`,
        wayOut:
          external.length > 0
            ? `${external.join(' and ')} ${external.length === 1 ? 'is' : 'are'} @${view.schema.federation.external}: add @${view.schema.federation.requires}(fields: "${external.join(' ')}") to the field that needs it, so that it is fetched first.`
            : `Add such a connector; or write @key(fields: "${key.fields}", resolvable: false) when another subgraph resolves it.`,
      });
    }
  }
}

const pathsOf = (tree: KeyTree): string[] =>
  [...tree].flatMap(([name, below]) =>
    below.size === 0 ? [name] : pathsOf(below).map((path) => `${name}.${path}`),
  );

function inputsOf(connect: ParsedConnect, view: View): KeyTree {
  // A field connector that reads its parent resolves the field for any reference to the parent.
  if (connect.directive.fieldName !== undefined && view.types.isRoot(connect.directive.typeName)) {
    return argumentTree(connect, view);
  }
  return keyTreeOf(view.keyReadsOf(connect));
}

/** Inputs of a connector that another subgraph supplies, and that no `@requires` names. */
const externalInputs = (connect: ParsedConnect, type: TypeInfo, view: View): string[] =>
  view.types.isRoot(connect.directive.typeName)
    ? []
    : [...inputsOf(connect, view).keys()].filter((name) =>
        type.fields
          .get(name)
          ?.directives.some((directive) => directive.name.value === view.schema.federation.external),
      );

function argumentTree(connect: ParsedConnect, view: View): KeyTree {
  const reads = view.readsOf(connect, '$args').filter((read) => read.path.length > 0);
  const tree = keyTreeOf(reads);
  // Required arguments belong to the key even when the request does not read them.
  for (const [name, arg] of view.fieldOf(connect)?.args ?? []) {
    if (printType(arg.type).endsWith('!') && !tree.has(name)) tree.set(name, new Map());
  }
  return tree;
}

function resolvesBy(key: KeyTree, connect: ParsedConnect, view: View): boolean {
  const inputs = inputsOf(connect, view);
  // Required fields alone are enough: other subgraphs supply them for an object that has the key.
  return (inputs.size > 0 || view.requiredBy(connect).size > 0) && supplies(key, inputs);
}

/** A key consists of plain fields: a field read from `$this` or `$batch` must be plain, or part of a declared key. */
export function checkInferredKeys(view: View, report: Report): void {
  for (const connect of view.parsed.connects) {
    const type = view.types.all.get(connect.directive.typeName);
    if (connect.directive.fieldName !== undefined || type?.kind !== 'object' || view.types.isRoot(type.name))
      continue;
    const declared = view.keys(type.name).flatMap((key) => key.tree ?? []);
    const required = view.requiredBy(connect);
    for (const mapping of [
      connect.url?.expressions ?? [],
      connect.body ?? [],
      connect.selection ?? [],
    ].flat()) {
      for (const read of view.reads(mapping)) {
        if (read.variable !== '$this' && read.variable !== '$batch') continue;
        if (required.has(read.path[0]?.name ?? '')) continue;
        if (read.derived === true || declared.some((key) => supplies(key, keyTreeOf([read])))) continue;
        const fault = unkeyable(read, type, view);
        if (fault === undefined) continue;
        report({
          code: 'ConnectorsCannotResolveKey',
          at: { text: mapping.text, offset: mapping.offset + read.start },
          coordinate: connect.coordinate,
          message: `The fields that the connector reads cannot form a key of ${type.name}.`,
          found: `${read.variable}.${read.path.map((key) => key.name).join('.')} ${fault}`,
          expected:
            'fields that identify one object: no lists, no arguments, and the fields of an object instead of the object',
          wayOut: `Read the fields that identify a ${type.name}, or declare the key: @${view.schema.federation.key}(fields: "…").`,
        });
      }
    }
  }
}

function unkeyable(read: VariableRead, start: TypeInfo, view: View): string | undefined {
  let type: TypeInfo | undefined = start;
  for (const [index, { name }] of read.path.entries()) {
    const field: ReturnType<TypeInfo['fields']['get']> = type?.fields.get(name);
    if (field === undefined) return undefined;
    if (field.lists > 0) return `reads a list, ${printType(field.type)}`;
    if (field.args.size > 0) return 'reads a field with arguments';
    type = view.types.all.get(field.typeName);
    if (index === read.path.length - 1 && type?.kind === 'object') return `reads a whole ${field.typeName}`;
  }
  return undefined;
}
