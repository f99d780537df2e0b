// What a part of an operation costs, as a vector of numbers: objects, values, bytes, statements, and for each operation of a
// connector its keys and its positions. Sums saturate, so that no document overflows them.

/** A connector's operation that a document calls. */
export interface CalledOperation {
  readonly connector: string;
  readonly operation: string;
  /** Keys of one call; undefined: one call for each key. */
  readonly batchSize: number | undefined;
}

/** `[objects, values, bytes, statements, keys₀, positions₀, keys₁, positions₁, …]` */
export type Amounts = Float64Array;

export const OBJECTS = 0;
export const VALUES = 1;
export const BYTES = 2;
export const STATEMENTS = 3;
export const FIRST_KEYS = 4;

const MOST = 1e15;

export const noAmounts = (operations: number): Amounts => new Float64Array(FIRST_KEYS + 2 * operations);

/** Adds `times` × `more`; positions in the document are not multiplied, because elements of a list share a batch. */
export function add(to: Amounts, more: Amounts, times: number): void {
  for (let i = 0; i < to.length; i++) {
    const isPosition = i > FIRST_KEYS && i % 2 === 1;
    const factor = isPosition ? Math.min(1, times) : times;
    to[i] = Math.min(MOST, (to[i] as number) + (more[i] as number) * factor);
  }
}

/** Raises each number to that of `other`. */
export function raise(to: Amounts, other: Amounts): void {
  for (let i = 0; i < to.length; i++) to[i] = Math.max(to[i] as number, other[i] as number);
}

/** Calls of one operation: as many as keys without batches; else full batches, and a last one for each position. */
export function callsOf(amounts: Amounts, index: number, { batchSize }: CalledOperation): number {
  const keys = amounts[FIRST_KEYS + 2 * index] as number;
  if (batchSize === undefined) return keys;
  const positions = amounts[FIRST_KEYS + 2 * index + 1] as number;
  return Math.min(keys, Math.floor(keys / batchSize) + positions);
}

/** What is published about the cost of an operation. Whole numbers. */
export interface Cost {
  /** Units. */
  readonly total: number;
  readonly connectorCalls: number;
  readonly objects: number;
  readonly bytes: number;
}

/** Units of one call, one statement of the store, one object and one value. */
export const WEIGHTS = { call: 20, statement: 10, object: 1, value: 0.1 } as const;

export function costOf(amounts: Amounts, operations: readonly CalledOperation[]): Cost {
  let connectorCalls = 0;
  for (let i = 0; i < operations.length; i++)
    connectorCalls += callsOf(amounts, i, operations[i] as CalledOperation);
  const [objects = 0, values = 0, bytes = 0, statements = 0] = amounts;
  return {
    total: Math.ceil(
      WEIGHTS.call * connectorCalls +
        WEIGHTS.statement * statements +
        WEIGHTS.object * objects +
        WEIGHTS.value * values,
    ),
    connectorCalls: Math.ceil(connectorCalls),
    objects: Math.ceil(objects),
    bytes: Math.ceil(bytes),
  };
}
