// Compiles the URL of a connector: the base is resolved once, variable parts are rendered and percent-encoded per call.
// Path and query are in the order of the connect spec: source URL, source mapping, connect URL, connect mapping.

import { isComposite } from '../../exact-number.ts';
import type { CompiledMapping, MappingVariables, VariableUse } from '../mapping/index.ts';
import { checkedSegment, compilePath, type Piece } from './path.ts';
import {
  percentEncoded,
  stripLayout,
  type TemplatePart,
  TemplateValueError,
  templateText,
  usesOf,
} from './template.ts';

export interface UrlParts {
  /** Base URL of the source; undefined when the connect URL is absolute. */
  readonly base: readonly TemplatePart[] | undefined;
  readonly url: readonly TemplatePart[];
  readonly sourcePath?: CompiledMapping | undefined;
  readonly sourceQuery?: CompiledMapping | undefined;
  readonly path?: CompiledMapping | undefined;
  readonly query?: CompiledMapping | undefined;
}

export interface CompiledUrl {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query of a call, starting with `/`. @throws TemplateValueError for a value that its place cannot hold */
  readonly path: (vars: MappingVariables) => string;
  readonly uses: readonly VariableUse[];
}

export class UrlError extends Error {
  override readonly name = 'UrlError';
  readonly code: 'InvalidUrl' | 'InvalidUrlScheme';

  constructor(code: 'InvalidUrl' | 'InvalidUrlScheme', message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * @param constants `$config` and `$env`, the only variables that scheme, host and base URL may use
 * @throws UrlError when the base is not an http(s) URL
 */
export function compileUrl(parts: UrlParts, constants: MappingVariables): CompiledUrl {
  const url = stripLayout(parts.url);
  const { base, relative } =
    parts.base === undefined
      ? splitAbsolute(url, constants)
      : { base: renderBase(stripLayout(parts.base), constants), relative: url };
  const baseUrl = parseBase(base);
  const { path, query } = splitQuery(relative);

  // Settings that make up a base URL may end in a slash or not.
  const basePath = baseUrl.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  const baseQuery = baseUrl.search.slice(1);
  const renderPath = compilePath(joinSlash(path));
  const mappings = [parts.sourcePath, parts.sourceQuery, parts.path, parts.query].filter(
    (mapping) => mapping !== undefined,
  );

  const render = (vars: MappingVariables): string => {
    let out = basePath;
    if (parts.sourcePath !== undefined) out += renderSegments(parts.sourcePath, vars);
    out += renderPath(vars);
    const more = parts.path === undefined ? '' : renderSegments(parts.path, vars);
    if (more !== '') out = out.replace(/\/$/, '') + more;
    if (out === '') out = '/';
    const search = [
      baseQuery,
      parts.sourceQuery === undefined ? '' : renderParameters(parts.sourceQuery, vars),
      renderPieces(query, vars),
      parts.query === undefined ? '' : renderParameters(parts.query, vars),
    ].filter((text) => text !== '');
    return search.length === 0 ? out : `${out}?${search.join('&')}`;
  };
  // The common case: no mappings, and no query in the base URL.
  const renderSimple = (vars: MappingVariables): string => {
    const out = basePath + renderPath(vars);
    const search = renderPieces(query, vars);
    return search === '' ? out || '/' : `${out || '/'}?${search}`;
  };

  return {
    origin: baseUrl.origin,
    path: mappings.length === 0 && baseQuery === '' ? renderSimple : render,
    uses: [...usesOf(parts.url), ...mappings.flatMap((mapping) => mapping.uses)],
  };
}

/** Group 1: scheme and host; group 2: what follows them, if the text continues. */
const ORIGIN = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)([/?#][\s\S]*)?$/i;

/** The base URL as text. Values after scheme and host are percent-encoded; values in scheme and host are not. */
function renderBase(parts: readonly TemplatePart[], constants: MappingVariables): string {
  let text = '';
  for (const part of parts) {
    if (part.mapping === undefined) text += part.text;
    else {
      const value = templateText(part.mapping.run(undefined, constants), part);
      text += ORIGIN.exec(text)?.[2] === undefined ? value : encodeURIComponent(value);
    }
  }
  return text.trim();
}

/** Splits an absolute URL after its host. */
function splitAbsolute(url: readonly TemplatePart[], constants: MappingVariables) {
  let text = '';
  for (const [index, part] of url.entries()) {
    if (part.mapping === undefined) text += part.text;
    else if (part.mapping.uses.every(({ variable }) => variable === '$config' || variable === '$env')) {
      text += templateText(part.mapping.run(undefined, constants), part);
    } else
      throw new UrlError(
        'InvalidUrl',
        `Scheme and host cannot come from {${part.source}}: only from $config and $env.`,
      );
    const [, base, path] = ORIGIN.exec(text) ?? [];
    const rest = url.slice(index + 1);
    if (base === undefined || (path === undefined && rest.length > 0)) continue;
    return { base, relative: [{ text: path ?? '', start: part.start }, ...rest] as TemplatePart[] };
  }
  throw new UrlError('InvalidUrl', 'The URL does not begin with a scheme and a host.');
}

function parseBase(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UrlError('InvalidUrl', `The base URL is not a URL: ${JSON.stringify(text)}.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UrlError(
      'InvalidUrlScheme',
      `The base URL must be http or https, not ${url.protocol.slice(0, -1)}.`,
    );
  }
  return url;
}

/** Splits at the first `?` of the constant texts and drops a fragment. Constants are encoded here. */
function splitQuery(parts: readonly TemplatePart[]): { path: Piece[]; query: Piece[] } {
  const path: Piece[] = [];
  const query: Piece[] = [];
  let target = path;
  for (const part of parts) {
    if (part.mapping !== undefined) {
      target.push({ mapping: part.mapping, source: part.source });
      continue;
    }
    let text = part.text;
    const hash = text.indexOf('#');
    const cut = hash !== -1;
    if (cut) text = text.slice(0, hash);
    const question = target === path ? text.indexOf('?') : -1;
    if (question !== -1) {
      path.push(encodeConstant(text.slice(0, question)));
      target = query;
      text = text.slice(question + 1);
    }
    target.push(encodeConstant(text));
    if (cut) break;
  }
  return { path: path.filter((p) => p !== ''), query: query.filter((p) => p !== '') };
}

/** Encodes only the characters that a URL must not contain; `%41` in a constant is kept. */
const encodeConstant = (text: string): string =>
  text.replace(/[^\u0021-\u007e]|["<>\\^`{|}]/gu, (c) => encodeURIComponent(c));

/** Makes a path begin with exactly one slash, unless it is empty. */
function joinSlash(path: readonly Piece[]): Piece[] {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  if (typeof first !== 'string') return ['/', ...path];
  return [`/${first.replace(/^\/+/, '')}`, ...rest];
}

function renderPieces(pieces: readonly Piece[], vars: MappingVariables): string {
  let out = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') out += piece;
    else out += percentEncoded(templateText(piece.mapping.run(vars.this, vars), piece), piece);
  }
  return out;
}

/** `["a", null, "b c"]` → `/a/b%20c` */
function renderSegments(mapping: CompiledMapping, vars: MappingVariables): string {
  const value = mapping.run(undefined, vars);
  const origin = { source: 'path', mapping };
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) {
    throw new TemplateValueError(
      origin,
      { vi: 'danh sách các đoạn của đường dẫn', en: 'a list of segments' },
      'another value',
    );
  }
  let out = '';
  for (const item of value) {
    if (item === null || item === undefined) continue;
    out += `/${checkedSegment(percentEncoded(templateText(item, origin), origin), origin)}`;
  }
  return out;
}

/** `{ a: 1, b: [2, 3], c: null }` → `a=1&b=2&b=3` */
function renderParameters(mapping: CompiledMapping, vars: MappingVariables): string {
  const value = mapping.run(undefined, vars);
  if (value === null || value === undefined) return '';
  const origin = { source: 'queryParams', mapping };
  if (!isComposite(value) || Array.isArray(value)) {
    throw new TemplateValueError(
      origin,
      { vi: 'đối tượng gồm các tham số', en: 'an object of parameters' },
      'another value',
    );
  }
  const out: string[] = [];
  for (const [key, entry] of Object.entries(value)) {
    const parameter = { source: key, mapping };
    for (const item of Array.isArray(entry) ? entry : [entry]) {
      if (item === null || item === undefined) continue;
      const text = percentEncoded(templateText(item, parameter), parameter);
      out.push(`${percentEncoded(key, parameter)}=${text}`);
    }
  }
  return out.join('&');
}
