// The N+1 rule: a type or field that is fetched one object per call and can be reached through a list costs one call
// per element. A warning, because many systems offer no batch endpoint; it shows the smallest such query and its cost.

import { Kind, type TypeNode } from 'graphql';
import type { ParsedConnect } from '../read/parse-texts.ts';
import type { Finding, Report } from '../read/report.ts';
import type { FieldInfo } from '../read/types.ts';
import { type ListPath, listPaths, type PathField, type PathGraph, printQuery } from './list-paths.ts';
import type { View } from './view.ts';

/** The gateway's maximum page size: the number of calls a single list may cost. */
export const ELEMENTS_PER_LIST = 100;

/** A connector that is called once per object. */
export interface SingleCall {
  readonly coordinate: string;
  /** The type whose objects are fetched one per call. */
  readonly typeName: string;
  /** A field that only this connector supplies. */
  readonly field: string;
  /** A key field of the type, shown in the suggested batch request. */
  readonly key: string;
  /** True for a connector on the type, false for a connector on one of its fields. */
  readonly isOnType: boolean;
  /** True when other subgraphs can refer to objects of the type. */
  readonly isEntity: boolean;
  readonly at: Finding['at'];
}

export function checkCallsPerElement(view: View, report: Report): void {
  const calls = singleCalls(view);
  if (calls.length === 0) return;
  const pathTo = listPaths(graphOf(view));
  for (const call of calls) {
    const path = pathTo(call.typeName);
    if (path !== undefined || call.isEntity) report(describe(call, path));
  }
}

/** Connectors called once per object: on a type that no connector loads in batches, and on fields of an object type. */
export function singleCalls(view: View): SingleCall[] {
  const calls: SingleCall[] = [];
  const { resolved } = view.outputs();
  for (const connect of view.parsed.connects) {
    const { typeName, fieldName, node, url } = connect.directive;
    if (url === undefined || view.types.isRoot(typeName) || view.readsOf(connect, '$batch').length > 0)
      continue;
    const key = view.readsOf(connect, '$this')[0]?.path[0]?.name ?? 'id';
    const isEntity = view.keys(typeName).length > 0 || view.entityConnects(typeName).length > 0;
    const base = {
      coordinate: connect.coordinate,
      typeName,
      key,
      isEntity,
      isOnType: fieldName === undefined,
      at: node,
    };
    if (fieldName !== undefined) calls.push({ ...base, field: fieldName });
    else if (!hasBatch(typeName, view)) {
      const field = fieldOnlyHere(connect, resolved.get(typeName), view);
      if (field !== undefined) calls.push({ ...base, field });
    }
  }
  return calls;
}

const hasBatch = (typeName: string, view: View): boolean =>
  view.entityConnects(typeName).some((connect) => view.readsOf(connect, '$batch').length > 0);

/** A field that only this connector supplies and that is not a key, if there is one. */
function fieldOnlyHere(
  connect: ParsedConnect,
  resolved: ReadonlyMap<string, ReadonlySet<string>> | undefined,
  view: View,
): string | undefined {
  const keys = view.keyNames(connect.directive.typeName);
  for (const [field, connects] of resolved ?? []) {
    if (!keys.has(field) && connects.size === 1 && connects.has(connect.coordinate)) return field;
  }
  return undefined;
}

export function describe(call: SingleCall, path: ListPath | undefined): Finding {
  // Grouped by a regular expression: loading a locale would cost more than the rest of this rule.
  const calls = String(ELEMENTS_PER_LIST ** (path?.lists ?? 1)).replace(/(?<=\d)(?=(?:\d{3})+$)/g, ',');
  const field = `${call.typeName}.${call.field}`;
  const query = path && printQuery(path, call.field);
  return {
    code: 'CallPerElement',
    at: call.at,
    coordinate: call.coordinate,
    message: `${call.isOnType ? call.typeName : field} is fetched with one call per object: a list of N costs N calls.`,
    found:
      query === undefined
        ? `no list in this schema; a list in another subgraph that selects ${field} costs up to ${calls} calls for ${ELEMENTS_PER_LIST} elements`
        : `${query} costs up to ${calls} calls (${ELEMENTS_PER_LIST} elements per list)`,
    expected: call.isOnType
      ? `one call for many objects: $batch.${call.key} in the request and batch: { maxSize: … }`
      : `the field in a call that is made anyway, or a @connect on ${call.typeName} with $batch`,
    wayOut:
      'Use an endpoint of the system that takes many keys. If the system has no such endpoint, keep the connector: equal calls within a request are made once, and limits.perRequest bounds how many run at a time.',
  };
}

// —— the graph of a connector's own schema ——

function graphOf({ types }: View): PathGraph {
  return {
    query: types.query,
    *fieldsOf(typeName) {
      const type = types.all.get(typeName);
      if (type?.kind !== 'object' && type?.kind !== 'interface') return;
      for (const field of type.fields.values()) yield pathField(field);
    },
    possible: (typeName) => types.all.get(typeName)?.possible ?? [],
  };
}

const pathField = ({ name, typeName, lists, args }: FieldInfo): PathField => ({
  name,
  typeName,
  lists,
  args: printArguments(
    [...args.values()].map((arg) => ({ name: arg.name, type: arg.type, hasDefault: hasDefault(arg) })),
  ),
});

const hasDefault = ({ node }: FieldInfo): boolean =>
  node.kind === Kind.INPUT_VALUE_DEFINITION && node.defaultValue !== undefined;

/** The required arguments, and the page size where the field has one. */
export function printArguments(
  args: readonly { readonly name: string; readonly type: TypeNode; readonly hasDefault: boolean }[],
): string {
  const printed = args.flatMap(({ name, type, hasDefault }) => {
    if (name === 'first' || name === 'limit') return [`${name}: ${ELEMENTS_PER_LIST}`];
    if (type.kind !== Kind.NON_NULL_TYPE || hasDefault) return [];
    return [`${name}: …`];
  });
  return printed.length === 0 ? '' : `(${printed.join(', ')})`;
}
