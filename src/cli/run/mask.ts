// Masks everything that `connector run` prints. Secrets are always hidden; personal data is shown only for a simulator and
// on request. When in doubt a value is hidden: in a system with personal data, values of unknown origin are not shown.

import { isComposite, isExactNumber, parseJsonExact } from '../../exact-number.ts';
import { redact } from '../../observe/redact.ts';
import { pathKey } from './answer-keys.ts';

const PERSONAL = '[personal]';
const SECRET = '[secret]';
/** A value that no field publishes, in a system that has personal fields: its classification is unknown. */
const NOT_MAPPED = '[not mapped]';

/** A request also contains values of the gateway, an answer only those of the system. */
export type Side = 'request' | 'answer';

export interface Mask {
  /** Replaces secrets, known personal values and numbers that look like personal ids in a text. */
  readonly text: (text: string) => string;
  readonly header: (name: string, value: string) => string;
  /** Masks a path with its query. */
  readonly path: (path: string) => string;
  /** Masks one value of a body, found below these keys. */
  readonly leaf: (value: unknown, keys: readonly string[], side: Side) => unknown;
  /** Masks a decoded body. */
  readonly body: (value: unknown, side: Side) => unknown;
  /** Masks a mapped value or an input. @param isPersonal whether the manifest classifies it as personal */
  readonly mapped: (value: unknown, isPersonal: boolean) => unknown;
}

export interface MaskRules {
  readonly showPersonal: boolean;
  /** Values that authenticate the gateway. */
  readonly secrets: readonly string[];
  /** Headers with secrets, in addition to the well-known ones. Lower case. */
  readonly secretHeaders: readonly string[];
  /** Keys of bodies that contain a signature or a session. */
  readonly secretKeys: ReadonlySet<string>;
  /** Query parameters with secrets, in addition to the well-known ones. */
  readonly secretParameters?: ReadonlySet<string | undefined>;
  /** Whether all data of the system is personal: then every value of a body is hidden except `plainValues`. */
  readonly allPersonal: boolean;
  /** Keys of bodies below which every value is personal. */
  readonly personalKeys: ReadonlySet<string>;
  /** In a system with personal fields, the paths (`pathKey`) that supply other fields; `undefined`: all values are shown. */
  readonly plainPaths: ReadonlySet<string> | undefined;
  /** Values of inputs and results that are known to be personal. */
  readonly personalValues: readonly string[];
  /** Values of requests that come from the gateway: its configuration, the officer, the purpose. */
  readonly plainValues: ReadonlySet<string>;
}

const SECRET_HEADER = /auth|token|secret|api-?key|cookie|password|signature|session|credential/i;
const SECRET_KEY =
  /token$|passw(or)?d$|passphrase$|secret$|api[_-]?key$|assertion$|nonce$|signature(value)?$|digest(value)?$|^session(id)?$/i;

/** Shorter values are replaced only when they are the whole value: a text such as `1` occurs everywhere. */
const LONG_ENOUGH = 4;

export function createMask(rules: MaskRules): Mask {
  const { showPersonal, allPersonal, personalKeys, plainPaths, plainValues, secretKeys } = rules;
  const secrets = longestFirst(rules.secrets.flatMap(secretForms));
  const wholeSecrets = new Set(rules.secrets);
  const personal = showPersonal ? [] : rules.personalValues;
  const alone = new Set(personal.map(fold));
  const inside = longestFirst(personal.flatMap(formsOf));

  const text = (given: string): string => {
    if (given !== '' && wholeSecrets.has(given)) return SECRET;
    let out = given;
    for (const secret of secrets) out = out.replaceAll(secret, SECRET);
    for (const value of inside) out = out.replaceAll(value, PERSONAL);
    return showPersonal ? out : redact(out);
  };

  const scalar = (value: unknown): unknown => {
    if (typeof value === 'string') return value !== '' && alone.has(fold(value)) ? PERSONAL : text(value);
    // The letter prevents a bare number from being treated as a JSON number.
    if (typeof value === 'number' || isExactNumber(value))
      return text(`x${value}`) === `x${value}` ? value : '[id]';
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
        // A text may contain JSON, as in answers of the payment platform; its keys count, too.
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

  const parameter = (written: string): string => {
    const [name = '', ...value] = written.split('=');
    const plain = decode(name);
    const isSecret = rules.secretParameters?.has(plain) === true || SECRET_HEADER.test(plain);
    const shown = pathPart(name);
    return value.length === 0 ? shown : `${shown}=${isSecret ? SECRET : pathPart(value.join('='))}`;
  };

  return {
    text,
    header: (name, value) =>
      SECRET_HEADER.test(name) || rules.secretHeaders.includes(name) ? SECRET : text(value),
    path: (path) => {
      const [before = '', ...after] = path.split('?');
      const shown = before.replace(/[^/]+/g, pathPart);
      return after.length === 0 ? shown : `${shown}?${after.join('?').split('&').map(parameter).join('&')}`;
    },
    leaf,
    body: (value, side) => maskBody(value, side),
    mapped: (value, isPersonal) =>
      mapLeaves(value, text, (item) => (isPersonal && !showPersonal ? hide(item, PERSONAL) : scalar(item))),
  };
}

/** Returns the structure with each scalar replaced; `nameOf` is applied to keys, which may contain data, too. */
function mapLeaves(
  value: unknown,
  nameOf: (key: string) => string,
  replace: (leaf: unknown, keys: readonly string[]) => unknown,
  keys: readonly string[] = [],
): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, nameOf, replace, keys));
  if (!isComposite(value)) return replace(value, keys);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      nameOf(key),
      mapLeaves(item, nameOf, replace, [...keys, key]),
    ]),
  );
}

/** Null and empty values reveal nothing about a person and show the shape of the record. */
const hide = (value: unknown, by: string): unknown =>
  value === null || value === undefined || value === '' ? value : by;

const longestFirst = (values: readonly string[]): string[] =>
  [...new Set(values)].filter(({ length }) => length >= LONG_ENOUGH).sort((a, b) => b.length - a.length);

const fold = (value: string): string => value.normalize('NFC').toLowerCase();

/** A secret as it is, in a URL or a form, in JSON, and in XML. */
const secretForms = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  encodeURIComponent(value).replaceAll('%20', '+'),
  JSON.stringify(value).slice(1, -1),
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
];

/** The forms in which a value may occur on the wire. */
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
    return parseJsonExact(text);
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

/** All texts and numbers in a value. */
export function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number' || isExactNumber(value)) return [String(value)];
  if (!isComposite(value)) return [];
  return Object.values(value).flatMap(leavesOf);
}
