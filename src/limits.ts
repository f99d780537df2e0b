// Every limit of a request in one table: its value, its unit and the reason for the number. Those that an operator may want to
// change are settings of the same name; the others protect the parser and the process. docs/limits.md is checked against it.

/** What one request may cost. Each value is a whole number from 1. */
export interface CostLimits {
  /** Units of cost of an operation, see `docs/limits.md`. */
  readonly maxCost: number;
  /** Calls to connectors of an operation, in the worst case; during execution, calls to each connector. */
  readonly maxConnectorCalls: number;
  /** Objects in the answer. */
  readonly maxObjects: number;
  /** Bytes of the answer, estimated. */
  readonly maxAnswerBytes: number;
  /** Levels of selections within each other; a fragment is a level. */
  readonly maxDepth: number;
  /** Aliases of an operation after fragments are expanded. */
  readonly maxAliases: number;
  /** Fields of the root type after fragments are expanded. */
  readonly maxRootFields: number;
}

interface Limit {
  readonly value: number;
  readonly unit: string;
  readonly reason: string;
}

const limit = (value: number, unit: string, reason: string): Limit => ({ value, unit, reason });

/** Limits that are settings. */
export const SETTABLE_LIMITS = {
  maxCost: limit(
    50_000,
    'units',
    'The page of 100 dossiers with every source costs 22,103 at most. Twice that, with room for further sources.',
  ),
  maxConnectorCalls: limit(
    2_000,
    'calls',
    'The page of 100 dossiers makes 800 at most. Each call holds a socket of a system that others share.',
  ),
  maxObjects: limit(
    20_000,
    'objects',
    'The page of 100 dossiers has 4,802 at most. An object costs 5 to 10 µs to complete and to write: 20,000 stay below 200 ms.',
  ),
  maxAnswerBytes: limit(
    4_000_000,
    'bytes',
    'The page of 100 dossiers has 0.6 MB. An answer is held whole in memory until it is written.',
  ),
  maxDepth: limit(
    40,
    'levels',
    'The longest documented operation has 8 levels, introspection 14. Clients that write a fragment for each component have two levels for each object.',
  ),
  maxAliases: limit(
    100,
    'aliases',
    'A page asks for one thing under few names. Aliases multiply the work of a short document.',
  ),
  maxRootFields: limit(
    50,
    'fields',
    'Each root field of the store is a statement of its own; a screen needs fewer than ten.',
  ),
} as const satisfies Record<keyof CostLimits, Limit>;

/** Limits that are fixed. */
export const FIXED_LIMITS = {
  characters: limit(100_000, 'characters', '20 for each token. A long text belongs into a variable.'),
  tokens: limit(
    5_000,
    'tokens',
    'The longest documented operation has under 300; 16 connections deep with 20 fields each: 1,000.',
  ),
  nesting: limit(
    100,
    'levels',
    'Brackets of a document and levels of a variable: the parser and the coercion recurse once per level.',
  ),
  selections: limit(
    5_000,
    'selections',
    'Of all operations after fragments are expanded: as many as the tokens allow without fragments.',
  ),
  directives: limit(
    200,
    'directives',
    'A condition on every tenth field of a large document. Unknown directives cost a message each.',
  ),
  nameLength: limit(200, 'characters', 'Of one name: names are repeated in errors and answers.'),
  variableValues: limit(
    10_000,
    'values',
    'Of all variables together: a body of 256 kB holds 130,000 numbers, each of which is coerced.',
  ),
  problems: limit(20, 'errors', 'Errors of validation that are reported; each costs a pass over the text.'),
} as const satisfies Record<string, Limit>;

export const DEFAULT_LIMITS: CostLimits = {
  maxCost: SETTABLE_LIMITS.maxCost.value,
  maxConnectorCalls: SETTABLE_LIMITS.maxConnectorCalls.value,
  maxObjects: SETTABLE_LIMITS.maxObjects.value,
  maxAnswerBytes: SETTABLE_LIMITS.maxAnswerBytes.value,
  maxDepth: SETTABLE_LIMITS.maxDepth.value,
  maxAliases: SETTABLE_LIMITS.maxAliases.value,
  maxRootFields: SETTABLE_LIMITS.maxRootFields.value,
};
