// Parser of mappings and selections. Accepts the language of connect 0.1 to 0.4 and throws MappingSyntaxError only.

import type { Entry, Mapping, MappingVersion, Selection } from './ast.ts';
import { checkMethods } from './check-methods.ts';
import { createExpressionReader } from './parse-expressions.ts';
import { createScanner, type Scanner } from './scan.ts';
import { MappingSyntaxError } from './syntax-error.ts';

export interface ParseOptions {
  /** The connect spec version of the subgraph's `@link`. */
  readonly version: MappingVersion;
  /** True when the subgraph links the extension namespace (`specs.lienthong.example/mapping`). */
  readonly extensions: boolean;
}

/**
 * Parses a mapping (`selection`, `body`, `isSuccess`, `errors.*`, `path`, `queryParams`).
 * @throws MappingSyntaxError
 */
export const parseSelection = (source: string, options: ParseOptions): Mapping =>
  parseAndCheck(source, options, (parser) => parser.mapping());

/**
 * Parses a single expression: the content of `{…}` in a template.
 * @throws MappingSyntaxError
 */
export const parseExpression = (source: string, options: ParseOptions): Mapping =>
  parseAndCheck(source, options, (parser) => parser.expressionMapping());

function parseAndCheck(source: string, options: ParseOptions, read: (parser: Parser) => Mapping): Mapping {
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
  const { supports, nested, expression, path, tail, withChain, atStepOrChain, key } = reader;

  // ── mappings ──────────────────────────────────────────────────────────────
  const mapping = (): Mapping => {
    scan.skip();
    const start = scan.at;
    if (scan.peek('{') || scan.peek('[') || scan.atNumber()) {
      if (!supports('0.4')) {
        scan.fail(
          'a key or a path',
          'Write a literal as $( … ), or link connect v0.4, which allows bare literals',
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
      scan.expect('{');
      const entries = entriesUntil(() => scan.peek('}'), 'a key, a path or "}"');
      scan.expect('}');
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
      if (supports('0.4')) scan.accept(',');
    }
  };

  const entry = (expected: string): Entry => {
    const start = scan.at;
    if (scan.accept('...')) {
      if (!supports('0.3')) scan.fail('a key or a path', 'Spreads need connect v0.3 or later', start);
      scan.skip();
      const value = scan.peek('{') && supports('0.4') ? expression() : withChain(path(true));
      return { kind: 'merged', spread: true, value, start, end: value.end };
    }
    if (scan.atIdentifier() || scan.atQuote()) {
      const name = key();
      const keyEnd = scan.at;
      scan.skip();
      if (scan.accept(':')) return aliased(name, start);
      return keyEntry(name, start, keyEnd);
    }
    if (!scan.peek('$') && !scan.peek('@')) scan.fail(expected, separatorHint());
    const value = withChain(path(true));
    return { kind: 'merged', spread: false, value, start, end: value.end };
  };

  const separatorHint = (): string | undefined =>
    scan.peek(',')
      ? 'Separate the keys of a selection by white space, not by commas'
      : scan.peek('??') || scan.peek('?!')
        ? 'Write a fallback as $( a ?? b )'
        : undefined;

  const aliased = (name: string, start: number): Entry => {
    scan.skip();
    if (scan.peek('{')) {
      const group = selection();
      const end = scan.at;
      scan.skip();
      if (atStepOrChain()) scan.fail('the next key', 'Write steps on an object as $( { … } )');
      scan.at = end;
      return { kind: 'named', key: name, aliased: true, value: group, start, end };
    }
    if (!supports('0.4') && (scan.peek('[') || scan.atNumber())) {
      scan.fail('a path or "{"', 'Write a literal as $( … )');
    }
    const value = supports('0.4') ? expression() : path(true);
    return { kind: 'named', key: name, aliased: true, value, start, end: value.end };
  };

  const keyEntry = (name: string, start: number, keyEnd: number): Entry => {
    const value = tail({ kind: 'key', name, start, end: keyEnd }, start);
    // `email?` keeps the key `email`: the mark only makes the value optional.
    if (value.steps.every((step) => step.kind === 'optional')) {
      return { kind: 'named', key: name, aliased: false, value, start, end: value.end };
    }
    const merged = withChain(value);
    return { kind: 'merged', spread: false, value: merged, start, end: merged.end };
  };

  const requireNames = (entry: Entry): void => {
    if (entry.kind !== 'merged' || entry.spread) return;
    if (entry.value.kind === 'path' && entry.value.selection !== null) return;
    const spread = supports('0.3') ? ', spread it ("... path")' : '';
    scan.fail(
      'a named value',
      `Name the path ("name: path")${spread} or select keys of it ("path { a b }")`,
      entry.start,
    );
  };

  return { mapping, expressionMapping };
}
