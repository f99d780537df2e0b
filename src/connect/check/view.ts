// What the rules look at: the parsed connector, its types, its keys, and facts that several rules need, each worked
// out once on first use. Made by `check-connector.ts` for one run.

import { type Shape, shapeOf } from '../mapping/index.ts';
import type { ConnectorSchema } from '../read/model.ts';
import {
  mappingsOf,
  type ParsedConnect,
  type ParsedConnector,
  type ParsedMapping,
} from '../read/parse-texts.ts';
import type { FieldInfo, TypeIndex, TypeInfo } from '../read/types.ts';
import { type KeyDeclaration, keysOf } from './key-fields.ts';
import { compareOutputs, type Outputs } from './outputs.ts';
import { type VariableRead, variableReads } from './variable-uses.ts';

export interface View {
  readonly parsed: ParsedConnector;
  readonly schema: ConnectorSchema;
  readonly types: TypeIndex;
  /** The `@key`s of a type, stubs included. */
  readonly keys: (typeName: string) => readonly KeyDeclaration[];
  readonly shape: (mapping: ParsedMapping) => Shape;
  readonly reads: (mapping: ParsedMapping) => readonly VariableRead[];
  /** What all mappings of a connector read of one variable. */
  readonly readsOf: (connect: ParsedConnect, variable: string) => readonly VariableRead[];
  /** The field a connector stands on; `undefined` for one on a type. */
  readonly fieldOf: (connect: ParsedConnect) => FieldInfo | undefined;
  /** The object type whose fields a connector yields, where it is one of this document. */
  readonly outputTypeOf: (connect: ParsedConnect) => TypeInfo | undefined;
  /** Connectors that resolve a type by key: those on the type, and `entity: true` fields that return it. */
  readonly entityConnects: (typeName: string) => readonly ParsedConnect[];
  /** Mappings held against the types they yield. */
  readonly outputs: () => Outputs;
}

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
    shape: memo(({ tree }: ParsedMapping) => shapeOf(tree)),
    reads,
    readsOf: (connect, variable) => readsByVariable(connect).get(variable) ?? NO_READS,
    fieldOf,
    outputTypeOf,
    entityConnects: (typeName) => byEntity().get(typeName) ?? [],
    outputs: once(() => compareOutputs(view)),
  };
  return view;
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
