// Syntax tree of the mapping language, as plain data. `start` and `end` are offsets into the source text, `end` exclusive.

import type { SyntaxFault } from './syntax-error.ts';

/** Versions of the connect spec whose mapping language is supported. */
export type MappingVersion = '0.1' | '0.2' | '0.3' | '0.4';

export interface Located {
  /** Offset of the first character, from 0. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

/** A whole mapping: named entries (an object), or a single value. */
export interface Mapping extends Located {
  readonly kind: 'mapping';
  readonly body: Selection | Expression;
  /** Calls of methods whose result is always missing. Absent when there are none. */
  readonly warnings?: readonly SyntaxFault[];
}

/** `{ a b: c }`, or the named entries at the top level of a mapping. */
export interface Selection extends Located {
  readonly kind: 'selection';
  readonly entries: readonly Entry[];
}

/** One entry of a selection. */
export type Entry = NamedEntry | MergedEntry;

/** Adds one key: `a`, `a { b }`, `x: a.b`, `x: { a b }`. A `Selection` as value is a group: its entries read the same `$`. */
export interface NamedEntry extends Located {
  readonly kind: 'named';
  readonly key: string;
  /** True when the entry has an alias (`x: …`), false when the key is that of a one-key path (`x`, `x { … }`). */
  readonly aliased: boolean;
  readonly value: Expression | Selection;
}

/** Adds all keys of a value: `... a.b`, or `a.b { c d }` without an alias. */
export interface MergedEntry extends Located {
  readonly kind: 'merged';
  readonly spread: boolean;
  readonly value: Expression;
}

export type Expression = Literal | ObjectLiteral | ArrayLiteral | Chain | Path;

export interface Literal extends Located {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
}

export interface ObjectLiteral extends Located {
  readonly kind: 'object';
  readonly properties: readonly (Property | Spread)[];
}

export interface Property extends Located {
  readonly kind: 'property';
  readonly key: string;
  readonly value: Expression;
}

export interface Spread extends Located {
  readonly kind: 'spread';
  /** False for a path with a selection and without `...`. */
  readonly explicit: boolean;
  readonly value: Expression;
}

export interface ArrayLiteral extends Located {
  readonly kind: 'array';
  readonly items: readonly Expression[];
}

/** `a ?? b ?? c` (falls back on null or missing) or `a ?! b` (on missing only). At least two operands. */
export interface Chain extends Located {
  readonly kind: 'chain';
  readonly operator: '??' | '?!';
  readonly operands: readonly Expression[];
}

export interface Path extends Located {
  readonly kind: 'path';
  readonly head: Head;
  readonly steps: readonly Step[];
  readonly selection: Selection | null;
}

export type Head = VariableHead | AtHead | KeyHead | GroupHead | ValueHead;

/** `$` (the value of the enclosing selection), `$args`, or a variable bound by `->as`. `name` includes the `$`. */
export interface VariableHead extends Located {
  readonly kind: 'variable';
  readonly name: string;
}

/** `@`: the value on which the enclosing method is called. */
export interface AtHead extends Located {
  readonly kind: 'at';
}

/** A property of `$`. */
export interface KeyHead extends Located {
  readonly kind: 'key';
  readonly name: string;
}

/** `$( … )`. */
export interface GroupHead extends Located {
  readonly kind: 'group';
  readonly expression: Expression;
}

/** A literal followed by steps, such as `"abc"->first`; only inside expressions. */
export interface ValueHead extends Located {
  readonly kind: 'value';
  readonly value: Literal | ObjectLiteral | ArrayLiteral;
}

export type Step = KeyStep | MethodStep | OptionalStep;

export interface KeyStep extends Located {
  readonly kind: 'key';
  readonly name: string;
}

/** `->name(args)`. The first argument of `->as($v, …)` is the variable to bind. */
export interface MethodStep extends Located {
  readonly kind: 'method';
  readonly name: string;
  readonly args: readonly Expression[];
}

/** `?`: null becomes missing, and a missing value is not reported. */
export interface OptionalStep extends Located {
  readonly kind: 'optional';
}

/** Variables that a mapping may use besides `$`, `@` and those bound by `->as`. */
export const VARIABLES = [
  '$args',
  '$this',
  '$batch',
  '$config',
  '$context',
  '$status',
  '$request',
  '$response',
  '$env',
] as const;

export type VariableName = (typeof VARIABLES)[number];

export const isVariableName = (name: string): name is VariableName =>
  (VARIABLES as readonly string[]).includes(name);
