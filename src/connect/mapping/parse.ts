// Text to tree: the first step of registering a mapping. Called by `connect/` for selections, bodies and templates.
// Accepts the language of connect 0.1–0.4; whatever is wrong is a MappingSyntaxError, never anything else.

import type { Entry, Mapping, MappingVersion, Selection } from './ast.ts';
import { checkMethods } from './check-methods.ts';
import { createExpressionReader } from './parse-expressions.ts';
import { createScanner, type Scanner } from './scan.ts';
import { MappingSyntaxError } from './syntax-error.ts';

export interface ParseOptions {
  /** The connect spec version of the subgraph's `@link`. */
  readonly version: MappingVersion;
  /** True when the subgraph links our extension namespace (`specs.lienthong.example/mapping`). */
  readonly extensions: boolean;
}

/**
 * Reads a selection mapping (`selection`, `body`, `isSuccess`, `errors.*`, `path`, `queryParams`).
 * @throws MappingSyntaxError
 */
export const parseSelection = (source: string, options: ParseOptions): Mapping =>
  checked(source, options, (parser) => parser.mapping());

/**
 * Reads one expression, as it stands in `{…}` of a template or in a header value.
 * @throws MappingSyntaxError
 */
export const parseExpression = (source: string, options: ParseOptions): Mapping =>
  checked(source, options, (parser) => parser.expressionMapping());

function checked(source: string, options: ParseOptions, read: (parser: Parser) => Mapping): Mapping {
  const mapping = read(createParser(createScanner(source), options.version));
  const [fault] = checkMethods(mapping, options);
  if (fault !== undefined) throw new MappingSyntaxError(source, fault);
  return mapping;
}

interface Parser {
  mapping(): Mapping;
  expressionMapping(): Mapping;
}

function createParser(scan: Scanner, version: MappingVersion): Parser {
  const reader = createExpressionReader(scan, version, () => selection());
  const { since, nested, expression, path, tail, withChain, atStepOrChain, key } = reader;

  // ── mappings ──────────────────────────────────────────────────────────────
  const mapping = (): Mapping => {
    scan.skip();
    const start = scan.at;
    if (scan.sees('{') || scan.sees('[') || scan.atNumber()) {
      if (!since('0.4')) {
        scan.fail(
          'a key or a path',
          'Write a literal as $( … ), or link connect v0.4, where it may stand bare',
        );
      }
      return expressionMapping();
    }
    const entries = entriesUntil(() => scan.atEnd(), 'a key, a path or the end of the mapping');
    const [only] = entries;
    if (entries.length === 1 && only?.kind === 'merged' && !only.spread) {
      return { kind: 'mapping', body: only.value, start, end: only.end };
    }
    for (const entry of entries) requireNames(entry);
    return {
      kind: 'mapping',
      body: { kind: 'selection', entries, start, end: scan.at },
      start,
      end: scan.at,
    };
  };

  const expressionMapping = (): Mapping => {
    scan.skip();
    const body = expression();
    scan.skip();
    if (!scan.atEnd()) scan.fail('the end of the expression');
    return { kind: 'mapping', body, start: body.start, end: body.end };
  };

  // ── selections ────────────────────────────────────────────────────────────
  const selection = (): Selection =>
    nested(() => {
      const start = scan.at;
      scan.need('{');
      const entries = entriesUntil(() => scan.sees('}'), 'a key, a path or "}"');
      scan.need('}');
      for (const entry of entries) requireNames(entry);
      return { kind: 'selection', entries, start, end: scan.at };
    });

  const entriesUntil = (ends: () => boolean, expected: string): Entry[] => {
    const entries: Entry[] = [];
    for (;;) {
      scan.skip();
      if (ends()) return entries;
      entries.push(entry(expected));
      scan.skip();
      if (since('0.4')) scan.take(',');
    }
  };

  const entry = (expected: string): Entry => {
    const start = scan.at;
    if (scan.take('...')) {
      if (!since('0.3')) scan.fail('a key or a path', 'Spreads need connect v0.3 or later', start);
      scan.skip();
      const value = scan.sees('{') && since('0.4') ? expression() : withChain(path(true));
      return { kind: 'merged', spread: true, value, start, end: value.end };
    }
    if (scan.atIdentifier() || scan.atQuote()) {
      const name = key();
      const keyEnd = scan.at;
      scan.skip();
      if (scan.take(':')) return aliased(name, start);
      return keyEntry(name, start, keyEnd);
    }
    if (!scan.sees('$') && !scan.sees('@')) scan.fail(expected, separatorHint());
    const value = withChain(path(true));
    return { kind: 'merged', spread: false, value, start, end: value.end };
  };

  const separatorHint = (): string | undefined =>
    scan.sees(',')
      ? 'Keys of a selection stand side by side, without commas'
      : scan.sees('??') || scan.sees('?!')
        ? 'Write a fallback as $( a ?? b )'
        : undefined;

  const aliased = (name: string, start: number): Entry => {
    scan.skip();
    if (scan.sees('{')) {
      const group = selection();
      const end = scan.at;
      scan.skip();
      if (atStepOrChain()) scan.fail('the next key', 'Write steps on an object as $( { … } )');
      scan.at = end;
      return { kind: 'named', key: name, aliased: true, value: group, start, end };
    }
    if (!since('0.4') && (scan.sees('[') || scan.atNumber())) {
      scan.fail('a path or "{"', 'Write a literal as $( … )');
    }
    const value = since('0.4') ? expression() : path(true);
    return { kind: 'named', key: name, aliased: true, value, start, end: value.end };
  };

  const keyEntry = (name: string, start: number, keyEnd: number): Entry => {
    const value = tail({ kind: 'key', name, start, end: keyEnd }, start);
    // `email?` keeps its key as `email` does: the mark says only that it may be absent.
    if (value.steps.every((step) => step.kind === 'optional')) {
      return { kind: 'named', key: name, aliased: false, value, start, end: value.end };
    }
    const merged = withChain(value);
    return { kind: 'merged', spread: false, value: merged, start, end: merged.end };
  };

  const requireNames = (entry: Entry): void => {
    if (entry.kind !== 'merged' || entry.spread) return;
    if (entry.value.kind === 'path' && entry.value.selection !== null) return;
    const spread = since('0.3') ? ', a spread ("... path")' : '';
    scan.fail(
      'a named value',
      `Give the path a name ("name: path")${spread} or the keys to take ("path { a b }")`,
      entry.start,
    );
  };

  return { mapping, expressionMapping };
}
