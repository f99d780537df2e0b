// Scanner of the mapping language: reads tokens from the source on demand.
// Every failure is a MappingSyntaxError at the offset where reading stopped.

import { isExactNumber, readNumber } from '../../exact-number.ts';
import { MappingSyntaxError } from './syntax-error.ts';

export interface Scanner {
  /** Offset of the next unread character. The parser may reset it to an earlier offset. */
  at: number;
  /** Skips white space, line breaks and `#` comments. */
  skip(): void;
  /** True when the text comes next. Reads nothing. */
  peek(text: string): boolean;
  /** Reads the text if it comes next. Returns whether it did. */
  accept(text: string): boolean;
  /** Reads the text, or fails. */
  expect(text: string, hint?: string): void;
  atEnd(): boolean;
  atIdentifier(): boolean;
  atQuote(): boolean;
  atNumber(): boolean;
  identifier(what: string): string;
  /** Reads `[size]` of the key `page[size]`, where a colon follows; else nothing. */
  brackets(): string;
  string(): string;
  /** @param exponents whether the version has exponents */
  number(exponents: boolean): number;
  fail(expected: string, hint?: string, position?: number): never;
}

const SPACE = new Set([' ', '\t', '\r', '\n', '\uFEFF']);
const LETTER = /[A-Za-z_]/;
const NAME = /[A-Za-z_][0-9A-Za-z_]*/y;
// `6.` is a number; in `6.key` the point begins a step. White space and comments may follow the sign.
const NUMBER = /(?:-(?:[ \t\r\n]|#[^\n]*\n)*)?(?:[0-9]+(?:\.[0-9]+|\.(?![A-Za-z_"'.]))?|\.[0-9]+)/y;
const BRACKETS = /(?:\[[\w.-]*\])+(?=[ \t\r\n]*:)/y;
const EXPONENT = /[eE][+-]?[0-9]+/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The number as JSON writes it: `.5` is `0.5`, `6.` is `6`, `007` is `7`. */
function jsonNumber(text: string): string {
  const [, sign, whole, fraction, exponent] = /^(-?)0*([0-9]*)\.?([0-9]*)(.*)$/.exec(text) ?? [];
  return `${sign}${whole || '0'}${fraction ? `.${fraction}` : ''}${exponent}`;
}

export function createScanner(source: string): Scanner {
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = scanner.at;
    return pattern.exec(source)?.[0];
  };

  const describe = (position: number): string => {
    if (position >= source.length) return 'the end of the mapping';
    NAME.lastIndex = position;
    const name = NAME.exec(source)?.[0];
    if (name !== undefined) return `"${name.length > 40 ? `${name.slice(0, 40)}…` : name}"`;
    const text = String.fromCodePoint(source.codePointAt(position) as number);
    return JSON.stringify(['->', '...', '??', '?!'].find((t) => source.startsWith(t, position)) ?? text);
  };

  const scanner: Scanner = {
    at: 0,
    skip() {
      for (;;) {
        const char = source[scanner.at];
        if (char === '#') {
          const newline = source.indexOf('\n', scanner.at);
          scanner.at = newline === -1 ? source.length : newline + 1;
        } else if (char !== undefined && SPACE.has(char)) scanner.at++;
        else return;
      }
    },
    peek: (text) => source.startsWith(text, scanner.at),
    accept(text) {
      if (!source.startsWith(text, scanner.at)) return false;
      scanner.at += text.length;
      return true;
    },
    expect(text, hint) {
      if (!scanner.accept(text)) scanner.fail(`"${text}"`, hint);
    },
    atEnd: () => scanner.at >= source.length,
    atIdentifier: () => LETTER.test(source[scanner.at] ?? ''),
    atQuote: () => source[scanner.at] === '"' || source[scanner.at] === "'",
    atNumber: () => match(NUMBER) !== undefined,
    identifier(what) {
      const name = match(NAME);
      if (name === undefined) return scanner.fail(what);
      scanner.at += name.length;
      return name;
    },
    brackets() {
      const text = match(BRACKETS) ?? '';
      scanner.at += text.length;
      return text;
    },
    string() {
      const start = scanner.at;
      const quote = source[start] as string;
      let text = '';
      let from = start + 1;
      for (let i = from; i < source.length; i++) {
        const char = source[i] as string;
        if (char === quote) {
          scanner.at = i + 1;
          return text + source.slice(from, i);
        }
        if (char !== '\\') continue;
        const next = source[i + 1];
        const hex = next === 'u' ? /^[0-9a-fA-F]{4}/.exec(source.slice(i + 2, i + 6))?.[0] : undefined;
        const escaped =
          hex !== undefined
            ? String.fromCharCode(Number.parseInt(hex, 16))
            : next === undefined || !Object.hasOwn(ESCAPES, next)
              ? undefined
              : ESCAPES[next];
        // A backslash before any other character is literal, so that patterns need no double backslashes.
        if (escaped === undefined) continue;
        text += source.slice(from, i) + escaped;
        i += hex === undefined ? 1 : 5;
        from = i + 1;
      }
      scanner.at = source.length;
      return scanner.fail(
        `a closing ${quote === '"' ? 'double' : 'single'} quote`,
        `The text that opens at offset ${start} is never closed`,
      );
    },
    number(exponents) {
      const start = scanner.at;
      const digits = match(NUMBER);
      if (digits === undefined) return scanner.fail('a number');
      scanner.at += digits.length;
      const exponent = match(EXPONENT) ?? '';
      if (exponent !== '' && !exponents) {
        return scanner.fail(
          'a number in decimal digits',
          'Exponents need connect v0.4; before, write all digits',
          start,
        );
      }
      const end = scanner.at + exponent.length;
      scanner.at = start;
      const text = (digits.startsWith('-') ? `-${/[0-9.]*$/.exec(digits)?.[0]}` : digits) + exponent;
      const value = Number(text);
      if (!Number.isFinite(value)) return scanner.fail('a number within the range of a 64-bit float');
      if (isExactNumber(readNumber(jsonNumber(text)))) {
        return scanner.fail('a number that a 64-bit float holds exactly', 'Write it as a string, in quotes');
      }
      scanner.at = end;
      return value;
    },
    fail(expected, hint, position = scanner.at) {
      throw new MappingSyntaxError(source, { position, expected, found: describe(position), hint });
    },
  };
  return scanner;
}
