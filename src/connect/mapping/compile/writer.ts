// Builds the JavaScript text of one mapping: functions, constants, names. Text of the mapping enters the program only
// through JSON.stringify or as an identifier of letters, digits and `_`.

import type { Site } from '../problem.ts';
import { readOwnKey } from '../runtime.ts';

/** Keys, and negative numbers as markers of possible list indexes (see `insertIndex`). */
export type PathTemplate = readonly (string | number)[];

/** A value in the program: the name (or literal) that holds it, and its path in the input. */
export interface Value {
  readonly js: string;
  readonly path: PathTemplate;
  /** An expression that the program must evaluate when the value is missing: it reports that and is `undefined`. */
  readonly absent?: string;
}

/** The values that names refer to at one place of a mapping. */
export interface Scope {
  /** `$`. */
  readonly root: Value;
  /** Name of a value from which keys can be read: not a list, null or missing. Null when `$` may be any value. */
  readonly base: string | null;
  /** `@`. */
  readonly at: Value;
  /** Variables bound by `->as`. */
  readonly bound: ReadonlyMap<string, Value>;
}

export interface Writer {
  /** Returns an unused name. */
  name(prefix: string): string;
  /** Returns an unused marker of a list index: a negative number. */
  marker(): number;
  /** Adds steps that the emitted code executes once. */
  addWeight(steps: number): void;
  /** The steps added so far. A loop charges, per element, the steps added while its body was emitted. */
  weight(): number;
  /** The number of loops emitted so far. */
  loops(): number;
  addLoop(): void;
  /** Returns the name of a constant of the program: a function, a site, a prepared pattern. */
  constant(value: unknown): string;
  site(path: PathTemplate, range: readonly [number, number], label: string): string;
  /**
   * Adds a function `name(own…, scope…, V, P)` and returns the text of the arguments that follow its own.
   * Of the scope, only the names that the body uses become parameters.
   */
  define(name: string, own: readonly string[], scope: Scope, body: readonly string[]): string;
  /** Adds a function with the given parameters. */
  add(name: string, parameters: string, body: readonly string[]): void;
  program(main: string): { readonly text: string; readonly constants: readonly unknown[] };
}

const IDENTIFIER = /^[A-Za-z_][0-9A-Za-z_]*$/;
// Properties that objects inherit; exact numbers also inherit `toJSON`.
const OBJECT_KEYS = new Set([...Object.getOwnPropertyNames(Object.prototype), 'toJSON']);
// Properties that lists and scalars inherit, though they have no such key.
const INHERITED_KEYS = new Set(
  [Array.prototype, String.prototype, Number.prototype, Boolean.prototype].flatMap((prototype) =>
    Object.getOwnPropertyNames(prototype),
  ),
);
const INDEX = /^\d+$/;

export function createWriter(): Writer {
  const functions: string[] = [];
  const constants: unknown[] = [];
  const known = new Map<unknown, string>();
  let names = 0;
  let markers = 0;
  let weight = 0;
  let loops = 0;

  const constant = (value: unknown): string => {
    const old = known.get(value);
    if (old !== undefined) return old;
    const name = `K${constants.length}`;
    constants.push(value);
    known.set(value, name);
    return name;
  };

  const add = (name: string, parameters: string, body: readonly string[]): void => {
    functions.push(`function ${name}(${parameters}) {\n${body.join('\n')}\n}`);
  };

  return {
    name: (prefix) => `${prefix}${names++}`,
    marker: () => -++markers,
    addWeight(steps) {
      weight += steps;
    },
    weight: () => weight,
    addLoop() {
      loops++;
    },
    loops: () => loops,
    constant,
    site: (path, range, label) => constant({ path, range, label } satisfies Site),
    define(name, own, scope, body) {
      const text = body.join('\n');
      const used = namesOf(scope).filter(
        (n) => !own.includes(n) && text.includes(n) && new RegExp(`\\b${n}\\b`).test(text),
      );
      const rest = [...used, 'V', 'P'].join(', ');
      add(name, [...own, rest].join(', '), [text.replaceAll(OWN_ARGUMENTS, rest)]);
      return rest;
    },
    add,
    program: (main) => ({
      text: [
        '"use strict";',
        ...constants.map((_, i) => `const K${i} = K[${i}];`),
        ...functions,
        `return ${main};`,
      ].join('\n'),
      constants,
    }),
  };
}

function namesOf(scope: Scope): string[] {
  const names = new Set([scope.root.js, scope.at.js, ...[...scope.bound.values()].map((v) => v.js)]);
  if (scope.base !== null) names.add(scope.base);
  return [...names].filter(isName);
}

/** True for a name, false for a literal. A named value may be missing. */
export const isName = (js: string): boolean => /^[a-z]\d*$/.test(js);

/**
 * Placeholder, in a body passed to `define`, of the arguments with which the function calls itself or its sibling.
 * A control character, which JSON.stringify escapes and which therefore cannot occur in a literal.
 */
export const OWN_ARGUMENTS = '\u0000';

/** True for an identifier that no list, scalar or prototype has as a property: reading it needs no check. */
export const isPlainRead = (key: string): boolean =>
  IDENTIFIER.test(key) && !OBJECT_KEYS.has(key) && !INHERITED_KEYS.has(key);

/**
 * The text that reads an own key of a value that is neither null nor missing; the result is `undefined` for lists and
 * scalars. Most keys need no check, because only objects have them.
 */
export function readText(writer: Writer, holder: string, key: string): string {
  if (OBJECT_KEYS.has(key)) return `${writer.constant(readOwnKey)}(${holder}, ${JSON.stringify(key)})`;
  const read = IDENTIFIER.test(key) ? `${holder}.${key}` : `${holder}[${JSON.stringify(key)}]`;
  if (!INHERITED_KEYS.has(key) && !INDEX.test(key)) return read;
  return `(typeof ${holder} === "object" && !Array.isArray(${holder}) ? ${read} : undefined)`;
}

/** The text of a key in an object literal; `__proto__` is a computed key, which does not set the prototype. */
export function keyText(key: string): string {
  if (key === '__proto__') return '["__proto__"]';
  return IDENTIFIER.test(key) ? key : JSON.stringify(key);
}

/** The text of a literal value. */
export const literalText = (value: string | number | boolean | null): string =>
  Object.is(value, -0) ? '-0' : JSON.stringify(value);
