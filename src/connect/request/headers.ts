// Compiles header rules: constants are rendered once, templates per call, `from` copies a header of the client's
// request. Of two rules with one name, the later one wins.

import { isUtf8 } from 'node:buffer';
import type { LocalizedText } from '../../errors.ts';
import { isTransportHeader, isWithheldHeader } from '../../header-names.ts';
import type { MappingVariables, VariableUse } from '../mapping/index.ts';
import type { HeaderRule } from '../read/model.ts';
import {
  renderPlain,
  stripLayout,
  type TemplatePart,
  TemplateValueError,
  templateText,
  usesOf,
  WELL_FORMED,
} from './template.ts';

export interface CompiledHeader {
  /** Lower case. */
  readonly name: string;
  readonly parts?: readonly TemplatePart[] | undefined;
  /** Lower-case name of the client header to copy. */
  readonly from?: string | undefined;
}

export interface CompiledHeaders {
  readonly render: (vars: MappingVariables) => Readonly<Record<string, string>>;
  readonly uses: readonly VariableUse[];
}

export function compileHeaders(declared: readonly CompiledHeader[]): CompiledHeaders {
  // A rule that would pass on what a client proves to the gateway is left out; the checks report it.
  const rules = declared.filter(({ from }) => from === undefined || !isWithheldHeader(from));
  const byName = new Map(
    rules.map((rule) => [
      rule.name,
      rule.parts === undefined ? rule : { ...rule, parts: stripLayout(rule.parts) },
    ]),
  );
  const fixed: Record<string, string> = {};
  const varying: CompiledHeader[] = [];
  for (const rule of byName.values()) {
    if (rule.parts?.every((part) => part.mapping === undefined) === true) {
      fixed[rule.name] = constantHeader(renderPlain(rule.parts, {}));
    } else varying.push(rule);
  }
  const uses = varying.flatMap((rule) => usesOf(rule.parts ?? []));
  const constant: Readonly<Record<string, string>> = Object.freeze({ ...fixed });
  if (varying.length === 0) return { render: () => constant, uses };
  const render = (vars: MappingVariables) => {
    const headers: Record<string, string> = { ...constant };
    for (const rule of varying) {
      const value =
        rule.parts === undefined
          ? clientHeader(vars, rule.from ?? rule.name)
          : renderHeader(rule.name, rule.parts, vars);
      if (value !== undefined && value !== '') headers[rule.name] = value;
    }
    return headers;
  };
  return { render, uses };
}

/** @throws TemplateValueError for a value that would arrive as another value, or as another header */
function renderHeader(name: string, parts: readonly TemplatePart[], vars: MappingVariables): string {
  let out = '';
  for (const [index, part] of parts.entries()) {
    if (part.mapping === undefined) {
      out += part.text;
      continue;
    }
    const text = templateText(part.mapping.run(vars.this, vars), part);
    if (!text.isWellFormed()) throw new TemplateValueError(part, WELL_FORMED, 'half a surrogate pair');
    if (CONTROL.test(text))
      throw new TemplateValueError(part, HEADER_VALUE, 'a text with control characters');
    if (name === 'cookie' && parts.length > 1 && !COOKIE_VALUE.test(text)) {
      throw new TemplateValueError(part, COOKIE_TEXT, 'a text that would end the cookie');
    }
    // HTTP removes white space around a header.
    if ((index === 0 && /^[ \t]/.test(text)) || (index === parts.length - 1 && /[ \t]$/.test(text))) {
      throw new TemplateValueError(part, HEADER_VALUE, 'a text with white space at an end');
    }
    out += text;
  }
  return headerBytes(out);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that a header cannot carry
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** RFC 6265: a semicolon would begin another cookie. */
const COOKIE_VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

const COOKIE_TEXT: LocalizedText = {
  vi: 'giá trị của một cookie: chữ ASCII không có khoảng trắng, dấu nháy, dấu phẩy, dấu chấm phẩy hay dấu gạch chéo ngược',
  en: 'the value of a cookie: ASCII without white space, quotes, commas, semicolons or backslashes',
};

const HEADER_VALUE: LocalizedText = {
  vi: 'văn bản đứng được trong một tiêu đề HTTP: không có ký tự điều khiển, không có khoảng trắng ở hai đầu',
  en: 'a text for an HTTP header: without control characters, and without white space at its ends',
};

/** A header as the connector's author wrote it: without control characters. */
const constantHeader = (text: string): string => headerBytes(text.replace(new RegExp(CONTROL, 'g'), ''));

/** Text outside ASCII as the bytes of its UTF-8 form, because the transport writes each character as one byte. */
const headerBytes = (text: string): string =>
  /[^\t\x20-\x7e]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;

/** A header of the client's request. As received its characters are bytes already; in a list it has been decoded. */
function clientHeader(vars: MappingVariables, name: string): string | undefined {
  const headers = (vars.request as { headers?: Record<string, unknown> } | undefined)?.headers;
  const value = headers?.[name];
  if (Array.isArray(value)) return headerBytes(value.join(', '));
  return typeof value === 'string' ? value : undefined;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Headers as mappings read them (`$request.headers`, `$response.headers`): each value is a list of texts. */
export function headerLists(headers: Headers | undefined): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined) lists[name] = (typeof value === 'string' ? [value] : value).map(headerText);
  }
  return lists;
}

/** `$request.headers`: the headers of the client's request without those that no source receives. */
export function clientHeaderLists(headers: Headers | undefined): Record<string, readonly string[]> {
  const lists = headerLists(headers);
  for (const name of Object.keys(lists)) if (isWithheldHeader(name)) delete lists[name];
  return lists;
}

/** The text of a header whose characters are its bytes: UTF-8 where the bytes are, otherwise Latin-1. */
function headerText(received: string): string {
  if (!/[\x80-\xff]/.test(received)) return received;
  const bytes = Buffer.from(received, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : received;
}

export const isReserved = (rule: HeaderRule): boolean => isTransportHeader(rule.name);
