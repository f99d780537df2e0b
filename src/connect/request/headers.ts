// Compiles header rules: constants are rendered once, templates per call, `from` copies a header of the client's
// request. Of two rules with one name, the later one wins.

import type { MappingVariables, VariableUse } from '../mapping/index.ts';
import type { HeaderRule } from '../read/model.ts';
import { renderPlain, stripLayout, type TemplatePart, usesOf } from './template.ts';

/** Headers that the transport sets and a connector must not. */
export const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

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

export function compileHeaders(rules: readonly CompiledHeader[]): CompiledHeaders {
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
      fixed[rule.name] = headerText(renderPlain(rule.parts, {}));
    } else varying.push(rule);
  }
  const uses = varying.flatMap((rule) => usesOf(rule.parts ?? []));
  const constant: Readonly<Record<string, string>> = Object.freeze({ ...fixed });
  if (varying.length === 0) return { render: () => constant, uses };
  const render = (vars: MappingVariables) => {
    const headers: Record<string, string> = { ...constant };
    for (const rule of varying) {
      const value =
        rule.parts === undefined ? clientHeader(vars, rule.from ?? rule.name) : renderPlain(rule.parts, vars);
      if (value !== undefined && value !== '') headers[rule.name] = headerText(value);
    }
    return headers;
  };
  return { render, uses };
}

/**
 * Removes line breaks and control characters, which could start another header, and converts characters outside ASCII
 * to the bytes of their UTF-8 form, because the transport writes each character as one byte.
 */
function headerText(value: string): string {
  if (!/[^\t\x20-\x7e]/.test(value)) return value;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters to remove
  const text = value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, '');
  return Buffer.from(text, 'utf8').toString('latin1');
}

function clientHeader(vars: MappingVariables, name: string): string | undefined {
  const headers = (vars.request as { headers?: Record<string, unknown> } | undefined)?.headers;
  const value = headers?.[name];
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : undefined;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Headers as mappings read them (`$request.headers`, `$response.headers`): each value is a list. */
export function headerLists(headers: Headers | undefined): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined) lists[name] = typeof value === 'string' ? [value] : value;
  }
  return lists;
}

export const isReserved = (rule: HeaderRule): boolean => RESERVED_HEADERS.has(rule.name.toLowerCase());
