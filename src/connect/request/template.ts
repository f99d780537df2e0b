// `{expression}` templates of URLs and headers. A compiled template is a list of constant texts and compiled mappings.

import type { LocalizedText } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import {
  type CompiledMapping,
  compileMapping,
  MappingSyntaxError,
  type MappingVariables,
  parseExpression,
  type VariableUse,
} from '../mapping/index.ts';

/** A constant text or an expression, with its offset in the template. */
export type TemplatePart =
  | { readonly text: string; readonly mapping?: undefined; readonly start: number }
  | { readonly mapping: CompiledMapping; readonly source: string; readonly start: number };

export interface LanguageOptions {
  readonly version: '0.1' | '0.2' | '0.3' | '0.4';
  readonly extensions: boolean;
}

/** @throws MappingSyntaxError with an offset into the whole template */
export function compileTemplate(source: string, language: LanguageOptions): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let textStart = 0;
  let at = 0;
  const pushText = (end: number) => {
    if (end > textStart) parts.push({ text: source.slice(textStart, end), start: textStart });
  };
  while (at < source.length) {
    if (source[at] !== '{') {
      at += 1;
      continue;
    }
    pushText(at);
    const end = endOfExpression(source, at + 1);
    if (end === -1) {
      throw new MappingSyntaxError(source, {
        position: at,
        expected: '"}" to close the expression',
        found: 'the end',
      });
    }
    const expression = source.slice(at + 1, end);
    try {
      const mapping = compileMapping(parseExpression(expression, language));
      parts.push({ mapping, source: expression, start: at });
    } catch (error) {
      if (!(error instanceof MappingSyntaxError)) throw error;
      const { expected, found, hint } = error;
      throw new MappingSyntaxError(source, { position: at + 1 + error.position, expected, found, hint });
    }
    at = end + 1;
    textStart = at;
  }
  pushText(source.length);
  return parts;
}

/** Index of the `}` that closes the expression starting at `from`, or -1. Skips strings and nested braces. */
function endOfExpression(source: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let i = from; i < source.length; i++) {
    const c = source[i] as string;
    if (quote !== '') {
      if (c === '\\') i += 1;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '{') depth += 1;
    else if (c === '}') {
      if (depth === 0) return i;
      depth -= 1;
    }
  }
  return -1;
}

/** The expression that produced a value: its text, and the variables that it reads. */
export interface ValueOrigin {
  readonly source: string;
  readonly mapping?: Pick<CompiledMapping, 'uses'> | undefined;
}

/** Thrown when a request cannot hold the value of an expression. The message names the expression, never the value. */
export class TemplateValueError extends Error {
  override readonly name = 'TemplateValueError';
  /** The variables that the value comes from. */
  readonly uses: readonly VariableUse[];
  /** What the value must be, for clients. */
  readonly expected: LocalizedText;

  constructor(origin: ValueOrigin, expected: LocalizedText, found: string) {
    super(`{${origin.source}} must be ${expected.en}, not ${found}`);
    this.uses = origin.mapping?.uses ?? [];
    this.expected = expected;
  }
}

/**
 * The text of a value in a template: empty for null and missing.
 * @throws TemplateValueError for a list or an object
 */
export function templateText(value: unknown, origin: ValueOrigin): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (isComposite(value)) {
    throw new TemplateValueError(origin, SCALAR, Array.isArray(value) ? 'a list' : 'an object');
  }
  return String(value);
}

const SCALAR: LocalizedText = { vi: 'chuỗi, số hoặc giá trị đúng/sai', en: 'a string, number or boolean' };

/** @throws TemplateValueError for a text with half a surrogate pair, which has no percent-encoded form */
export function percentEncoded(text: string, origin: ValueOrigin): string {
  if (!text.isWellFormed()) throw new TemplateValueError(origin, WELL_FORMED, 'half a surrogate pair');
  return encodeURIComponent(text);
}

export const WELL_FORMED: LocalizedText = { vi: 'văn bản Unicode hợp lệ', en: 'well-formed Unicode text' };

/** Removes white space at both ends of a template, and line breaks with the white space around them. */
export const stripLayout = (parts: readonly TemplatePart[]): TemplatePart[] =>
  parts.map((part, index) => {
    if (part.mapping !== undefined) return part;
    let text = joinLines(part.text);
    if (index === 0) text = text.trimStart();
    if (index === parts.length - 1) text = text.trimEnd();
    return { ...part, text };
  });

/** Removes line breaks and the white space around them. */
function joinLines(text: string): string {
  const lines = text.split(/[\r\n]/);
  const last = lines.length - 1;
  return lines
    .map((line, i) => (i === 0 ? line : line.trimStart()))
    .map((line, i) => (i === last ? line : line.trimEnd()))
    .join('');
}

/** Renders a template without encoding its values. */
export function renderPlain(parts: readonly TemplatePart[], vars: MappingVariables): string {
  let out = '';
  for (const part of parts) {
    out += part.mapping === undefined ? part.text : templateText(part.mapping.run(vars.this, vars), part);
  }
  return out;
}

export const usesOf = (parts: readonly TemplatePart[]): VariableUse[] =>
  parts.flatMap((part) => (part.mapping === undefined ? [] : [...part.mapping.uses]));
