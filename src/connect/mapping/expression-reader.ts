// What the parser of selections needs from the parser of expressions.

import type { Expression, Head, MappingVersion, Path } from './ast.ts';

export interface ExpressionReader {
  /** True when the version of the mapping is `needed` or later. */
  supports(needed: MappingVersion): boolean;
  /** Reads a nested construct, or fails when there are too many levels. */
  nested<T>(read: () => T): T;
  expression(): Expression;
  /** @param quotesAreKeys a quoted head is a key (in a selection), not a literal (in an expression) */
  path(quotesAreKeys: boolean): Path;
  /** The steps and the selection after a head. */
  tail(head: Head, start: number): Path;
  /** Fails at `?? …` after a path that may not have it. */
  refuseChain(): void;
  atStepOrChain(): boolean;
  key(expected?: string): string;
  /** Returns a function that reads the separator after each item of a list. */
  separator(rules: SeparatorRules): () => void;
}

export interface SeparatorRules {
  readonly atClose: () => boolean;
  /** The end of the list, as messages name it. */
  readonly close: string;
  /** What the items are, in the plural. */
  readonly items: string;
}
