// What the rules look at: the parsed connector, its types, its keys, and facts that several rules need, each worked
// out once on first use. Made by `create-view.ts` for one run.

import type { Shape } from '../mapping/index.ts';
import type { ConnectorSchema } from '../read/model.ts';
import type { ParsedConnect, ParsedConnector, ParsedMapping } from '../read/parse-texts.ts';
import type { Finding } from '../read/report.ts';
import type { FieldInfo, TypeIndex, TypeInfo } from '../read/types.ts';
import type { KeyDeclaration } from './key-fields.ts';
import type { VariableRead } from './variable-uses.ts';

export interface View {
  readonly parsed: ParsedConnector;
  readonly schema: ConnectorSchema;
  readonly types: TypeIndex;
  /** The `@key`s of a type, stubs included. */
  readonly keys: (typeName: string) => readonly KeyDeclaration[];
  /** First names of the keys of a type, declared or read by its connectors: known before any call. */
  readonly keyNames: (typeName: string) => ReadonlySet<string>;
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

export interface Outputs {
  readonly findings: readonly Finding[];
  /** Fields that a selection yields, by type; with each the coordinates of the connectors whose selection it is. */
  readonly resolved: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  /** Types that get further keys, known only from an answer. */
  readonly open: ReadonlySet<string>;
}
