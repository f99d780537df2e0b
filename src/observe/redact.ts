// Removes what looks like personal data or a secret from a text: personal ids, phone numbers, e-mail addresses, tokens, passwords, keys,
// query strings, and the values of keys that hold such things. The stream of the log applies it to each line, so that no serializer
// can forget it; valid JSON stays valid. Guarantees time linear in the size of the text.

import { withoutValuesOfKeys } from './redact-keys.ts';

/** The begin of a UUID up to its last group: the digits of a request id are no personal id. */
const IN_UUID = String.raw`[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{0,3}`;
/** The digits of \u0001, \x01 and %20 are not part of the number that follows them. */
const AFTER_ESCAPE = String.raw`\\u[\da-f]{4}|\\x[\da-f]{2}|%[\da-f]{2}`;

/** 12 digits (the personal id) or 9 (the old identity card), unless they are part of a longer number or a fraction. */
const ID_LIKE = new RegExp(
  `(?:(?<=${AFTER_ESCAPE})|(?<!\\d|\\d\\.|${IN_UUID}))(?:\\d{12}|\\d{9})(?!\\d)`,
  'gi',
);

/** A mobile number of Vietnam; enterprise codes of the same form are public, and are removed as well. */
const PHONE = new RegExp(
  `(?:(?<=${AFTER_ESCAPE})|(?<!\\d|\\.|${IN_UUID}))(?:\\+?84|0)[35789]\\d{8}(?!\\d)`,
  'gi',
);

/** A part before the @ is at most 64 characters by RFC 5321, which also bounds the search. */
const EMAIL = /(?<![\w.%+-])[\w.%+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}/gi;

/** A word after the scheme is not a token: a token has other characters, or capitals within. */
const CREDENTIALS =
  /\b([Bb]earer|BEARER|[Bb]asic|BASIC|D[Pp]o[Pp]|dpop|[Dd]igest|DIGEST) +(?=[\w.~+/=:-]*[\d_~+/=-]|\w{0,64}?[a-z][A-Z])[\w.~+/=:-]{6,}/g;
const COOKIES = /\b((?:set-)?cookie): *[^"\\\r\n]+/gi;
/** JWTs and encrypted ones; also cut short. */
const JWT = /\beyJ[\w-]{5,}(?:\.[\w-]*){0,4}/g;
const ASSIGNED =
  /\b((?:access_|refresh_|id_|auth_)?token|(?:client_)?secret|passw(?:or)?d|pwd|api_?key|client_assertion|code_verifier)=[^\s"'\\&;,)]+/gi;

/** What follows the scheme of an absolute URL. */
const AFTER_SCHEME = /(?<=:\/\/)[^\s"'\\<>]+/g;

/** Without name and password before the host, without query and fragment. */
function plainUrl(rest: string): string {
  const end = rest.search(/[?#]/);
  const address = end < 0 ? rest : rest.slice(0, end);
  const slash = address.indexOf('/');
  const at = address.lastIndexOf('@', slash < 0 ? address.length : slash);
  return `${at < 0 ? '' : '[secret]@'}${address.slice(at + 1)}${end < 0 ? '' : '?[query]'}`;
}

const isBareNumber = (text: string, start: number, end: number): boolean =>
  /[:,[]/.test(text[start - 1] ?? '') && /[,}\]]/.test(text[end] ?? '');

// Searches for several short texts cost a third of a search for what they are part of, and most lines have none of them.
const MAY_BE_FORM = /:\/\/|eyJ|---|[rctpRCTP] |(?:okie|OKIE):/;
const DIGITS = /\d{9}/g;

/**
 * Replaces personal data and secrets by names in brackets, e.g. `[id]`, `[token]`. A number in JSON that looks like a personal id
 * becomes 0. @returns the same text where it has none
 */
export function redact(text: string): string {
  let redacted = withoutValuesOfKeys(text);
  if (MAY_BE_FORM.test(redacted)) redacted = withoutForms(redacted);
  if (redacted.includes('=')) redacted = redacted.replace(ASSIGNED, '$1=[secret]');
  if (redacted.includes('@')) redacted = redacted.replace(EMAIL, '[email]');
  // The time in milliseconds is near the begin of each line of the log.
  const time = redacted.startsWith('{"level":') ? redacted.indexOf('"time":', 14) : -1;
  DIGITS.lastIndex = time < 0 || time > 20 ? 0 : time + TIME_LENGTH;
  if (DIGITS.test(redacted)) redacted = redacted.replace(PHONE, '[phone]').replace(ID_LIKE, withoutId);
  return redacted;
}

/** `"time":` and 13 digits. */
const TIME_LENGTH = 20;

const withoutForms = (text: string): string =>
  (text.includes('-----BEGIN') ? withoutPem(text) : text)
    .replace(CREDENTIALS, '$1 [secret]')
    .replace(COOKIES, '$1: [secret]')
    .replace(JWT, '[token]')
    .replace(AFTER_SCHEME, plainUrl);

/**
 * What a text has of it, by name and once each, e.g. `['id', 'email']`: for texts that people choose and that are kept or shown to others,
 * which are refused rather than changed.
 */
export const privateThingsIn = (text: string): string[] => {
  const redacted = redact(text);
  if (redacted === text) return [];
  const names = redacted.match(/\[(?:id|phone|email|token|secret|key|query)\]/g) ?? [];
  return [...new Set(names.map((name) => name.slice(1, -1)))];
};

const withoutId = (found: string, start: number, text: string): string =>
  isBareNumber(text, start, start + found.length) ? '0' : '[id]';

const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]{1,40}-----/g;
const PEM_END = /-----END [A-Z0-9 ]{1,40}-----/g;

/**
 * A block that does not end is removed up to the next quote, or to the end of the text. Each end and each quote is searched once, however
 * many blocks begin before it.
 */
function withoutPem(text: string): string {
  const endAfter = lastingSearch((from) => {
    PEM_END.lastIndex = from;
    const found = PEM_END.exec(text);
    return found && { index: found.index, after: found.index + found[0].length };
  });
  const quoteAfter = lastingSearch((from) => {
    const index = text.indexOf('"', from);
    return index < 0 ? null : { index, after: text[index - 1] === '\\' ? index - 1 : index };
  });
  let kept = '';
  let from = 0;
  PEM_BEGIN.lastIndex = 0;
  for (let begin = PEM_BEGIN.exec(text); begin !== null; begin = PEM_BEGIN.exec(text)) {
    const stop = quoteAfter(begin.index)?.after ?? text.length;
    const end = endAfter(begin.index);
    kept += `${text.slice(from, begin.index)}[key]`;
    from = end !== null && end.index < stop ? end.after : stop;
    PEM_BEGIN.lastIndex = from;
  }
  return kept + text.slice(from);
}

interface Place {
  readonly index: number;
  /** Where the text goes on. */
  readonly after: number;
}

/** A search from places that only move forward: what it found stays the answer until a search begins after it. */
function lastingSearch(search: (from: number) => Place | null): (from: number) => Place | null {
  let found: Place | null | undefined;
  return (from) => {
    if (found === undefined || (found !== null && found.index < from)) found = search(from);
    return found;
  };
}
