// What a person may see of a call. Secrets never; personal data only of a simulator, when asked for. Used by every line
// that `connector run` prints. Masks rather too much: a value that cannot be placed in a personal system is hidden.

import { redact } from '../../observe/redact.ts';
import { pathKey } from './answer-keys.ts';

const PERSONAL = '[personal]';
const SECRET = '[secret]';
/** A value that no field publishes, in a system that has personal fields: nobody said what it is. */
const NOT_MAPPED = '[not mapped]';

/** Whose body it is: a request also holds the gateway's own values, an answer only the system's. */
export type Side = 'request' | 'answer';

export interface Mask {
  /** Any text: secrets, known personal values and numbers that look like personal ids are taken out. */
  readonly text: (text: string) => string;
  readonly header: (name: string, value: string) => string;
  /** A path with its query. */
  readonly path: (path: string) => string;
  /** One value of a body, below these keys. */
  readonly leaf: (value: unknown, keys: readonly string[], side: Side) => unknown;
  /** A whole decoded body. */
  readonly body: (value: unknown, side: Side) => unknown;
  /** A mapped value, or an input, at a place that the manifest calls personal, or not. */
  readonly mapped: (value: unknown, isPersonal: boolean) => unknown;
}

export interface MaskRules {
  readonly showPersonal: boolean;
  /** Everything that proves who the gateway is. */
  readonly secrets: readonly string[];
  /** Headers that carry secrets, besides those that anybody knows. Lower case. */
  readonly secretHeaders: readonly string[];
  /** Keys of bodies that hold a signature. */
  readonly secretKeys: ReadonlySet<string>;
  /** Is the whole system one of personal data? Then every value of a body is hidden but for `plainValues`. */
  readonly allPersonal: boolean;
  /** Keys of bodies below which everything is personal. */
  readonly personalKeys: ReadonlySet<string>;
  /** Where a system has personal fields: what feeds other fields (`pathKey`s). Else `undefined`: all is shown. */
  readonly plainPaths: ReadonlySet<string> | undefined;
  /** Values known to be personal: inputs and results. */
  readonly personalValues: readonly string[];
  /** Values of requests that are the gateway's own: its configuration, the officer, the purpose. */
  readonly plainValues: ReadonlySet<string>;
}

const SECRET_HEADER = /auth|token|secret|api-?key|cookie|password|signature|session|credential/i;
const SECRET_KEY = /^((access|refresh|id|session|auth)[_-]?)?token$|passw(or)?d$|secret$|^api[_-]?key$/i;

/** Shorter values are taken out only where they stand alone: `1` is in everything. */
const LONG_ENOUGH = 4;

export function createMask(rules: MaskRules): Mask {
  const { showPersonal, allPersonal, personalKeys, plainPaths, plainValues, secretKeys } = rules;
  const secrets = longestFirst(rules.secrets);
  const personal = showPersonal ? [] : rules.personalValues;
  const alone = new Set(personal.map(fold));
  const inside = longestFirst(personal.flatMap(formsOf));

  const text = (given: string): string => {
    let out = given;
    for (const secret of secrets) out = out.replaceAll(secret, SECRET);
    for (const value of inside) out = out.replaceAll(value, PERSONAL);
    return showPersonal ? out : redact(out);
  };

  const scalar = (value: unknown): unknown => {
    if (typeof value === 'string') return value !== '' && alone.has(fold(value)) ? PERSONAL : text(value);
    // A letter before it: a bare number in a text would be taken for one of JSON.
    if (typeof value === 'number') return text(`x${value}`) === `x${value}` ? value : '[id]';
    return value;
  };

  const leaf: Mask['leaf'] = (value, keys, side) => {
    if (keys.some((key) => secretKeys.has(key) || SECRET_KEY.test(key))) return hide(value, SECRET);
    if (showPersonal) return scalar(value);
    if (keys.some((key) => personalKeys.has(key))) return hide(value, PERSONAL);
    if (side === 'request' || (!allPersonal && plainPaths === undefined)) {
      return allPersonal && !plainValues.has(String(value)) ? hide(value, PERSONAL) : scalar(value);
    }
    if (allPersonal) return hide(value, PERSONAL);
    const isPublished = keys.some((_, i) => plainPaths?.has(pathKey(keys.slice(0, i + 1))));
    return isPublished ? scalar(value) : hide(value, NOT_MAPPED);
  };

  const maskBody = (value: unknown, side: Side, above: readonly string[] = []): unknown =>
    mapLeaves(
      value,
      text,
      (item, keys) => {
        // JSON inside a text has keys, too (the payment platform answers so).
        const inner = typeof item === 'string' && /^\s*[{[]/.test(item) ? parsed(item) : undefined;
        return inner === undefined ? leaf(item, keys, side) : JSON.stringify(maskBody(inner, side, keys));
      },
      above,
    );

  const pathPart = (part: string): string => {
    const plain = decode(part);
    if (alone.has(fold(plain))) return PERSONAL;
    const masked = text(plain);
    return masked === plain ? text(part) : masked;
  };

  return {
    text,
    header: (name, value) =>
      SECRET_HEADER.test(name) || rules.secretHeaders.includes(name) ? SECRET : text(value),
    path: (path) => path.replace(/[^/?&=]+/g, pathPart),
    leaf,
    body: (value, side) => maskBody(value, side),
    mapped: (value, isPersonal) =>
      mapLeaves(value, text, (item) => (isPersonal && !showPersonal ? hide(item, PERSONAL) : scalar(item))),
  };
}

/** The same structure with each scalar replaced; `nameOf` is applied to keys, which may hold data, too. */
function mapLeaves(
  value: unknown,
  nameOf: (key: string) => string,
  replace: (leaf: unknown, keys: readonly string[]) => unknown,
  keys: readonly string[] = [],
): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, nameOf, replace, keys));
  if (typeof value !== 'object' || value === null) return replace(value, keys);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      nameOf(key),
      mapLeaves(item, nameOf, replace, [...keys, key]),
    ]),
  );
}

/** Null and empty values say nothing of a person and much of a record's shape. */
const hide = (value: unknown, by: string): unknown =>
  value === null || value === undefined || value === '' ? value : by;

const longestFirst = (values: readonly string[]): string[] =>
  [...new Set(values)].filter(({ length }) => length >= LONG_ENOUGH).sort((a, b) => b.length - a.length);

const fold = (value: string): string => value.normalize('NFC').toLowerCase();

/** As a value may stand on the wire. */
function formsOf(value: string): string[] {
  const composed = value.normalize('NFC');
  return [value, composed, composed.toUpperCase(), composed.toLowerCase()].flatMap((form) => [
    form,
    form.normalize('NFD'),
    encodeURIComponent(form),
    encodeURIComponent(form).replaceAll('%20', '+'),
  ]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return part;
  }
}

/** Every text and number in a value. */
export function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
