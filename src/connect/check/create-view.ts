// Builds the view of a connector that all rules share. Facts that several rules need are computed once, on first use.

import { shapeOf } from '../mapping/index.ts';
import {
  mappingsOf,
  type ParsedConnect,
  type ParsedConnector,
  type ParsedMapping,
} from '../read/parse-texts.ts';
import { keysOf } from './key-fields.ts';
import { compareOutputs } from './outputs.ts';
import { requiredFields } from './required-fields.ts';
import { type VariableRead, variableReads } from './variable-uses.ts';
import type { View } from './view.ts';

const NO_READS: readonly VariableRead[] = [];

export function createView(parsed: ParsedConnector): View {
  const { schema } = parsed;
  const { types } = schema;
  const fieldOf = ({ directive: { typeName, fieldName } }: ParsedConnect) =>
    fieldName === undefined ? undefined : types.all.get(typeName)?.fields.get(fieldName);
  const outputTypeOf = (connect: ParsedConnect) =>
    types.all.get(
      fieldOf(connect)?.typeName ??
        (connect.directive.fieldName === undefined ? connect.directive.typeName : ''),
    );
  const byEntity = once(() => {
    const found = new Map<string, ParsedConnect[]>();
    for (const connect of parsed.connects) {
      const type = outputTypeOf(connect);
      if (type === undefined || (connect.directive.fieldName !== undefined && !connect.directive.entity))
        continue;
      const list = found.get(type.name);
      if (list === undefined) found.set(type.name, [connect]);
      else list.push(connect);
    }
    return found;
  });
  const reads = memo(({ tree }: ParsedMapping) => variableReads(tree));
  const readsByVariable = memo((connect: ParsedConnect) => {
    const found = new Map<string, VariableRead[]>();
    for (const mapping of mappingsOf(connect)) {
      for (const read of reads(mapping)) {
        const list = found.get(read.variable);
        if (list === undefined) found.set(read.variable, [read]);
        else list.push(read);
      }
    }
    return found;
  });
  const view: View = {
    parsed,
    schema,
    types,
    keys: memo((typeName: string) => keysOf(schema, typeName)),
    keyNames: memo((typeName: string) => keyNamesOf(typeName, view)),
    shape: memo(({ tree }: ParsedMapping) => shapeOf(tree)),
    reads,
    readsOf: (connect, variable) => readsByVariable(connect).get(variable) ?? NO_READS,
    requiredBy: memo((connect: ParsedConnect) => requiredFields(connect, view)),
    keyReadsOf: (connect) => {
      const required = view.requiredBy(connect);
      return [...view.readsOf(connect, '$this'), ...view.readsOf(connect, '$batch')].filter(
        ({ path }) => !required.has(path[0]?.name ?? ''),
      );
    },
    fieldOf,
    outputTypeOf,
    entityConnects: (typeName) => byEntity().get(typeName) ?? [],
    outputs: once(() => compareOutputs(view)),
  };
  return view;
}

function keyNamesOf(typeName: string, view: View): ReadonlySet<string> {
  const names = new Set(view.keys(typeName).flatMap((key) => [...(key.tree?.keys() ?? [])]));
  for (const connect of view.entityConnects(typeName)) {
    const reads =
      connect.directive.fieldName === undefined ? view.keyReadsOf(connect) : view.readsOf(connect, '$args');
    for (const { path } of reads) if (path[0] !== undefined) names.add(path[0].name);
  }
  return names;
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function memo<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}
