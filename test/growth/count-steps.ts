// Counts the steps of a synchronous function: how often each block of its JavaScript ran, and how many characters and elements
// the native functions on strings, regular expressions and JSON read. Deterministic, so that growth can be asserted
// without measuring time. Backtracking inside a regular expression is not visible; `patterns.test.ts` covers it.

import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

type Native = (this: unknown, ...args: unknown[]) => unknown;
/** Characters or elements that a call reads, at most. */
type Cost = (self: unknown, args: readonly unknown[], result: unknown) => number;

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) || Buffer.isBuffer(value) ? value.length : 0;

const readsAll: Cost = (self, _args, result) => lengthOf(self) + lengthOf(result);
const readsResult: Cost = (_self, _args, result) => lengthOf(result);
const readsArgument: Cost = (_self, [first], result) => lengthOf(first) + lengthOf(result);
/** Normalization sorts each row of combining marks: the square of its length. */
const normalizes: Cost = (self, args, result) =>
  [...String(self).matchAll(/\p{M}+/gu)].reduce((sum, [row]) => sum + row.length ** 2, 0) +
  readsAll(self, args, result);
/** A search reads up to what it finds. */
const searches: Cost = (self, [wanted, from], result) => {
  const start = Math.max(0, Number(from ?? 0));
  const end = typeof result === 'number' && result >= 0 ? result : lengthOf(self);
  return Math.max(0, end - start) + lengthOf(wanted);
};
/** A regular expression reads from `lastIndex` (0 without `g` and `y`) to the end of its match; without one to the end. */
const matches: Cost = (self, [text], result) => {
  const pattern = self as RegExp;
  patterns.add(pattern);
  const match = result as RegExpExecArray | null | boolean;
  if (pattern.sticky) return lengthOf(Array.isArray(match) ? match[0] : '') + 1;
  return Array.isArray(match) ? match[0].length + 1 : lengthOf(text);
};

/** The regular expressions that ran. */
const patterns = new Set<RegExp>();

/** A class, an escape or a character that is repeated without end, and what follows it. */
const OPEN_REPETITION = /^(?:\\p\{\w+\}|\\.|\[(?:\\.|[^\]])*\]|[^\\[(^])(?:[*+]|\{\d+,\})\??(.*)$/s;

/** The patterns that a search may begin at any place of a row and read the row to its end from each. */
export const superlinearPatterns = (): string[] =>
  [...patterns]
    .filter(({ source, sticky }) => !sticky && (OPEN_REPETITION.exec(source)?.[1] ?? '') !== '')
    .map(String);

const STRING = String.prototype as unknown as Record<string, Native>;
const NATIVES: readonly (readonly [holder: object, name: PropertyKey, cost: Cost])[] = [
  ...['indexOf', 'lastIndexOf'].map((name) => [STRING, name, searches] as const),
  ...['startsWith', 'endsWith'].map(
    (name) => [STRING, name, (_self: unknown, [a]: readonly unknown[]) => lengthOf(a)] as const,
  ),
  ...['slice', 'substring', 'substr', 'repeat', 'padStart', 'padEnd', 'at'].map(
    (name) => [STRING, name, readsResult] as const,
  ),
  ...[
    ...['includes', 'trim', 'trimStart', 'trimEnd', 'toLowerCase', 'toUpperCase', 'localeCompare'],
    ...[
      'split',
      'replace',
      'replaceAll',
      'search',
      'match',
      'matchAll',
      'concat',
      'isWellFormed',
      'toWellFormed',
    ],
  ].map((name) => [STRING, name, readsAll] as const),
  [STRING, 'normalize', normalizes],
  [RegExp.prototype, 'exec', matches],
  [RegExp.prototype, 'test', matches],
  [JSON, 'parse', readsArgument],
  [JSON, 'stringify', readsResult],
  [Buffer.prototype, 'toString', readsResult],
  [Object, 'keys', readsResult],
  [Object, 'entries', readsResult],
  [Object, 'values', readsResult],
  ...[
    'concat',
    'includes',
    'indexOf',
    'join',
    'slice',
    'splice',
    'toSorted',
    'sort',
    'toReversed',
    'reverse',
    'fill',
  ].map((name) => [Array.prototype, name, readsAll] as const),
];

interface Coverage {
  readonly result: readonly {
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

// Compiled code keeps no counts.
for (const flag of ['--no-opt', '--no-maglev', '--no-sparkplug']) setFlagsFromString(flag);

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** How often the blocks of all functions ran since the last call. */
function takeBlocks(): number {
  let blocks = 0;
  session.post('Profiler.takePreciseCoverage', (_error, coverage: Coverage) => {
    for (const { functions } of coverage.result)
      for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
  });
  return blocks;
}

/** The steps of `run`. What it throws is dropped: a refusal has steps too. */
export function countSteps(run: () => unknown): number {
  const native = { steps: 0 };
  const restore = NATIVES.map((row) => instrument(row, native));
  takeBlocks();
  try {
    run();
  } catch {
    // Counted like a success.
  } finally {
    for (const one of restore) one();
  }
  return native.steps + takeBlocks();
}

/** Replaces a native function by one that counts. Returns the function that puts it back. */
function instrument([holder, name, cost]: (typeof NATIVES)[number], into: { steps: number }): () => void {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor;
  const original = descriptor.value as Native;
  const counted: Native = function (this: unknown, ...args) {
    const result = original.apply(this, args);
    into.steps += cost(this, args, result);
    return result;
  };
  Object.defineProperty(holder, name, { ...descriptor, value: counted });
  return () => void Object.defineProperty(holder, name, descriptor);
}
