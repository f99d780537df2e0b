// Header rules, compiled: constants once, templates per call, `from` copied from the client's own request.
// Connect's headers win over the source's of the same name.

import type { MappingVariables, VariableUse } from '../mapping/index.ts';
import type { HeaderRule } from '../read/model.ts';
import { renderPlain, type TemplatePart, usesOf, withoutLayout } from './template.ts';

/** Headers that a connector may not set: the transport's own. */
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
  /** Lower-case name of the client's header to copy. */
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
      rule.parts === undefined ? rule : { ...rule, parts: withoutLayout(rule.parts) },
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
 * A header value cannot hold line breaks or control characters: they end here, not in another header. A letter outside
 * ASCII travels as the bytes of its UTF-8 form, which is how the transport reads a character per byte.
 */
function headerText(value: string): string {
  if (!/[^\t\x20-\x7e]/.test(value)) return value;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const text = value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, '');
  return Buffer.from(text, 'utf8').toString('latin1');
}

function clientHeader(vars: MappingVariables, name: string): string | undefined {
  const headers = (vars.request as { headers?: Record<string, unknown> } | undefined)?.headers;
  const value = headers?.[name];
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : undefined;
}

export const isReserved = (rule: HeaderRule): boolean => RESERVED_HEADERS.has(rule.name.toLowerCase());
