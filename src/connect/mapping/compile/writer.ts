// The JavaScript text of one mapping while it is written: functions, constants, names. No text of a mapping enters
// the program but through JSON.stringify or as an identifier of letters, digits and `_`.

import type { Site } from '../problem.ts';

/** Keys, and negative numbers where a list index may come (see `placeIndex`). */
export type PathTemplate = readonly (string | number)[];

/** A value in the program: the name (or literal) that holds it, and where it comes from. */
export interface Value {
  readonly js: string;
  readonly path: PathTemplate;
  /** An expression still to be evaluated when the value is missing: it reports that, and is `undefined`. */
  readonly absent?: string;
}

/** What names mean at one place of a mapping. */
export interface Scope {
  /** `$`. */
  readonly root: Value;
  /** Name of a value that is no list, null or missing, whose keys can be read; null when `$` may be anything. */
  readonly base: string | null;
  /** `@`. */
  readonly at: Value;
  /** Variables bound by `->as`. */
  readonly bound: ReadonlyMap<string, Value>;
}

export interface Writer {
  /** A name that is not used yet. */
  name(prefix: string): string;
  /** Ids of places where a list index may enter a path: negative numbers. */
  marker(): number;
  /** A constant of the program: a function, a site, a prepared pattern. */
  constant(value: unknown): string;
  site(path: PathTemplate, range: readonly [number, number], label: string): string;
  /**
   * Adds a function `name(own…, scope…, V, P)` and gives the text of the arguments after the first ones.
   * Only the names of the scope that its body uses become parameters.
   */
  define(name: string, own: readonly string[], scope: Scope, body: readonly string[]): string;
  /** Adds a function with exactly these parameters. */
  add(name: string, parameters: string, body: readonly string[]): void;
  program(main: string): { readonly text: string; readonly constants: readonly unknown[] };
}

const IDENTIFIER = /^[A-Za-z_][0-9A-Za-z_]*$/;
const OBJECT_KEYS = new Set(Object.getOwnPropertyNames(Object.prototype));
// Names that a list or a scalar answers to, though it has no such key.
const OTHER_KEYS = new Set(
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

/** Is it a name of the program (and not a literal)? What has a name may be missing. */
export const isName = (js: string): boolean => /^[a-z]\d*$/.test(js);

/**
 * Stands, in the body given to `define`, for the arguments with which the function calls itself or its sibling.
 * A control character, which JSON.stringify never leaves in a literal.
 */
export const OWN_ARGUMENTS = '\u0000';

/** Is the key an identifier that no list, scalar or prototype answers to? Then reading it needs no check. */
export const isPlainRead = (key: string): boolean =>
  IDENTIFIER.test(key) && !OBJECT_KEYS.has(key) && !OTHER_KEYS.has(key);

/**
 * The text that reads an own key of a value that is not null or missing; `undefined` for lists and scalars.
 * Most keys are plain reads: only an object can have them.
 */
export function readText(writer: Writer, holder: string, key: string, ownKey: unknown): string {
  if (OBJECT_KEYS.has(key)) return `${writer.constant(ownKey)}(${holder}, ${JSON.stringify(key)})`;
  const read = IDENTIFIER.test(key) ? `${holder}.${key}` : `${holder}[${JSON.stringify(key)}]`;
  if (!OTHER_KEYS.has(key) && !INDEX.test(key)) return read;
  return `(typeof ${holder} === "object" && !Array.isArray(${holder}) ? ${read} : undefined)`;
}

/** The text of a key in an object literal; `__proto__` is computed, so that it is a key and no prototype. */
export function keyText(key: string): string {
  if (key === '__proto__') return '["__proto__"]';
  return IDENTIFIER.test(key) ? key : JSON.stringify(key);
}

/** The text of a literal value. */
export const literalText = (value: string | number | boolean | null): string =>
  Object.is(value, -0) ? '-0' : JSON.stringify(value);
