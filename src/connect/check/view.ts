// The input of every rule: the parsed connector, its types, its keys, and facts that several rules need.

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
  /** The `@key`s of a type, including those of references. */
  readonly keys: (typeName: string) => readonly KeyDeclaration[];
  /** Top-level key fields of a type, declared or read by its connectors: known before any call. */
  readonly keyNames: (typeName: string) => ReadonlySet<string>;
  readonly shape: (mapping: ParsedMapping) => Shape;
  readonly reads: (mapping: ParsedMapping) => readonly VariableRead[];
  /** All reads of one variable in the mappings of a connector. */
  readonly readsOf: (connect: ParsedConnect, variable: string) => readonly VariableRead[];
  /**
   * Fields of its type that a connector reads and another subgraph supplies first: those that `@requires` names, of the field it
   * is on or of any field of the type it is on, and that are no part of a declared key.
   */
  readonly requiredBy: (connect: ParsedConnect) => ReadonlySet<string>;
  /** The reads of `$this` and `$batch` that identify an object: all but the required fields. */
  readonly keyReadsOf: (connect: ParsedConnect) => readonly VariableRead[];
  /** The field a connector is on; `undefined` for a connector on a type. */
  readonly fieldOf: (connect: ParsedConnect) => FieldInfo | undefined;
  /** The type whose fields a connector yields; `undefined` when the document does not define it. */
  readonly outputTypeOf: (connect: ParsedConnect) => TypeInfo | undefined;
  /** Connectors that resolve a type by key: those on the type, and `entity: true` fields that return it. */
  readonly entityConnects: (typeName: string) => readonly ParsedConnect[];
  /** The selections compared with their types. */
  readonly outputs: () => Outputs;
}

export interface Outputs {
  readonly findings: readonly Finding[];
  /** By type and field: the coordinates of the connectors whose selections yield the field. */
  readonly resolved: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  /** Types that may receive further keys, known only from an answer. */
  readonly open: ReadonlySet<string>;
}
